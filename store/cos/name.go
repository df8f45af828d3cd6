package cos

import (
	"errors"
	"fmt"
	"strings"
)

const (
	// maxNumber is what numbers are taken from. At one save a second it lasts
	// for 30 000 years.
	maxNumber = 999_999_999_999

	// mark stands between the key and the number. It is the delimiter of
	// lists, which must be one character.
	mark = "@"

	// deletedFolder holds an empty object for each key that was ever deleted,
	// so that a list knows of which it must ask. No key has this name, as a
	// dot that begins a part of one is escaped.
	deletedFolder = ".deleted/"

	// maxName is the longest name of an object, in bytes.
	// https://www.tencentcloud.com/document/product/436/13324
	maxName = 850
)

// row returns what the names of a record's objects begin with.
func (s *Store) row(key string) string { return s.prefix + escape(key) + mark }

// name returns the name of a record's n-th object, from 1.
func (s *Store) name(key string, n int64) string {
	return fmt.Sprintf("%s%012d", s.row(key), maxNumber-n)
}

// checkKey refuses a key whose objects COS would refuse.
func (s *Store) checkKey(key string) error {
	if key == "" {
		return errors.New("the key is empty")
	}
	if n := len(s.name(key, 1)) + len(deletedFolder); n > maxName {
		return fmt.Errorf("the key is too long: the names of its objects would be %d bytes, over the %d that COS allows", n, maxName)
	}
	return nil
}

// number returns the number in the name of one of a record's objects.
func number(row, name string) (int64, bool) {
	digits, ok := strings.CutPrefix(name, row)
	var inverted int64
	if !ok || len(digits) != len("000000000000") {
		return 0, false
	}
	for _, d := range digits {
		if d < '0' || d > '9' {
			return 0, false
		}
		inverted = 10*inverted + int64(d-'0')
	}
	return maxNumber - inverted, inverted < maxNumber
}

// escape makes a key, or the start of one, safe for the name of an object:
// letters, digits, "-" and "_" stand for themselves, "." and "/" too unless they
// begin a part, and "=2B" for any other byte, such as 0x2b. The start of a key
// has the start of its name.
func escape(key string) string {
	var b strings.Builder
	begins := true
	for i := range len(key) {
		c := key[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '_', !begins && (c == '.' || c == '/'):
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "=%02X", c)
		}
		begins = c == '/'
	}
	return b.String()
}

// unescape returns the key of a name, if it is one of escape.
func unescape(name string) (key string, ok bool) {
	var b strings.Builder
	for i := 0; i < len(name); i++ {
		c := name[i]
		if c == '=' && i+2 < len(name) {
			if _, err := fmt.Sscanf(name[i+1:i+3], "%02X", &c); err != nil {
				return "", false
			}
			i += 2
		}
		b.WriteByte(c)
	}
	return b.String(), b.Len() > 0 && escape(b.String()) == name
}
