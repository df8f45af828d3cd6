package s3

import (
	"errors"
	"fmt"
	"strings"
)

// maxName is the longest name of an object, in bytes.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
const maxName = 1024

// safe is what S3 says any program takes as it is in a name.
const safe = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./"

// isSafe reports whether text is made of safe characters.
func isSafe(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return !strings.ContainsRune(safe, r) }) < 0
}

// isPath reports whether text is parts of safe characters between slashes, none
// of which a program on the way might take for another.
func isPath(text string) bool {
	for part := range strings.SplitSeq(text, "/") {
		if part == "" || part == "." || part == ".." {
			return false
		}
	}
	return isSafe(text)
}

// name returns the name of the key's object.
func (s *Store) name(key string) (string, error) {
	switch n := len(s.prefix) + len(key); {
	case key == "":
		return "", errors.New("the key is empty")
	case !isPath(key):
		return "", errors.New("the key has a character other than letters, digits, -, _, . and /, or a part that is empty, . or ..")
	case n > maxName:
		return "", fmt.Errorf("the key is too long: its object's name would be %d bytes, over the %d of S3: use a shorter id or prefix", n, maxName)
	}
	return s.prefix + key, nil
}

// key returns the key whose object has the name, if there is one.
func (s *Store) key(name string) (key string, ok bool) {
	key, ok = strings.CutPrefix(name, s.prefix)
	return key, ok && isPath(key)
}
