package cos

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"prowatch/store/remote"
)

// The first words of an object. The number is that of the format.
const (
	recordMagic    = "prowatch-record "
	tombstoneMagic = "prowatch-deleted "
	format         = "1"
)

// The ways in which an object can be no record.
var (
	errForeign = errors.New("is no record of prowatch: name another prefix, or remove it to start afresh")
	errTorn    = errors.New("is torn or was edited: remove it to go back to the one before")
	errNewer   = errors.New("has a newer format than this prowatch knows: upgrade prowatch")
)

// An entry is what one object holds: a record, or that it was deleted.
type entry struct {
	token   string // no two have the same
	deleted bool
	data    []byte
}

// encode returns the content of an entry's object. Its first line is
//
//	prowatch-record 1 <token> <bytes of data> <SHA-256 of data, hex>
//	prowatch-deleted 1 <token>
func encode(e entry) []byte {
	if e.deleted {
		return fmt.Appendf(nil, "%s%s %s\n", tombstoneMagic, format, e.token)
	}
	return append(fmt.Appendf(nil, "%s%s %s %d %x\n", recordMagic, format, e.token, len(e.data), sha256.Sum256(e.data)), e.data...)
}

// decode reads what encode wrote. Whatever differs by a byte is an error.
func decode(content []byte) (entry, error) {
	line, data, _ := bytes.Cut(content, []byte{'\n'})
	rest, isRecord := strings.CutPrefix(string(line), recordMagic)
	if !isRecord {
		var isTombstone bool
		if rest, isTombstone = strings.CutPrefix(string(line), tombstoneMagic); !isTombstone {
			return entry{}, errForeign
		}
	}
	fields := strings.Split(rest, " ")
	if n, err := strconv.ParseUint(fields[0], 10, 64); err == nil && n > 1 {
		return entry{}, errNewer
	}
	if len(fields) < 2 || len(fields[1]) != remote.VersionLen {
		return entry{}, errTorn
	}
	e := entry{token: fields[1], deleted: !isRecord, data: data}
	if !bytes.Equal(encode(e), content) {
		return entry{}, errTorn
	}
	return e, nil
}
