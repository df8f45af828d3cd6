package oracles

import (
	"encoding/json"
	"testing"

	"prowatch/notify"
	"prowatch/notify/sink"
	"prowatch/notify/teams"
	"prowatch/watch"
)

// TestAdaptiveCards holds every card against the library of the format's
// authors, at the version that the flow's action posts.
func TestAdaptiveCards(t *testing.T) {
	open := func(base, language string) (watch.Notifier, error) {
		return teams.New(teams.Config{
			Address: notify.Address{URL: base + "/?sig=s"}, Wording: notify.Wording{Language: language},
			Mention: notify.Mention{watch.Critical: {"Zhang San <zhang@example.com>"}},
		}, notify.Deps{Page: "https://prowatch.example.com/"})
	}
	flow := func() *sink.Sink { return sink.NewTeams("s", &sink.Options{Rate: -1}) }
	good := requests(t, flow(), open)
	for name, small := range requests(t, flow(), open, sink.TeamsFault(413, "RequestEntityTooLarge", "no")) {
		good["small "+name] = small
	}
	card := func(body string) json.RawMessage {
		return json.RawMessage(`{"attachments":[{"content":{"type":"AdaptiveCard","version":"1.4","body":[` + body + `]}}]}`)
	}
	wantVerified(t, "teams.mjs", good, map[string]json.RawMessage{
		"a table":             card(`{"type":"Table","columns":[]}`),
		"no colour":           card(`{"type":"TextBlock","text":"a","color":"Purple"}`),
		"no such size":        card(`{"type":"TextBlock","text":"a","size":"Huge"}`),
		"a button to nowhere": card(`{"type":"ActionSet","actions":[{"type":"Action.OpenUrl","title":"a"}]}`),
	})
}
