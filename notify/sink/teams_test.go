package sink_test

import (
	"strings"
	"testing"

	"prowatch/notify/sink"
)

func TestTheFlowTakesAllAndPostsWhatTeamsDoes(t *testing.T) {
	message := func(content string) string {
		return `{"type":"message","attachments":[{"contentType":"application/vnd.microsoft.card.adaptive","contentUrl":null,"content":` + content + `}]}`
	}
	card := func(version, body, teams string) string {
		return message(`{"type":"AdaptiveCard","version":"` + version + `","body":[` + body + `],"msteams":{` + teams + `}}`)
	}
	text := func(s string) string { return `{"type":"TextBlock","text":"` + s + `"}` }
	entity := `"entities":[{"type":"mention","text":"<at>Li</at>","mentioned":{"id":"li@example.com","name":"Li"}}]`
	for _, tt := range []struct {
		name, body string
		posted     bool
	}{
		{"a card", card("1.4", text("a"), ""), true},
		{"facts and actions", card("1.2", `{"type":"FactSet","facts":[{"title":"a","value":"b"}]},{"type":"ActionSet","actions":[{"type":"Action.OpenUrl","title":"c","url":"https://h.example"}]}`, ""), true},
		{"a call", card("1.4", text("<at>Li</at>"), entity), true},
		{"a call of nobody", card("1.4", text("<at>Li</at>"), ""), false},
		{"a call that is not in the text", card("1.4", text("Li"), entity), false},
		{"a newer version", card("1.5", text("a"), ""), false},
		{"a table", card("1.4", `{"type":"Table"}`, ""), false},
		{"just small enough", card("1.4", text(strings.Repeat("a", 28_500)), ""), true},
		{"too large", card("1.4", text(strings.Repeat("a", 28_672)), ""), false},
		{"too large for its quotes", card("1.4", text(strings.Repeat(`\"`, 8_000)), ""), false},
		{"nothing in it", card("1.4", "", ""), false},
		{"an empty text", card("1.4", text(""), ""), false},
		{"a connector's card", `{"@type":"MessageCard","text":"a"}`, false},
		{"no JSON", "hello", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := sink.NewTeams("s", nil)
			status, answer := ask(s, "/workflows/1/triggers/manual/paths/invoke?sig=s", nil, tt.body)
			if status != 202 || answer != "" {
				t.Errorf("answer %d %q, want 202 and nothing, whatever it is", status, answer)
			}
			if got := len(s.Messages()) == 1; got != tt.posted {
				t.Errorf("posted %v, want %v", got, tt.posted)
			}
		})
	}
	if status, answer := ask(sink.NewTeams("s", nil), "/?sig=x", nil, card("1.4", text("a"), "")); status != 401 || !strings.Contains(answer, "DirectApiAuthorizationRequired") {
		t.Errorf("another sig: %d %s, want 401", status, answer)
	}
}
