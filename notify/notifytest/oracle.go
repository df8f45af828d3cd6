package notifytest

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// oracles is the folder of the verifiers, seen from a channel's.
const oracles = "../oracles"

// Ask gives requests, by name, to a verifier that others wrote and returns what
// it finds wrong with each. script is one of notify/oracles, which reads them as
// a JSON object. Where node or its modules are missing the test is skipped,
// unless PROWATCH_CI is set.
func Ask(t *testing.T, script string, requests map[string]json.RawMessage) map[string][]string {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		missing(t, "this needs node in the PATH")
	}
	if _, err := os.Stat(filepath.Join(oracles, "node_modules")); err != nil {
		missing(t, `this needs "npm ci" in notify/oracles`)
	}
	in, err := json.Marshal(requests)
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), node, script)
	c.Dir, c.Stdin, c.Stderr = oracles, bytes.NewReader(in), os.Stderr
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%s: %v", script, err)
	}
	var faults map[string][]string
	if err := json.Unmarshal(out, &faults); err != nil {
		t.Fatalf("%s answers %q: %v", script, out, err)
	}
	return faults
}

func missing(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("PROWATCH_CI") != "" {
		t.Fatal(what)
	}
	t.Skip(what)
}

// WantVerified asks the verifier about good requests, in which it must find
// nothing, and bad ones, in which it must find something, or it would prove
// nothing.
func WantVerified(t *testing.T, script string, good, bad map[string]json.RawMessage) {
	t.Helper()
	for name, faults := range Ask(t, script, good) {
		for _, fault := range faults {
			t.Errorf("%s: %s: %s", script, name, fault)
		}
	}
	for name, faults := range Ask(t, script, bad) {
		if len(faults) == 0 {
			t.Errorf("%s finds nothing wrong with %s", script, name)
		}
	}
}
