package oracles

import (
	"encoding/json"
	"strings"
	"testing"

	"prowatch/notify"
	"prowatch/notify/discord"
	"prowatch/notify/sink"
	"prowatch/watch"
)

// TestDiscordsDescription holds every request against the OpenAPI description
// that Discord publishes.
func TestDiscordsDescription(t *testing.T) {
	const hook, token = "1310113465273417728", "token"
	open := func(base, language string) (watch.Notifier, error) {
		return discord.New(discord.Config{
			Address: notify.Address{URL: base + "/api/webhooks/" + hook + "/" + token}, Wording: notify.Wording{Language: language},
			Mention: notify.Mention{watch.Critical: {"&165511591545143296", "80351110224678912"}, watch.Warning: {"@here"}},
		}, notify.Deps{Page: "https://prowatch.example.com/"})
	}
	webhook := func() *sink.Sink { return sink.NewDiscord(hook, token, &sink.Options{Rate: -1}) }
	good := requests(t, webhook(), open)
	for name, plain := range requests(t, webhook(), open, sink.DiscordFault(400, 50035, "Invalid Form Body")) {
		good["plain "+name] = plain
	}
	long := func(before string, n int, after string) json.RawMessage {
		return json.RawMessage(before + strings.Repeat("密", n) + after)
	}
	fields := strings.TrimSuffix(strings.Repeat(`{"name":"a","value":"b"},`, 26), ",")
	wantVerified(t, "discord.mjs", good, map[string]json.RawMessage{
		"26 fields":           json.RawMessage(`{"embeds":[{"fields":[` + fields + `]}]}`),
		"content of 2001":     long(`{"content":"`, 2001, `"}`),
		"title of 257":        long(`{"embeds":[{"title":"`, 257, `"}]}`),
		"description of 5000": long(`{"embeds":[{"description":"`, 5000, `"}]}`),
		"footer of 2049":      long(`{"embeds":[{"footer":{"text":"`, 2049, `"}}]}`),
		"a user twice":        json.RawMessage(`{"allowed_mentions":{"users":["80351110224678912","80351110224678912"]}}`),
		"a key of no kind":    json.RawMessage(`{"contents":"a"}`),
	})
}
