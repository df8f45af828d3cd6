package s3

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"strconv"
)

const (
	// magic begins every record.
	magic = "prowatch-record "

	// format is the number of the format that this code reads and writes.
	format = 1

	// tokenBytes is the length of a token before it is written as hex.
	tokenBytes = 16
)

// The ways in which an object can be no record.
var (
	errForeign = errors.New("is no record of prowatch: restore it from a backup, or move it away to start afresh")
	errTorn    = errors.New("is torn or was edited: restore it from a backup, or move it away to start afresh")
	errNewer   = errors.New("has a newer format than this prowatch knows: upgrade prowatch")
)

// encode returns the content of a record's object. It holds a copy of the data.
func encode(data []byte, token string) []byte { return append(header(data, token), data...) }

func header(data []byte, token string) []byte {
	return fmt.Appendf(nil, "%s%d %s %d %x\n", magic, format, token, len(data), sha256.Sum256(data))
}

// decode reads what encode wrote. Whatever differs by a byte is an error.
func decode(content []byte) (data []byte, token string, err error) {
	if !bytes.HasPrefix(content, []byte(magic)) {
		return nil, "", errForeign
	}
	line, data, _ := bytes.Cut(content, []byte{'\n'})
	fields := bytes.Split(line, []byte{' '})
	switch n, err := strconv.ParseUint(string(fields[1]), 10, 64); {
	case err == nil && n > format:
		return nil, "", errNewer
	case len(fields) < 3 || len(fields[2]) != 2*tokenBytes:
		return nil, "", errTorn
	}
	token = string(fields[2])
	if !bytes.HasPrefix(content, header(data, token)) {
		return nil, "", errTorn
	}
	return data, token, nil
}

// read returns an object's content, or only the start of one that is no record
// and may have any size.
func read(body io.Reader) ([]byte, error) {
	b := bufio.NewReader(body)
	start, err := b.Peek(len(magic))
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if string(start) != magic {
		return bytes.Clone(start), nil
	}
	return io.ReadAll(b)
}
