package sink_test

import (
	"strings"
	"testing"

	"prowatch/notify/sink"
)

func TestTheServiceRefusesAsPagerDutyDoes(t *testing.T) {
	const alert, change = "/v2/enqueue", "/v2/change/enqueue"
	event := func(rest string) string { return `{"routing_key":"k",` + rest + `}` }
	trigger := func(payload string) string { return event(`"event_action":"trigger","payload":{` + payload + `}`) }
	for _, tt := range []struct {
		name, path, body string
		want             int
		said             string
	}{
		{"takes a trigger", alert, trigger(`"summary":"s","source":"a","severity":"error"`), 202, `"success"`},
		{"takes a bare resolve", alert, event(`"event_action":"resolve","dedup_key":"d"`), 202, `"success"`},
		{"takes a change", change, event(`"payload":{"summary":"s"}`), 202, `"success"`},
		{"takes 1024 characters", alert, trigger(`"summary":"` + strings.Repeat("密", 1024) + `","source":"a","severity":"info"`), 202, `"success"`},
		{"another key", alert, `{"routing_key":"x"}`, 400, "Invalid routing key"},
		{"no JSON", alert, "hello", 400, "JSON parse error"},
		{"another severity", alert, trigger(`"summary":"s","source":"a","severity":"fatal"`), 400, "payload.severity"},
		{"no source", alert, trigger(`"summary":"s","severity":"info"`), 400, "payload.source"},
		{"no summary", alert, trigger(`"source":"a","severity":"info"`), 400, "payload.summary"},
		{"1025 characters", alert, trigger(`"summary":"` + strings.Repeat("密", 1025) + `","source":"a","severity":"info"`), 400, "payload.summary"},
		{"a bad time", alert, trigger(`"summary":"s","source":"a","severity":"info","timestamp":"yesterday"`), 400, "payload.timestamp"},
		{"details that are no object", alert, trigger(`"summary":"s","source":"a","severity":"info","custom_details":"x"`), 400, "unrecognized"},
		{"a link that is none", alert, event(`"event_action":"resolve","dedup_key":"d","links":[{"href":"here"}]`), 400, "href"},
		{"a resolve of nothing", alert, event(`"event_action":"resolve"`), 400, "dedup_key"},
		{"a key of 256 characters", alert, event(`"event_action":"resolve","dedup_key":"` + strings.Repeat("d", 256) + `"`), 400, "dedup_key"},
		{"another action", alert, event(`"event_action":"panic"`), 400, "event_action"},
		{"over 512 KB", alert, event(`"event_action":"resolve","dedup_key":"d","x":"` + strings.Repeat("x", 512<<10) + `"`), 400, "512 KB"},
		{"another path", "/v1/enqueue", event(`"event_action":"resolve"`), 404, "Not Found"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			status, answer := ask(sink.NewPagerDuty("k", nil), tt.path, nil, tt.body)
			if status != tt.want || !strings.Contains(answer, tt.said) {
				t.Errorf("answer %d %s, want %d and %s", status, answer, tt.want, tt.said)
			}
		})
	}
}
