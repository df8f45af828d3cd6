package sink_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"prowatch/notify/sink"
)

const discordPath = "/api/v10/webhooks/42/token?wait=true"

func TestTheWebhookRefusesAsDiscordDoes(t *testing.T) {
	content := func(piece string, n int) string { return `{"content":"` + strings.Repeat(piece, n) + `"}` }
	embed := func(key string, n int) string {
		return `{"embeds":[{"` + key + `":"` + strings.Repeat("密", n) + `"}]}`
	}
	fields := func(count, name, value int) string {
		field := `{"name":"` + strings.Repeat("a", name) + `","value":"` + strings.Repeat("b", value) + `"}`
		return `{"embeds":[{"fields":[` + strings.TrimSuffix(strings.Repeat(field+",", count), ",") + `]}]}`
	}
	for _, tt := range []struct {
		name, path, body string
		status           int
		want             string
	}{
		{"takes content", discordPath, content("密", 2000), 200, `"id":"`},
		{"takes a long embed", discordPath, embed("description", 4096), 200, `"id":"`},
		{"takes 25 fields", discordPath, fields(25, 100, 100), 200, `"id":"`},
		{"content too long", discordPath, content("a", 2001), 400, `"code":50035`},
		{"units count, not characters", discordPath, content("🔑", 1001), 400, `"code":50035`},
		{"title too long", discordPath, embed("title", 257), 400, `"code":50035`},
		{"description too long", discordPath, embed("description", 4097), 400, `"code":50035`},
		{"26 fields", discordPath, fields(26, 1, 1), 400, `"code":50035`},
		{"name too long", discordPath, fields(1, 257, 1), 400, `"code":50035`},
		{"value too long", discordPath, fields(1, 1, 1025), 400, `"code":50035`},
		{"a field without value", discordPath, fields(1, 1, 0), 400, `"code":50035`},
		{"over 6000 in all", discordPath, fields(25, 200, 41), 400, `"code":50035`},
		{"11 embeds", discordPath, `{"embeds":[` + strings.Repeat(`{"title":"a"},`, 10) + `{"title":"a"}]}`, 400, `"code":50035`},
		{"users whole and by name", discordPath, `{"content":"a","allowed_mentions":{"parse":["users"],"users":["1"]}}`, 400, `"code":50035`},
		{"a role twice", discordPath, `{"content":"a","allowed_mentions":{"roles":["1","1"]}}`, 400, `"code":50035`},
		{"nothing", discordPath, `{}`, 400, `"code":50006`},
		{"no JSON", discordPath, `hello`, 400, `"code":50109`},
		{"another id", "/api/v10/webhooks/43/token?wait=true", content("a", 1), 404, `"code":10015`},
		{"another token", "/api/v10/webhooks/42/tokens?wait=true", content("a", 1), 401, `"code":50027`},
		{"another version", "/api/webhooks/42/token?wait=true", content("a", 1), 404, `"code":10015`},
		{"no wait, and no word of the error", "/api/v10/webhooks/42/token", content("a", 2001), 204, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := sink.NewDiscord("42", "token", nil)
			status, answer := ask(s, tt.path, nil, tt.body)
			if status != tt.status || !strings.Contains(answer, tt.want) {
				t.Errorf("answer %d %s, want %d and %s", status, answer, tt.status, tt.want)
			}
			if got := len(s.Messages()); (got == 1) != (status == 200) {
				t.Errorf("%d messages were taken after %d", got, status)
			}
		})
	}
}

func TestWhoIsPingedInDiscord(t *testing.T) {
	all := "@everyone <@1> <@!2> <@&3> \\\\<@4>"
	for allowed, want := range map[string][]string{
		``:                                 {"@everyone", "<@1>", "<@!2>", "<@&3>"},
		`,"allowed_mentions":{"parse":[]}`: {},
		`,"allowed_mentions":{"parse":["everyone"]}`:                       {"@everyone"},
		`,"allowed_mentions":{"parse":[],"users":["1","4"]}`:               {"<@1>"},
		`,"allowed_mentions":{"parse":["users"],"roles":["3"]}`:            {"<@1>", "<@!2>", "<@&3>"},
		`,"allowed_mentions":{"parse":[],"users":["3"],"roles":["1","2"]}`: {},
	} {
		s := sink.NewDiscord("42", "token", nil)
		ask(s, discordPath, nil, fmt.Sprintf(`{"content":"%s","embeds":[{"title":"@here <@1>"}]%s}`, all, allowed))
		got := append([]string{}, s.Messages()[0].Mentions...)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("with %q (-want +got):\n%s", allowed, diff)
		}
	}
}
