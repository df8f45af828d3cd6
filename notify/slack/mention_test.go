package slack_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"prowatch/notify"
	"prowatch/notify/notifytest"
	"prowatch/notify/slack"
	"prowatch/watch"
)

func TestMentions(t *testing.T) {
	for _, tt := range []struct {
		name    string
		mention notify.Mention
		message string
		want    []string
	}{
		{"those who are there", notify.Mention{watch.Critical: {"@here"}}, "expiry-3d", []string{"@here"}},
		{"all", notify.Mention{watch.Critical: {"channel", "<!everyone>"}}, "expiry-3d", []string{"@channel", "@everyone"}},
		{"a member", notify.Mention{watch.Critical: {"U024BE7LH", "@W012A3CDE", "<@U061F7AUR|zhang>"}}, "expiry-3d", []string{"@U024BE7LH", "@W012A3CDE", "@U061F7AUR"}},
		{"a user group", notify.Mention{watch.Critical: {"SAZ94GDB8", "<!subteam^SBZ94GDB8>"}}, "expiry-3d", []string{"@SAZ94GDB8", "@SBZ94GDB8"}},
		{"by severity", notify.Mention{watch.Critical: {"@here"}, watch.Warning: {"U024BE7LH"}}, "expiry-30d", []string{"@U024BE7LH"}},
		{"nobody by what the API said", nil, "failing-denied", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, n := serve(t, tt.mention, notify.Deps{})
			m := notifytest.Find(tt.message)
			m.Items[0].Notice.Message += " <!channel> @here <@U999999> <https://evil.example|click>"
			m.Items[0].Notice.Labels = map[string]string{"<!here>": "<!channel>"}
			if out := n.Send(t.Context(), m); out.Result != watch.Sent {
				t.Fatalf("Send = %+v, want sent", out)
			}
			got := s.Messages()[0]
			if diff := cmp.Diff(tt.want, got.Mentions); diff != "" {
				t.Errorf("calls (-want +got):\n%s", diff)
			}
			for _, bad := range []string{"<@U999999>", "<https://evil.example"} {
				if strings.Contains(string(got.Body), bad) {
					t.Errorf("what others wrote stands in the request as %q", bad)
				}
			}
		})
	}
}

func TestBadConfigs(t *testing.T) {
	address := func(url string) slack.Config { return slack.Config{Address: notify.Address{URL: url}} }
	mention := func(m notify.Mention) slack.Config {
		c := config("https://hooks.slack.com")
		c.Mention = m
		return c
	}
	for _, tt := range []struct {
		name   string
		config slack.Config
		want   string // begins the error
	}{
		{"no url", address(""), "url: is missing"},
		{"in the clear", address("http://hooks.slack.com" + path), "url: is http://"},
		{"a workflow's trigger", address("https://hooks.slack.com/triggers/T0/1/" + token), "url: is not that of an incoming webhook"},
		{"half of it", address("https://hooks.slack.com/services/T0/" + token), "url: is not that of an incoming webhook"},
		{"a language", slack.Config{Address: config("https://h").Address, Wording: notify.Wording{Language: "tlh"}}, `language: "tlh"`},
		{"a severity", mention(notify.Mention{"urgent": {"@here"}}), `mention: "urgent"`},
		{"an empty name", mention(notify.Mention{watch.Critical: {" "}}), "mention: holds an empty name"},
		{"a crowd", mention(notify.Mention{watch.Critical: slices.Repeat([]string{"U024BE7LH"}, 21)}), "mention: more than 20 at critical"},
		{"a display name", mention(notify.Mention{watch.Critical: {"@zhang"}}), `mention: "@zhang" cannot be called`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := slack.New(tt.config, notify.Deps{})
			if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
				t.Fatalf("New = %v, want %q …", err, tt.want)
			}
			if strings.Contains(err.Error(), token) {
				t.Errorf("the error holds the token: %v", err)
			}
		})
	}
	if _, err := slack.New(address("https://chat.example.com/hooks/x1y2"), notify.Deps{}); err != nil {
		t.Errorf("New for another chat that takes Slack's messages = %v", err)
	}
}
