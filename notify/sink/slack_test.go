package sink_test

import (
	"strconv"
	"strings"
	"testing"

	"prowatch/notify/sink"
)

func TestTheWebhookRefusesAsSlackDoes(t *testing.T) {
	header := func(n int) string {
		return `{"type":"header","text":{"type":"plain_text","text":"` + strings.Repeat("密", n) + `"}}`
	}
	section := func(n int) string {
		return `{"type":"section","text":{"type":"mrkdwn","text":"` + strings.Repeat("密", n) + `"}}`
	}
	fields := func(count, n int) string {
		field := `{"type":"mrkdwn","text":"` + strings.Repeat("a", n) + `"}`
		return `{"type":"section","fields":[` + strings.TrimSuffix(strings.Repeat(field+",", count), ",") + `]}`
	}
	blocks := func(bs ...string) string { return `{"text":"t","blocks":[` + strings.Join(bs, ",") + `]}` }
	for _, tt := range []struct {
		name, body, want string
	}{
		{"takes text", `{"text":"a"}`, "200 ok"},
		{"takes blocks", blocks(header(150), section(3000), fields(10, 900)), "200 ok"},
		{"header too long", blocks(header(151)), "400 invalid_blocks"},
		{"section too long", blocks(section(3001)), "400 invalid_blocks"},
		{"units count, not characters", blocks(strings.ReplaceAll(section(1501), "密", "🔑")), "400 invalid_blocks"},
		{"too many fields", blocks(fields(11, 1)), "400 invalid_blocks"},
		{"field too long", blocks(fields(1, 2001)), "400 invalid_blocks"},
		{"markup in a header", blocks(strings.Replace(header(1), "plain_text", "mrkdwn", 1)), "400 invalid_blocks"},
		{"an empty section", blocks(section(0)), "400 invalid_blocks"},
		{"a block nobody knows", blocks(`{"type":"poem"}`), "400 invalid_blocks"},
		{"51 blocks", blocks(strings.Split(strings.Repeat(`{"type":"divider"};`, 51), ";")[:51]...), "400 invalid_blocks"},
		{"too much in all", blocks(section(3000), section(3000), section(3000), section(3000), section(3000)), "400 msg_blocks_too_long"},
		{"blocks that are none", `{"text":"t","blocks":"[]"}`, "400 invalid_blocks_format"},
		{"nothing", `{}`, "400 no_text"},
		{"no JSON", "hello", "400 invalid_payload"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			status, answer := ask(sink.NewSlack("/services/T/B/x", nil), "/services/T/B/x", nil, tt.body)
			if got := strconv.Itoa(status) + " " + answer; got != tt.want {
				t.Errorf("answer %s, want %s", got, tt.want)
			}
		})
	}
	if status, answer := ask(sink.NewSlack("/services/T/B/x", nil), "/services/T/B/y", nil, `{"text":"a"}`); status != 404 || answer != "no_service" {
		t.Errorf("another path: %d %s, want 404 no_service", status, answer)
	}
}

func TestWhoIsCalledInSlack(t *testing.T) {
	s := sink.NewSlack("/", nil)
	ask(s, "/", nil, `{"text":"<!here> <@U1> <!subteam^S1> &lt;!channel&gt; <https://h.example|Open>"}`)
	m := s.Messages()[0]
	if got := strings.Join(m.Mentions, " "); got != "@here @U1 @S1" {
		t.Errorf("called %s, want @here @U1 @S1", got)
	}
	if want := "@here @U1 @S1 <!channel> Open https://h.example"; m.Text != want {
		t.Errorf("shown %q, want %q", m.Text, want)
	}
}
