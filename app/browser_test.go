package app

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/zap"

	"prowatch/emulator"
)

// browserTools is the folder whose scripts drive a browser, and where npm put
// what they need.
const browserTools = "../web/conformance"

// toolPath returns the path of a tool.
func toolPath(t *testing.T, tool string) string {
	t.Helper()
	path, err := exec.LookPath(tool)
	if err != nil {
		withoutTool(t, "this needs "+tool+" in the PATH")
	}
	return path
}

// withoutTool ends a test that needs what is not here.
func withoutTool(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("PROWATCH_CI") != "" {
		t.Fatal(what)
	}
	t.Skip(what)
}

// TestABrowserSignsInChecksAndMutes drives the assembled whole in a browser, at
// the root and below a base path: what it may load and send is then what the
// answers' headers allow, not what a client of Go does.
func TestABrowserSignsInChecksAndMutes(t *testing.T) {
	browser := toolPath(t, "chromium")
	toolPath(t, "node")
	if _, err := os.Stat(filepath.Join(browserTools, "node_modules", "playwright-core")); err != nil {
		withoutTool(t, `this needs "npm ci" in web/conformance`)
	}
	api := httptest.NewServer(emulator.New(&emulator.Options{Rate: -1}))
	t.Cleanup(api.Close)
	for _, base := range []string{"", "/prod"} {
		url := serveApp(t, api.URL, base)
		var got struct {
			Errors, Violations []string
			Steps              map[string]string
		}
		runSession(t, map[string]string{"browser": browser, "url": url, "token": "canary-0123456789", "account": "acme", "channel": "out"}, &got)
		if len(got.Errors) > 0 || len(got.Violations) > 0 {
			t.Errorf("base %q: got %+v, want no error", base, got)
		}
		if got.Steps["signedIn"] != base+"/" || got.Steps["signedOut"] != base+"/login" || !strings.Contains(got.Steps["reason"], "moved to <b>another</b> account") {
			t.Errorf("base %q: got the steps %q", base, got.Steps)
		}
		for _, step := range []string{"checked", "muted", "unmuted", "checkedOne", "mutedChannel", "unmutedChannel"} {
			if got.Steps[step] == "" {
				t.Errorf("base %q: the page said nothing of %s", base, step)
			}
		}
	}
}

// serveApp serves an app of two accounts below the base path, and returns its URL.
func serveApp(t *testing.T, api, base string) string {
	t.Helper()
	var handler http.Handler
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	t.Cleanup(srv.Close)
	const account = `{id: %s, secret_id: AKIDEMULATOR, secret_key: emulator-secret, endpoint: "%s"}`
	a, err := open(t, fmt.Sprintf("accounts: ["+account+", "+account+"]\nchannels: {out: {type: stdout}}\n", "acme", api, "beta", api)+
		"http: {public_url: '"+srv.URL+base+"', tokens: [{token: canary-0123456789, scope: operate}]}\n")
	if err != nil {
		t.Fatal(err)
	}
	handler = a.HTTP(zap.NewNop(), nil)
	return srv.URL + base
}

// runSession runs the script that signs in, and decodes what it saw.
func runSession(t *testing.T, in, out any) {
	t.Helper()
	b, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	var errs bytes.Buffer
	c := exec.CommandContext(t.Context(), "node", filepath.Join("testdata", "session.mjs"))
	c.Dir, c.Stdin, c.Stderr = browserTools, bytes.NewReader(b), &errs
	c.Env = append(os.Environ(), "HTTP_PROXY=", "http_proxy=", "ALL_PROXY=", "all_proxy=")
	got, err := c.Output()
	if err == nil {
		err = json.Unmarshal(got, out)
	}
	if err != nil {
		t.Fatalf("%v\n%s%s", err, errs.Bytes(), got)
	}
}
