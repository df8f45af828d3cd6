package config_test

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"prowatch/config"
	"prowatch/watch"
)

// address and dingtalk stand for a channel's own settings, which a channel
// declares in its folder.
type address struct {
	URL       string `yaml:"url"`
	AllowHTTP bool   `yaml:"allow_http"`
}

type dingtalk struct {
	address  `yaml:",inline"`
	Secret   string                      `yaml:"secret"`
	Language string                      `yaml:"language" one:"en zh both"`
	Mention  map[watch.Severity][]string `yaml:"mention"`
	Keep     watch.Duration              `yaml:"keep"`
}

type telegram struct {
	Token  string `yaml:"token"`
	ChatID string `yaml:"chat_id"`
}

type stdout struct{}

const secret = "hunter2-hunter2"

// options know a machine with three variables, one file and one secret store.
func options() config.Options {
	env := map[string]string{"KEY": secret, "N": "7", "EMPTY": ""}
	return config.Options{
		LookupEnv: func(name string) (string, bool) { v, ok := env[name]; return v, ok },
		ReadFile: files(map[string]string{
			"/run/key": secret + "\r\n",
		}),
		Secrets: map[string]func(_ ctx, ref string) (string, error){
			"awsssm": func(_ ctx, ref string) (string, error) {
				if ref == "/prowatch/key" {
					return secret, nil
				}
				return "", errors.New("no such parameter:\nask its owner")
			},
		},
		ChannelTypes: map[string]config.ChannelType{
			"dingtalk": {New: func() any { return new(dingtalk) }, Required: []string{"url"}, SecretKey: "secret"},
			"telegram": {New: func() any { return new(telegram) }, Required: []string{"token", "chat_id"}, SecretKey: "token"},
			"stdout":   {New: func() any { return new(stdout) }},
		},
	}
}

func files(m map[string]string) func(string) ([]byte, error) {
	return func(path string) ([]byte, error) {
		if data, ok := m[path]; ok {
			return []byte(data), nil
		}
		return nil, &fs.PathError{Op: "open", Path: path, Err: fs.ErrNotExist}
	}
}

// least is a configuration that is whole; each row of a table adds to it.
const (
	account = "accounts: [{id: acme, secret_id: AKID, secret_key: k}]\n"
	channel = "channels: {out: {type: stdout}}\n"
)

// TestEveryNoticeTypeIsKnown reads the declarations, since Go has no list of
// a type's constants.
func TestEveryNoticeTypeIsKnown(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "../watch/notice.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	ast.Inspect(file, func(node ast.Node) bool {
		spec, ok := node.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if id, ok := spec.Type.(*ast.Ident); !ok || id.Name != "Type" {
			return true
		}
		n++
		typ := strings.Trim(spec.Values[0].(*ast.BasicLit).Value, `"`)
		doc := account + channel + "routes: [{match: {type: [" + typ + "]}, channels: [out]}, {channels: [out]}]"
		if _, err := config.Load(t.Context(), "c.yaml", []byte(doc), options()); err != nil {
			t.Errorf("%s: %v", typ, err)
		}
		return true
	})
	if n < 10 {
		t.Errorf("found %d types in watch, want them all", n)
	}
}

func TestDefaults(t *testing.T) {
	s, err := config.Load(t.Context(), "c.yaml", []byte(account+channel), options())
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Accounts[0].Site; got != "intl" {
		t.Errorf("got site %q, want intl", got)
	}
	if s.Concurrency != 16 || s.State != "" || len(s.Warnings) > 0 {
		t.Errorf("got concurrency %d, state %q, warnings %q", s.Concurrency, s.State, s.Warnings)
	}
	if len(s.Routes) != 1 || !slices.Equal(s.Routes[0].Channels, []string{"out"}) {
		t.Errorf("got routes %v, want one to every channel", s.Routes)
	}
	if got, want := s.Accounts[0].Policy.RemindEvery, watch.Duration(24*time.Hour); got != want {
		t.Errorf("got remind_every %v, want %v", got, want)
	}
}

func TestAnAccountsPolicyLiesOverTheWholes(t *testing.T) {
	doc := channel + "policy: {confirm: 2, remind_every: 12h, time_zone: UTC}\n" +
		"accounts: [{id: a, secret_id: i, secret_key: k, policy: {confirm: 3, expiry_thresholds: [5d]}}, {id: b, secret_id: i, secret_key: k}]"
	s, err := config.Load(t.Context(), "c.yaml", []byte(doc), options())
	if err != nil {
		t.Fatal(err)
	}
	a, b := s.Accounts[0].Policy, s.Accounts[1].Policy
	if a.Confirm != 3 || len(a.Thresholds) != 1 || a.RemindEvery.String() != "12h" || a.Zone != time.UTC {
		t.Errorf("got %+v, want the account's keys over the whole's", a)
	}
	if b.Confirm != 2 || len(b.Thresholds) != 5 {
		t.Errorf("got %+v, want the whole's policy", b)
	}
}

func TestLikelyMistakesAreWarnings(t *testing.T) {
	doc := account + "channels: {a: {type: stdout}, b: {type: stdout}}\nroutes: [{match: {account: [\"acne-*\"]}, channels: [a]}, {channels: [a]}]"
	s, err := config.Load(t.Context(), "c.yaml", []byte(doc), options())
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		`c.yaml:3:29: "acne-*" matches no account of this configuration`,
		"c.yaml:2:31: channel b stands in no route, so it gets no notices",
	}
	if !slices.Equal(s.Warnings, want) {
		t.Errorf("got %q\nwant %q", s.Warnings, want)
	}
}
