// Package conformance holds the tests that need tools of their own: the page in
// a browser, and the calendar in a parser that is not Go's.
//
// A tool that is missing skips its tests and says so; with PROWATCH_CI set it
// fails them. "npm ci" in this folder fetches what Node needs.
package conformance

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// patience bounds how long a tool may take.
const patience = 5 * time.Minute

// need returns the path of a tool, or ends the test.
func need(t *testing.T, tool string) string {
	t.Helper()
	path, err := exec.LookPath(tool)
	if err != nil {
		missing(t, "this needs "+tool+" in the PATH")
	}
	return path
}

func missing(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("PROWATCH_CI") != "" {
		t.Fatal(what)
	}
	t.Skip(what)
}

// runNode gives a script of testdata its input as JSON, and decodes what it
// prints into out.
func runNode(t *testing.T, script string, in, out any) {
	t.Helper()
	node := need(t, "node")
	for _, module := range []string{"axe-core", "ical.js", "playwright-core"} {
		if _, err := os.Stat(filepath.Join("node_modules", module)); err != nil {
			missing(t, `this needs "npm ci" in web/conformance`)
		}
	}
	b, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	c := exec.CommandContext(ctx, node, filepath.Join("testdata", script))
	c.Env = append(os.Environ(), "HTTP_PROXY=", "http_proxy=", "ALL_PROXY=", "all_proxy=")
	var errs bytes.Buffer
	c.Stdin, c.Stderr = bytes.NewReader(b), &errs
	got, err := c.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s%s", script, err, errs.Bytes(), got)
	}
	if err := json.Unmarshal(got, out); err != nil {
		t.Fatalf("%s printed %q: %v", script, got, err)
	}
}
