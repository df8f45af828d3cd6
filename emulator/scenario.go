package emulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
)

// ErrNothing says that the request log has nothing to make a scenario of.
var ErrNothing = errors.New("there is nothing to write")

// WriteScenario writes what DescribeProVersionInfo answered to account id, as
// far as the request log reaches, as a scenario file: a step an answer, at the
// time of the virtual clock, to be played with "prowatch simulate". Its error
// is [ErrNoAccount], [ErrNothing] when nothing was asked, or that of w. Where the
// clock was turned back, the file says so.
func (e *Emulator) WriteScenario(w io.Writer, id string) error {
	if _, err := e.Edition(id); err != nil {
		return err
	}
	var steps []string
	var last time.Time
	for _, n := range e.entries() {
		if n.exchange.Account != id || n.exchange.Request.Action != "DescribeProVersionInfo" {
			continue
		}
		if n.exchange.Clock.Before(last) {
			steps = append(steps, "  # The clock was turned back here.\n")
		}
		steps, last = append(steps, n.step()), n.exchange.Clock
	}
	if len(steps) == 0 {
		return fmt.Errorf("%w: %s was not asked for DescribeProVersionInfo", ErrNothing, id)
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "title: %s\naccount: %s\n", scalar("what the emulator answered to "+id), scalar(accountName(id)))
	b.WriteString("steps:\n" + strings.Join(steps, ""))
	_, err := w.Write(b.Bytes())
	return err
}

// notInAccountName is what an account of a scenario may not be called.
var notInAccountName = regexp.MustCompile(`^\.|[^A-Za-z0-9._-]`)

func accountName(id string) string {
	name := notInAccountName.ReplaceAllString(id, "-")
	return name[:min(len(name), 64)]
}

// step is one line of the file.
func (n entry) step() string {
	return fmt.Sprintf("  - {at: %s, %s}\n", n.exchange.Clock.Format(time.RFC3339Nano), n.outcome())
}

// outcome is what the client saw: an answer, an error, or nothing.
func (n entry) outcome() string {
	told := n.told().Answer
	problem := func(kind, text string) string { return fmt.Sprintf("error: {%s: %s}", kind, scalar(text)) }
	switch {
	case told.Abandoned:
		return problem("network", "timeout")
	case told.Dropped:
		return problem("network", "the connection was closed without an answer")
	case told.Cut:
		return problem("network", "the connection was closed in the middle of the answer")
	case told.Code != "":
		return fmt.Sprintf("error: {code: %s, message: %s}", scalar(told.Code), scalar(told.Message))
	}
	var envelope struct{ Response Edition }
	if json.Unmarshal([]byte(n.exchange.Answer.Body), &envelope) == nil && envelope.Response != nil && told.Status == http.StatusOK {
		if e, ok := envelope.Response["Error"].(map[string]any); ok { // A fault's body.
			return fmt.Sprintf("error: {code: %s, message: %s}", scalar(shown(e["Code"])), scalar(shown(e["Message"])))
		}
		return "api: " + envelope.Response.flow()
	}
	if told.Body == "" {
		return problem("network", fmt.Sprintf("status %d without a body", told.Status))
	}
	return problem("body", told.Body)
}

// flow writes an edition in YAML's flow style, the documented fields first.
func (e Edition) flow() string {
	rest := maps.Clone(e)
	delete(rest, "RequestId")
	var pairs []string
	add := func(key, name string) {
		pairs = append(pairs, name+": "+spaced(encode(rest[key])))
		delete(rest, key)
	}
	for _, k := range editionFields {
		if _, ok := rest[k]; ok {
			add(k, k)
		}
	}
	for _, k := range slices.Sorted(maps.Keys(rest)) {
		add(k, scalar(k))
	}
	return "{" + strings.Join(pairs, ", ") + "}"
}

// scalar writes a text in YAML's double quotes, which JSON's are too.
func scalar(s string) string { return string(encode(s)) }
