package file

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"prowatch/watch"
)

const (
	// magic begins every record.
	magic = "prowatch-record "

	// format is the number of the file format that this code reads and writes.
	format = 1

	// versionBytes is the length of a version before it is written as hex.
	versionBytes = 16
)

type record struct {
	data    []byte
	version string
}

// The ways in which a file can be no record.
var (
	errForeign = errors.New("is no record of prowatch: restore it from a backup, or move it away to start afresh")
	errTorn    = errors.New("is torn or was edited: restore it from a backup, or move it away to start afresh")
	errNewer   = errors.New("has a newer format than this prowatch knows: upgrade prowatch")
)

// encode returns the content of r's file. It holds a copy of the data.
func encode(r record) []byte {
	return append(header(r), r.data...)
}

func header(r record) []byte {
	return fmt.Appendf(nil, "%s%d %s %d %x\n", magic, format, r.version, len(r.data), sha256.Sum256(r.data))
}

// decode reads what encode wrote. Whatever differs by a byte is an error.
func decode(content []byte) (record, error) {
	if bytes.HasPrefix([]byte(magic), content) {
		return record{}, errTorn
	}
	line, data, _ := bytes.Cut(content, []byte{'\n'})
	fields := bytes.Split(line, []byte{' '})
	if !bytes.HasPrefix(content, []byte(magic)) {
		return record{}, errForeign
	}
	switch n, err := strconv.ParseUint(string(fields[1]), 10, 64); {
	case err == nil && n > format:
		return record{}, errNewer
	case len(fields) < 3 || len(fields[2]) != 2*versionBytes:
		return record{}, errTorn
	}
	r := record{data, string(fields[2])}
	if !bytes.HasPrefix(content, header(r)) {
		return record{}, errTorn
	}
	return r, nil
}

// read returns the record in the named file. A missing one is
// [watch.ErrNotFound].
func read(root *os.Root, name string) (record, error) {
	path := filepath.Join(root.Name(), name)
	info, err := root.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return record{}, watch.ErrNotFound
	case err != nil:
		return record{}, mend(path, err)
	case !info.Mode().IsRegular(): // opening a pipe would wait
		return record{}, fmt.Errorf("the file %s %w", path, errForeign)
	}
	content, err := readFile(root, name)
	if errors.Is(err, fs.ErrNotExist) {
		return record{}, watch.ErrNotFound
	}
	if err != nil {
		return record{}, mend(path, err)
	}
	r, err := decode(content)
	if err != nil {
		return record{}, fmt.Errorf("the file %s %w", path, err)
	}
	return r, nil
}

// readFile returns the file's content, or only the start of one that is no
// record and may have any size.
func readFile(root *os.Root, name string) ([]byte, error) {
	f, err := root.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b := bufio.NewReader(f)
	start, err := b.Peek(len(magic))
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if string(start) != magic {
		return bytes.Clone(start), nil
	}
	return io.ReadAll(b)
}
