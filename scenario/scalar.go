package scenario

import (
	"encoding/json"
	"regexp"
	"strings"
)

// word is a text that is the same in YAML with quotes and without, anywhere.
var word = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_.-]*( [A-Za-z0-9_.-]+)*$`)

// scalar writes a text, quoted unless it is plain words that mean no other kind
// of value.
func scalar(s string) string {
	switch strings.ToLower(s) {
	case "null", "true", "false", "yes", "no", "on", "off", "y", "n":
	default:
		if word.MatchString(s) {
			return s
		}
	}
	// JSON's strings are YAML's, but for the escape of a slash, which Go never
	// writes.
	data, err := json.Marshal(s)
	if err != nil { // a string always has a JSON form
		panic(err)
	}
	return string(data)
}
