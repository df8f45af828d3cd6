package app

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/rogpeppe/go-internal/txtar"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// validator compiles the schema as it is printed.
func validator(t *testing.T) *jsonschema.Schema {
	t.Helper()
	data, err := json.Marshal(Schema())
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("prowatch.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("prowatch.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// validate returns what the schema has against a document.
func validate(t *testing.T, s *jsonschema.Schema, document any) error {
	t.Helper()
	data, err := json.Marshal(document)
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(value)
}

// read is what prowatch itself has against a document.
func read(t *testing.T, document any) error {
	t.Helper()
	data, err := json.Marshal(document) // JSON is YAML
	if err != nil {
		t.Fatal(err)
	}
	_, err = Settings(t.Context(), Options{
		Config:    "prowatch.yaml",
		LookupEnv: func(name string) (string, bool) { return map[string]string{"THREE": "3"}[name], true },
		ReadFile:  func(string) ([]byte, error) { return data, nil },
	})
	return err
}

func parse(t *testing.T, data []byte) any {
	t.Helper()
	var document any
	if err := yaml.Unmarshal(data, &document); err != nil {
		t.Fatal(err)
	}
	return document
}

func everyKey(t *testing.T) any {
	t.Helper()
	data, err := os.ReadFile("testdata/every-key.yaml")
	if err != nil {
		t.Fatal(err)
	}
	// An empty variable is no key, so that each reference stands for something.
	data = regexp.MustCompile(`\$\{env:(ACME_ID|ACME_KEY|DING_SECRET|PD|T)\}`).ReplaceAll(data, []byte("$$1"))
	return parse(t, data)
}

func TestTheSchemaTakesEveryExample(t *testing.T) {
	s := validator(t)
	examples := map[string][]byte{}
	for _, pattern := range []string{"testdata/*.yaml", "../*.yaml"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			if data, err := os.ReadFile(name); err == nil && bytes.Contains(data, []byte("\nchannels:")) {
				examples[name] = data
			}
		}
	}
	scripts, err := filepath.Glob("../cmd/prowatch/testdata/script/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range scripts {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.Files {
			if f.Name == "prowatch.yaml" {
				examples[name] = f.Data
			}
		}
	}
	if len(examples) < 3 {
		t.Errorf("found the examples %v only", slices.Sorted(maps.Keys(examples)))
	}
	for name, data := range examples {
		if err := validate(t, s, parse(t, data)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTheSchemaRefusesWhatIsMisspelt(t *testing.T) {
	s := validator(t)
	const account = "accounts: [{id: a, secret_id: i, secret_key: k}]\n"
	const channel = "channels: {out: {type: stdout}}\n"
	for _, document := range []string{
		account + channel + "acounts: []",
		"accounts: [{id: a, secert_id: i, secret_key: k}]\n" + channel,
		"accounts: [{secret_id: i, secret_key: k}]\n" + channel,
		"accounts: [{id: .a, secret_id: i, secret_key: k}]\n" + channel,
		"accounts: [{id: a, site: us}]\n" + channel,
		account, channel,
		account + "channels: {}",
		account + "channels: {out: {type: stdotu}}",
		account + "channels: {out: {}}",
		account + "channels: {out: {type: stdout, url: https://example.com}}",
		account + "channels: {hook: {type: webhook}}",
		account + "channels: {hook: {type: webhook, url: https://example.com, secret: []}}",
		account + "channels: {hook: {type: slack, url: https://example.com, mention: {loud: [x]}}}",
		account + channel + "policy: {remind_every: daily}",
		account + channel + "policy: {confirm: 0}",
		account + channel + "routes: []",
		account + channel + "routes: [{channels: out}]",
		account + channel + "runbooks: {status.chagned: https://example.com}",
		account + channel + "http: {tokens: [{scope: read}]}",
	} {
		if err := validate(t, s, parse(t, []byte(document))); err == nil {
			t.Errorf("the schema takes\n%s", document)
		} else if err := read(t, parse(t, []byte(document))); err == nil && !strings.Contains(document, "loud") {
			t.Errorf("prowatch takes\n%s", document)
		}
	}
}
