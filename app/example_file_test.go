package app

import (
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"prowatch/config"
)

const exampleFile = "../prowatch.example.yaml"

func readExampleFile(t *testing.T) []byte {
	t.Helper()
	data, err := os.ReadFile(exampleFile)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestTheExampleFileLoads sets what its references name, and makes all channels.
func TestTheExampleFileLoads(t *testing.T) {
	data := readExampleFile(t)
	o := Options{
		Config: "prowatch.example.yaml",
		LookupEnv: func(name string) (string, bool) {
			if value, ok := settings[name]; ok {
				return value, true
			}
			return "of-" + name, true
		},
		ReadFile: func(string) ([]byte, error) { return data, nil },
		Stdout:   new(strings.Builder),
	}
	s, err := Settings(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Warnings) > 0 {
		t.Errorf("got the warnings %q", s.Warnings)
	}
	all := shell(config.Settings{Channels: s.Channels, Policy: s.Policy, HTTP: s.HTTP}, o)
	if err := all.channels(nil, o); err != nil {
		t.Error(err)
	}
	if faults := scheduleFaults(s); faults != nil {
		t.Error(faults)
	}
}

// TestTheExampleFileHoldsEveryKey walks the schema, so that a new key cannot be
// forgotten. Where keys exclude each other, one may stand in a comment; of what is
// below it, each key must stand somewhere.
func TestTheExampleFileHoldsEveryKey(t *testing.T) {
	data := readExampleFile(t)
	w := keyWalk{schema: Schema(), text: string(data), comments: strings.Join(regexp.MustCompile(`(?m)#.*$`).FindAllString(string(data), -1), "\n")}
	w.walk(w.schema, []any{parse(t, data)}, "")
	for _, key := range w.missing {
		t.Errorf("prowatch.example.yaml lacks the key %s: add it, with a word on what it is for", key)
	}
	w.schema["properties"].(map[string]any)["brand_new"] = map[string]any{}
	w.missing = nil
	w.walk(w.schema, []any{parse(t, data)}, "")
	if !slices.Equal(w.missing, []string{"brand_new"}) {
		t.Errorf("of a new key brand_new the walk says %q", w.missing)
	}
}

// keyWalk finds the keys of a schema that a document lacks.
type keyWalk struct {
	schema   map[string]any
	text     string // of the document, whose comments are comments
	comments string
	missing  []string
}

// walk looks for the keys of s in the values that the document has at path.
func (w *keyWalk) walk(s map[string]any, values []any, path string) {
	if ref, ok := s["$ref"].(string); ok {
		if strings.HasPrefix(path, "accounts") { // whose policy is that of the whole
			return
		}
		s = w.schema["$defs"].(map[string]any)[strings.TrimPrefix(ref, "#/$defs/")].(map[string]any)
	}
	properties, _ := s["properties"].(map[string]any)
	for _, key := range slices.Sorted(maps.Keys(properties)) {
		at := strings.TrimPrefix(path+"."+key, ".")
		found, where := fields(values, key), w.comments
		if len(values) == 0 {
			where = w.text
		}
		if len(found) == 0 && !regexp.MustCompile(`\b`+key+`:`).MatchString(where) {
			w.missing = append(w.missing, at)
			continue
		}
		w.walk(properties[key].(map[string]any), found, at)
	}
	if items, ok := s["items"].(map[string]any); ok {
		w.walk(items, elements(values), path+"[]")
	}
	if value, ok := s["additionalProperties"].(map[string]any); ok {
		w.walk(value, elements(values), path+".*")
	}
	for _, keyword := range []string{"anyOf", "oneOf", "allOf"} {
		forms, _ := s[keyword].([]any)
		for _, form := range forms {
			w.walk(form.(map[string]any), values, path)
		}
	}
	if then, ok := s["then"].(map[string]any); ok { // of one type of channel
		w.walk(then, values, path)
	}
}

// fields are the values of the key in all mappings among values.
func fields(values []any, key string) (found []any) {
	for _, v := range values {
		if m, ok := v.(map[string]any); ok {
			if value, ok := m[key]; ok {
				found = append(found, value)
			}
		}
	}
	return found
}

// elements are what all lists and mappings among values hold.
func elements(values []any) (found []any) {
	for _, v := range values {
		switch v := v.(type) {
		case []any:
			found = append(found, v...)
		case map[string]any:
			found = slices.AppendSeq(found, maps.Values(v))
		}
	}
	return found
}

// TestTheExampleFileHasEveryTypeOfChannel is apart from the keys, which several
// types have in common.
func TestTheExampleFileHasEveryTypeOfChannel(t *testing.T) {
	types := map[string]bool{}
	for _, c := range parse(t, readExampleFile(t)).(map[string]any)["channels"].(map[string]any) {
		types[fmt.Sprint(c.(map[string]any)["type"])] = true
	}
	for name := range channels {
		if !types[name] {
			t.Errorf("prowatch.example.yaml has no channel of type %s", name)
		}
	}
}
