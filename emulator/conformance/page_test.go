package conformance

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"prowatch/emulator"
)

// seen is what page.js saw.
type seen struct {
	Errors, Violations []string
	Steps              struct {
		Said           string
		Checked        outcome
		Row            string
		Problem, Kept  string
		Fault, Advice  string
		Marked, Pasted []string
		Skip           string
		Found          []string
		Parameters     string
		Nothing        string
		Code           map[string]string
		Copied         string
		Clock, Status  string
		BadClock       string
		Asked, Unsaved string
		Covered        bool
		Narrow         bool
		NarrowExplorer bool
	}
}

// drive starts an emulator, and the page in a browser. A GET of the second
// server makes a check of the emulator with the official SDK.
func drive(t *testing.T) seen {
	t.Helper()
	needModules(t)
	if _, err := os.Stat(filepath.Join("node_modules", "playwright-core")); err != nil {
		missing(t, `this needs "npm ci" in emulator/conformance`)
	}
	browser := need(t, "chromium")
	_, c := emulator.Start(t, &emulator.Options{Rate: -1})
	check := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		o := goSDK(t, describe(strings.TrimPrefix(c.URL, "http://"), "TC3-HMAC-SHA256", "POST"))
		_, _ = w.Write([]byte(`{"response":{"BuyStatus":"` + o.Response["BuyStatus"].(string) + `"}}`))
	}))
	t.Cleanup(check.Close)
	var got seen
	runNode(t, "page.js", map[string]string{
		"url": c.URL + "/_emulator/", "browser": browser, "check": check.URL, "shots": os.Getenv("PROWATCH_SCREENSHOTS"),
	}, &got)
	return got
}

func TestThePageInABrowser(t *testing.T) {
	got := drive(t)
	if len(got.Errors) > 0 {
		t.Errorf("on the console:\n%s", strings.Join(got.Errors, "\n"))
	}
	if len(got.Violations) > 0 {
		t.Errorf("not accessible:\n%s", strings.Join(got.Violations, "\n"))
	}
	s := got.Steps
	in31Days := time.Now().AddDate(0, 0, 31).UTC().Format("2006-01-")
	for _, tt := range []struct {
		name, got, want string
	}{
		{"saving an edition", s.Said, "saved"},
		{"the next check", s.Checked.Response["BuyStatus"].(string), "Isolate"},
		{"the log, live", s.Row, "Isolate"},
		{"the log's detail", s.Row, "2026-12-01 00:00:00"},
		{"a fault that cannot be", s.Problem, "Nonsense"},
		{"what was typed stays", s.Kept, "Nonsense"},
		{"what was typed in another form", s.Asked, "not saved"},
		{"that it stays", s.Unsaved, "never"},
		{"a fault strikes", s.Fault, "InternalError"},
		{"a broken signature", s.Advice, "signed for another host: tcss.tencentcloudapi.com"},
		{"the difference", strings.Join(s.Marked, " "), "tcss.tencentcloudapi.com"},
		{"a blank at a line's end", strings.Join(s.Pasted, " "), "content-type:application/json·"},
		{"the first stop of the keyboard", s.Skip, "Skip"},
		{"searching actions", strings.Join(s.Found, " "), "AssumeRole"},
		{"an action brings its parameters", s.Parameters, "RoleArn"},
		{"a search that finds nothing", s.Nothing, "No action"},
		{"code", s.Code["go"], "NewCommonRequest"},
		{"the clock", s.Clock, in31Days},
		{"the timeline", s.Status, "Isolate"},
		{"a clock that cannot be", s.BadClock, "soon"},
	} {
		if !strings.Contains(tt.got, tt.want) {
			t.Errorf("%s: %q, want %q in it", tt.name, tt.got, tt.want)
		}
	}
	if !slices.Equal(s.Found, []string{"AssumeRole"}) {
		t.Errorf("found %q, want AssumeRole alone", s.Found)
	}
	if s.Copied != "Copied" && s.Copied != "Selected" {
		t.Errorf("the copy button says %q", s.Copied)
	}
	if s.Covered {
		t.Error("on a telephone the copy button covers the code")
	}
	if !s.Narrow || !s.NarrowExplorer {
		t.Error("a telephone has to scroll sideways")
	}
}
