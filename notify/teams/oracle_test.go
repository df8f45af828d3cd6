package teams_test

import (
	"encoding/json"
	"testing"

	"prowatch/notify/notifytest"
	"prowatch/notify/sink"
)

// TestAdaptiveCardsVerifies holds every card against the library of the
// format's authors, at the version that the flow's action posts.
func TestAdaptiveCardsVerifies(t *testing.T) {
	good := map[string]json.RawMessage{}
	for i, m := range posted(t, cases()) {
		good[cases()[i].Name] = m.Body
	}
	for i, m := range posted(t, cases(), sink.TeamsFault(413, "RequestEntityTooLarge", "no")) {
		good[cases()[i].Name+", small"] = m.Body
	}
	card := func(body string) json.RawMessage {
		return json.RawMessage(`{"attachments":[{"content":{"type":"AdaptiveCard","version":"1.4","body":[` + body + `]}}]}`)
	}
	notifytest.WantVerified(t, "teams.mjs", good, map[string]json.RawMessage{
		"a table":             card(`{"type":"Table","columns":[]}`),
		"no colour":           card(`{"type":"TextBlock","text":"a","color":"Purple"}`),
		"a button to nowhere": card(`{"type":"ActionSet","actions":[{"type":"Action.OpenUrl","title":"a"}]}`),
		"no such size":        card(`{"type":"TextBlock","text":"a","size":"Huge"}`),
	})
}
