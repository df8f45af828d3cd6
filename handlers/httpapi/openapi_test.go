package httpapi_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"mime"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"prowatch/handlers/httpapi"
)

// document is openapi.json, to hold answers against.
type document struct {
	root    map[string]any
	schemas *jsonschema.Compiler
	known   map[string]*jsonschema.Schema
}

func readDocument(t testing.TB) *document {
	t.Helper()
	file, err := os.Open("openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	root, err := jsonschema.UnmarshalJSON(file)
	if err != nil {
		t.Fatal(err)
	}
	d := &document{root: root.(map[string]any), schemas: jsonschema.NewCompiler(), known: map[string]*jsonschema.Schema{}}
	d.schemas.AssertFormat()
	if err := d.schemas.AddResource("openapi.json", root); err != nil {
		t.Fatal(err)
	}
	return d
}

// pointer writes a key into a JSON pointer.
var pointer = strings.NewReplacer("~", "~0", "/", "~1")

// at returns what is at a path of keys; references are followed. where is its
// place as a JSON pointer.
func (d *document) at(keys ...string) (value any, where string) {
	value = d.root
	for _, key := range keys {
		m, ok := value.(map[string]any)
		if !ok || m[key] == nil {
			return nil, ""
		}
		value = m[key]
		where += "/" + pointer.Replace(key)
		if m, ok := value.(map[string]any); ok && m["$ref"] != nil {
			where = strings.TrimPrefix(m["$ref"].(string), "#")
			value, _ = d.at(strings.Split(where[1:], "/")...)
		}
	}
	return value, where
}

// operation is one method of one path, as the document has it.
type operation struct{ method, path string }

// operations are all that the document has.
func (d *document) operations() map[operation]map[string]any {
	all := map[operation]map[string]any{}
	for path, methods := range d.root["paths"].(map[string]any) {
		for method, op := range methods.(map[string]any) {
			all[operation{strings.ToUpper(method), path}] = op.(map[string]any)
		}
	}
	return all
}

func (o operation) keys(more ...string) []string {
	return append([]string{"paths", o.path, strings.ToLower(o.method)}, more...)
}

// conforms returns what is wrong with an answer of the operation.
func (d *document) conforms(o operation, a answer) error {
	status := fmt.Sprint(a.StatusCode)
	response, _ := d.at(o.keys("responses", status)...)
	if response == nil {
		return fmt.Errorf("the status %s is not documented", status)
	}
	headers, _ := d.at(o.keys("responses", status, "headers")...)
	hs, _ := headers.(map[string]any)
	for name := range hs {
		if a.Header.Get(name) == "" {
			return fmt.Errorf("%s has no header %s", status, name)
		}
	}
	return d.conformsBody(o, status, a)
}

func (d *document) conformsBody(o operation, status string, a answer) error {
	content, _ := d.at(o.keys("responses", status, "content")...)
	types, _ := content.(map[string]any)
	if types == nil {
		if a.body != "" {
			return fmt.Errorf("%s has a body, and none is documented", status)
		}
		return nil
	}
	if types["*/*"] != nil {
		return nil
	}
	got, _, _ := mime.ParseMediaType(a.Header.Get("Content-Type"))
	if types[got] == nil {
		return fmt.Errorf("%s is of type %q, and documented are %v", status, got, slices.Sorted(maps.Keys(types)))
	}
	if !strings.HasSuffix(got, "json") || a.Request != nil && a.Request.Method == http.MethodHead {
		return nil
	}
	_, where := d.at(o.keys("responses", status, "content", got, "schema")...)
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(a.body))
	if err != nil {
		return err
	}
	return d.validate(where, value)
}

// validate holds a value against the schema at a place.
func (d *document) validate(where string, value any) error {
	s := d.known[where]
	if s == nil {
		var err error
		if s, err = d.schemas.Compile("openapi.json#" + where); err != nil {
			return err
		}
		d.known[where] = s
	}
	return s.Validate(value)
}

// secured returns what is wrong with the headers that every answer has.
func secured(a answer) error {
	for name, want := range map[string]string{
		"X-Content-Type-Options": "nosniff", "Cross-Origin-Opener-Policy": "same-origin",
		"Content-Security-Policy": "default-src 'none'", "Referrer-Policy": "", "Cache-Control": "", "X-Request-Id": "",
	} {
		if got := a.Header.Get(name); got == "" || !strings.HasPrefix(got, want) {
			return fmt.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	return nil
}

func TestEveryRouteIsDocumentedAndTheOtherWayRound(t *testing.T) {
	d := readDocument(t)
	documented := d.operations()
	for _, r := range httpapi.Routes() {
		o := operation{r.Method, strings.ReplaceAll(r.Pattern, "...}", "}")}
		op := documented[o]
		if op == nil {
			t.Errorf("%v is not documented", o)
			continue
		}
		delete(documented, o)
		needs := op["security"].([]any)
		if open := r.Scope == "open"; open != (len(needs) == 0) {
			t.Errorf("%v needs %s, and is documented with %v", o, r.Scope, needs)
		}
		for _, way := range needs {
			for scheme := range way.(map[string]any) {
				if scheme != "bearer" && !slices.Contains(r.Ways, scheme) {
					t.Errorf("%v is documented to take a %s, and takes %v", o, scheme, r.Ways)
				}
			}
		}
	}
	for o := range documented {
		t.Errorf("%v is documented, and there is no such route", o)
	}
}

// TestTheExamplesAreRight holds the document's own examples against its schemas.
func TestTheExamplesAreRight(t *testing.T) {
	d := readDocument(t)
	n := 0
	var walk func(value any, where string)
	walk = func(value any, where string) {
		switch v := value.(type) {
		case map[string]any:
			if schema, ok := v["schema"]; ok && schema != nil && v["example"] != nil {
				n++
				if err := d.validate(where+"/schema", v["example"]); err != nil {
					t.Errorf("%s: %v", where, err)
				}
			}
			examples, _ := v["examples"].(map[string]any)
			for name, example := range examples {
				n++
				if err := d.validate(where+"/schema", example.(map[string]any)["value"]); err != nil {
					t.Errorf("%s: %s: %v", where, name, err)
				}
			}
			for key, child := range v {
				walk(child, where+"/"+pointer.Replace(key))
			}
		case []any:
			for i, child := range v {
				walk(child, fmt.Sprintf("%s/%d", where, i))
			}
		}
	}
	walk(d.root, "")
	if n < 20 {
		t.Errorf("only %d examples were found", n)
	}
}

func TestTheDocumentNamesItsServerAndVersion(t *testing.T) {
	s := newStage(t, func(o *httpapi.Options) { o.PublicURL = "https://watch.example.com/prod/" })
	var got struct {
		Info    struct{ Version string }
		Servers []struct{ URL string }
	}
	a := s.get(t, "/prod/openapi.json")
	if err := json.Unmarshal([]byte(a.body), &got); err != nil || got.Info.Version != "v1.2.3" || len(got.Servers) != 1 || got.Servers[0].URL != "https://watch.example.com/prod" {
		t.Errorf("got %+v, %v", got, err)
	}
}
