// Package conformance holds the tests that need tools of their own: the
// official SDKs for Node and Go against the emulator, the code that the page
// gives to copy, and the page itself in a browser.
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
const patience = 2 * time.Minute

// need returns the path of a tool, or ends the test.
func need(t *testing.T, tool string) string {
	t.Helper()
	path, err := exec.LookPath(tool)
	if err != nil {
		missing(t, "this needs "+tool+" in the PATH")
	}
	return path
}

// needModules ends the test when npm has not fetched what is in package.json.
func needModules(t *testing.T) {
	t.Helper()
	need(t, "node")
	if _, err := os.Stat(filepath.Join("node_modules", "tencentcloud-sdk-nodejs-intl-en")); err != nil {
		missing(t, `this needs "npm ci" in emulator/conformance`)
	}
}

func missing(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("PROWATCH_CI") != "" {
		t.Fatal(what)
	}
	t.Skip(what)
}

// command is a tool to be run with these variables beside the machine's.
func command(t *testing.T, env []string, name string, args ...string) *exec.Cmd {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	c := exec.CommandContext(ctx, name, args...)
	c.Env = append(os.Environ(), env...)
	c.Env = append(c.Env, "HTTP_PROXY=", "http_proxy=", "ALL_PROXY=", "all_proxy=")
	return c
}

// runNode gives a script of testdata its input as JSON, and decodes what it
// prints into out.
func runNode(t *testing.T, script string, in, out any) {
	t.Helper()
	needModules(t)
	b, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	c := command(t, nil, "node", filepath.Join("testdata", script))
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
