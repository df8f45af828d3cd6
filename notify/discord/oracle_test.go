package discord_test

import (
	"encoding/json"
	"strings"
	"testing"

	"prowatch/notify/notifytest"
)

// TestDiscordsOwnDescriptionVerifies holds every request against the OpenAPI
// description that Discord publishes.
func TestDiscordsOwnDescriptionVerifies(t *testing.T) {
	good := map[string]json.RawMessage{}
	for i, m := range sent(t, cases()) {
		good[cases()[i].Name] = m.Body
	}
	for i, m := range sent(t, cases(), refusedEmbeds) {
		good[cases()[i].Name+", plain"] = m.Body
	}
	fields := strings.TrimSuffix(strings.Repeat(`{"name":"a","value":"b"},`, 26), ",")
	notifytest.WantVerified(t, "discord.mjs", good, map[string]json.RawMessage{
		"26 fields":           json.RawMessage(`{"embeds":[{"fields":[` + fields + `]}]}`),
		"content of 2001":     json.RawMessage(`{"content":"` + strings.Repeat("密", 2001) + `"}`),
		"title of 257":        json.RawMessage(`{"embeds":[{"title":"` + strings.Repeat("密", 257) + `"}]}`),
		"description of 5000": json.RawMessage(`{"embeds":[{"description":"` + strings.Repeat("密", 5000) + `"}]}`),
		"footer of 2049":      json.RawMessage(`{"embeds":[{"footer":{"text":"` + strings.Repeat("密", 2049) + `"}}]}`),
		"a user twice":        json.RawMessage(`{"allowed_mentions":{"users":["80351110224678912","80351110224678912"]}}`),
		"a field of no kind":  json.RawMessage(`{"contents":"a"}`),
	})
}
