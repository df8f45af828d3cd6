package file

import (
	"errors"
	"fmt"
	"strings"
)

const (
	// suffix marks the files that are records. With it, no key is a name that
	// begins with a dot, or ends with one, which Windows would drop.
	suffix = ".record"

	// maxName is the longest file name of the usual file systems, in bytes.
	// Names are ASCII, so that those which count characters agree.
	maxName = 255
)

// fileName returns the name of the key's file. No two keys have names that are
// equal where case is ignored.
func fileName(key string) (string, error) {
	if key == "" {
		return "", errors.New("the key is empty")
	}
	var b strings.Builder
	for i := range len(key) {
		escape(&b, key[i], i == 0 && (key[0] == '.' || isDevice(key)))
	}
	b.WriteString(suffix)
	if b.Len() > maxName {
		return "", fmt.Errorf("the key is too long: its file name would be %d bytes, over the %d that file systems allow: use a shorter id", b.Len(), maxName)
	}
	return b.String(), nil
}

// escape writes one byte of a key, always as hex if it must.
func escape(b *strings.Builder, c byte, must bool) {
	switch {
	case must:
		fmt.Fprintf(b, "%%%02x", c)
	case 'a' <= c && c <= 'z', '0' <= c && c <= '9', c == '-', c == '_', c == '.':
		b.WriteByte(c)
	case c == '/':
		b.WriteByte('+')
	case 'A' <= c && c <= 'Z':
		b.WriteByte('!')
		b.WriteByte(c - 'A' + 'a')
	default:
		fmt.Fprintf(b, "%%%02x", c)
	}
}

// isDevice reports whether Windows would take the key's file for a device:
// what counts is the name up to its first dot.
// https://learn.microsoft.com/windows/win32/fileio/naming-a-file
func isDevice(key string) bool {
	base, _, _ := strings.Cut(key, ".")
	switch base {
	case "con", "prn", "aux", "nul":
		return true
	}
	return len(base) == 4 && '0' <= base[3] && base[3] <= '9' && (base[:3] == "com" || base[:3] == "lpt")
}

// keyOf returns the key whose file has the name, if there is one.
func keyOf(name string) (key string, ok bool) {
	escaped, ok := strings.CutSuffix(name, suffix)
	if !ok {
		return "", false
	}
	var b strings.Builder
	for i := 0; i < len(escaped); i++ {
		c := escaped[i]
		switch rest := escaped[i+1:]; {
		case c == '+':
			c = '/'
		case c == '!' && rest != "":
			c = rest[0] - 'a' + 'A'
			i++
		case c == '%' && len(rest) >= 2:
			c = unhex(rest[0])<<4 | unhex(rest[1])
			i += 2
		}
		b.WriteByte(c)
	}
	// Whatever the steps above made of a foreign name does not come back to it.
	again, err := fileName(b.String())
	return b.String(), err == nil && again == name
}

func unhex(c byte) byte {
	if '0' <= c && c <= '9' {
		return c - '0'
	}
	return c - 'a' + 10
}
