package oracles

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"prowatch/notify"
	"prowatch/notify/pagerduty"
	"prowatch/notify/sink"
	"prowatch/watch"
)

// TestPagerDutysTypes holds every event against the types of PagerDuty's own
// library. The description of the API that PagerDuty publishes has no licence
// that would let it stand here.
func TestPagerDutysTypes(t *testing.T) {
	const key = "e93facc04764012d7bfb002500d5d1a6"
	good := map[string]json.RawMessage{}
	for _, language := range languages {
		s := sink.NewPagerDuty(key, nil)
		server := httptest.NewServer(s)
		defer server.Close()
		n, err := pagerduty.New(pagerduty.Config{
			Address: notify.Address{URL: server.URL}, Wording: notify.Wording{Language: language}, RoutingKey: key,
		}, notify.Deps{Page: "https://prowatch.example.com/"})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range cases() {
			if len(c.Message.Items) > 1 {
				continue
			}
			before := len(s.Messages())
			if out := n.Send(t.Context(), c.Message); out.Result != watch.Sent {
				t.Fatalf("%s in %s: %+v, want sent", c.Name, language, out)
			}
			for i, m := range s.Messages()[before:] {
				good[fmt.Sprint(c.Name, " in ", language, " ", i)] = m.Body
			}
		}
	}
	bad := func(old, replacement string) json.RawMessage {
		event := `{"routing_key":"k","event_action":"trigger","dedup_key":"d","payload":{"summary":"s","source":"a","severity":"error"},"links":[{"href":"h"}]}`
		return json.RawMessage(strings.Replace(event, old, replacement, 1))
	}
	wantVerified(t, "pagerduty.mjs", good, map[string]json.RawMessage{
		"another severity":       bad("error", "fatal"),
		"another action":         bad("trigger", "panic"),
		"no summary":             bad(`"summary":"s",`, ""),
		"a key of no kind":       bad(`"dedup_key"`, `"dedupe_key"`),
		"a link without address": bad("href", "text"),
	})
}
