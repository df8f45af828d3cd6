// Package oracles holds what the channels send against verifiers that others
// wrote, for the channels and the sinks come from one hand and could share a
// mistake.
//
// A verifier that is missing skips its tests and says so; with PROWATCH_CI set
// it fails them. "npm ci" in this folder fetches what Node needs.
package oracles

import (
	"bytes"
	"encoding/json"
	"net/http/httptest"
	"os"
	"os/exec"
	"testing"

	"prowatch/notify/notifytest"
	"prowatch/notify/sink"
	"prowatch/watch"
)

// languages are those of the messages that are verified.
var languages = []string{"en", "zh", "both"}

// cases are messages of every type, and digests.
func cases() []notifytest.Case {
	return append(notifytest.Cases(),
		notifytest.Case{Name: "digest of 3", Message: notifytest.Digest(3)},
		notifytest.Case{Name: "digest of 1000", Message: notifytest.Digest(1000)})
}

// requests sends every message to s, after the faults, through the channel that
// open returns, and returns the requests that s took, by name.
func requests(t *testing.T, s *sink.Sink, open func(base, language string) (watch.Notifier, error), faults ...sink.Fault) map[string]json.RawMessage {
	t.Helper()
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	all := map[string]json.RawMessage{}
	for _, language := range languages {
		n, err := open(server.URL, language)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range cases() {
			before := len(s.Messages())
			s.Fail(faults...)
			out := n.Send(t.Context(), c.Message)
			taken := s.Messages()[before:]
			if len(taken) != 1 {
				t.Fatalf("%s in %s: %+v and %d messages, want 1", c.Name, language, out, len(taken))
			}
			all[c.Name+" in "+language] = taken[0].Body
		}
	}
	return all
}

// wantVerified asks a script of this folder about good requests, in which it
// must find nothing, and bad ones, in which it must find something, or it would
// prove nothing.
func wantVerified(t *testing.T, script string, good, bad map[string]json.RawMessage) {
	t.Helper()
	for name, faults := range ask(t, script, good) {
		for _, fault := range faults {
			t.Errorf("%s: %s: %s", script, name, fault)
		}
	}
	for name, faults := range ask(t, script, bad) {
		if len(faults) == 0 {
			t.Errorf("%s finds nothing wrong with %s", script, name)
		}
	}
}

// ask gives requests to a script as a JSON object and returns what it finds
// wrong with each.
func ask(t *testing.T, script string, requests map[string]json.RawMessage) map[string][]string {
	t.Helper()
	node := needNode(t)
	in, err := json.Marshal(requests)
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), node, script)
	c.Stdin, c.Stderr = bytes.NewReader(in), os.Stderr
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%s: %v", script, err)
	}
	var faults map[string][]string
	if err := json.Unmarshal(out, &faults); err != nil || len(faults) != len(requests) {
		t.Fatalf("%s answers %.300q: %v", script, out, err)
	}
	return faults
}

// needNode returns the program node.
func needNode(t *testing.T) string {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		missing(t, "this needs node in the PATH")
	}
	if _, err := os.Stat("node_modules"); err != nil {
		missing(t, `this needs "npm ci" in notify/oracles`)
	}
	return node
}

func missing(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("PROWATCH_CI") != "" {
		t.Fatal(what)
	}
	t.Skip(what)
}
