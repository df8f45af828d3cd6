package notify_test

import (
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"prowatch/notify"
	"prowatch/watch"
)

func TestParseURL(t *testing.T) {
	for _, tt := range []struct {
		raw   string
		allow bool
		want  string // begins the error, "" for none
	}{
		{raw: "https://h.example/x?key=canary"},
		{raw: " https://h.example/canary\n"},
		{raw: "http://127.0.0.1:8080/"},
		{raw: "http://127.9.9.9/"},
		{raw: "http://[::1]:80/"},
		{raw: "http://[::ffff:127.0.0.1]/"},
		{raw: "http://localhost/"},
		{raw: "http://LOCALHOST./"},
		{raw: "http://chat.localhost:9/"},
		{raw: "http://10.0.0.7/canary", allow: true},
		{raw: "http://10.0.0.7/canary", want: "url: is http://"},
		{raw: "http://localhost.example.com/canary", want: "url: is http://"},
		{raw: "http://notlocalhost/canary", want: "url: is http://"},
		{raw: "http://127.0.0.1.example.com/canary", want: "url: is http://"},
		{raw: "http://128.0.0.1/canary", want: "url: is http://"},
		{raw: "http://0.0.0.0/canary", want: "url: is http://"},
		{raw: "", want: "url: is missing"},
		{raw: "  ", want: "url: is missing"},
		{raw: "canary", want: "url: is no URL"},
		{raw: "https://", want: "url: is no URL"},
		{raw: "https://h.example/%zzcanary", want: "url: is no URL"},
		{raw: "https://h.example:canary/", want: "url: is no URL"},
		{raw: "ftp://h.example/canary", want: "url: must begin with https://"},
		{raw: "ftp://h.example/canary", allow: true, want: "url: must begin with https://"},
	} {
		_, err := notify.ParseURL("url", tt.raw, tt.allow)
		switch {
		case err == nil && tt.want == "":
		case err == nil, tt.want == "", !strings.HasPrefix(err.Error(), tt.want):
			t.Errorf("ParseURL(%q, %v) = %v, want %q", tt.raw, tt.allow, err, tt.want)
		case strings.Contains(err.Error(), "canary"):
			t.Errorf("ParseURL(%q): the error holds the URL: %v", tt.raw, err)
		}
	}
}

func TestSettingsFromYAML(t *testing.T) {
	type config struct {
		notify.Address `yaml:",inline"`
		notify.Wording `yaml:",inline"`
		Mention        notify.Mention `yaml:"mention"`
	}
	var got config
	text := `{url: "http://10.0.0.7/", allow_http: true, language: en, mention: {critical: ["@all", zhang]}}`
	if err := yaml.UnmarshalWithOptions([]byte(text), &got, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	want := config{
		Address: notify.Address{URL: "http://10.0.0.7/", AllowHTTP: true},
		Wording: notify.Wording{Language: "en"},
		Mention: notify.Mention{watch.Critical: {"@all", "zhang"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("settings (-want +got):\n%s", diff)
	}
	if err := yaml.UnmarshalWithOptions([]byte("{urll: x}"), &got, yaml.Strict()); err == nil {
		t.Error("an unknown key gave no error")
	}
}
