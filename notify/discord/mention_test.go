package discord_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"prowatch/notify"
	"prowatch/notify/discord"
	"prowatch/notify/notifytest"
	"prowatch/watch"
)

const (
	user  = "80351110224678912"
	role  = "165511591545143296"
	other = "272187916267159553"
)

func TestMentions(t *testing.T) {
	for _, tt := range []struct {
		name    string
		mention notify.Mention
		message string
		want    []string
	}{
		{"a user", notify.Mention{watch.Critical: {user, "<@" + other + ">"}}, "expiry-3d", []string{"<@" + user + ">", "<@" + other + ">"}},
		{"a user twice", notify.Mention{watch.Critical: {user, "<@!" + user + ">"}}, "expiry-3d", []string{"<@" + user + ">"}},
		{"a role", notify.Mention{watch.Critical: {"&" + role, "<@&" + role + ">"}}, "expiry-3d", []string{"<@&" + role + ">"}},
		{"all", notify.Mention{watch.Critical: {"@everyone", user}}, "expiry-3d", []string{"@everyone", "<@" + user + ">"}},
		{"those who are there", notify.Mention{watch.Critical: {"here"}}, "expiry-3d", []string{"@here"}},
		{"by severity", notify.Mention{watch.Critical: {"@here"}, watch.Warning: {user}}, "expiry-30d", []string{"<@" + user + ">"}},
		{"nobody by what the API said", nil, "failing-denied", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, fail := range []bool{false, true} {
				s, n := serve(t, tt.mention, notify.Deps{})
				if fail {
					s.Fail(refusedEmbeds)
				}
				m := notifytest.Find(tt.message)
				evil := "<@272187916267159000> <@&1655> [click](https://evil.example)"
				m.Items[0].Notice.Message += evil
				m.Items[0].Notice.Labels = map[string]string{evil: evil}
				if out := n.Send(t.Context(), m); out.Result != watch.Sent {
					t.Fatalf("Send = %+v, want sent", out)
				}
				got := s.Messages()[0]
				if diff := cmp.Diff(tt.want, got.Mentions); diff != "" {
					t.Errorf("calls in %s (-want +got):\n%s", got.Kind, diff)
				}
				if strings.Contains(string(got.Body), "[click](https") {
					t.Errorf("a text that others wrote became a link:\n%s", got.Body)
				}
			}
		})
	}
}

// TestWhereToPost is about the URL as Discord hands it out, which means an old
// version of the API and no word on errors.
func TestWhereToPost(t *testing.T) {
	for _, tt := range []struct{ handed, want string }{
		{path, "/api/v10/webhooks/" + hook + "/" + token + "?wait=true"},
		{path + "/", "/api/v10/webhooks/" + hook + "/" + token + "?wait=true"},
		{"/api/v6/webhooks/" + hook + "/" + token, "/api/v10/webhooks/" + hook + "/" + token + "?wait=true"},
		{path + "?thread_id=42&wait=false", "/api/v10/webhooks/" + hook + "/" + token + "?thread_id=42&wait=true"},
		{"/a/proxy/of/ours", "/a/proxy/of/ours?wait=true"},
	} {
		var got string
		n := open(t, discord.Config{Address: notify.Address{URL: listen(t, &got) + tt.handed}}, notify.Deps{})
		n.Send(t.Context(), notifytest.Find("expiry-3d"))
		if got != tt.want {
			t.Errorf("%s is posted to %s, want %s", tt.handed, got, tt.want)
		}
	}
}

func TestBadConfigs(t *testing.T) {
	address := func(url string) discord.Config { return discord.Config{Address: notify.Address{URL: url}} }
	mention := func(m notify.Mention) discord.Config {
		c := config("https://discord.com")
		c.Mention = m
		return c
	}
	var many []string
	for i := range 21 {
		many = append(many, fmt.Sprint(80351110224678900+i))
	}
	for _, tt := range []struct {
		name   string
		config discord.Config
		want   string // begins the error
	}{
		{"no url", address(""), "url: is missing"},
		{"in the clear", address("http://discord.com" + path), "url: is http://"},
		{"no token", address("https://discord.com/api/webhooks/" + hook), "url: is not that of a webhook"},
		{"a channel's page", address("https://ptb.discord.com/channels/1/" + token), "url: is not that of a webhook"},
		{"for Slack's messages", address("https://discord.com" + path + "/slack"), "url: is for messages of another service"},
		{"for GitHub's messages", address("https://discord.com" + path + "/github"), "url: is for messages of another service"},
		{"a language", discord.Config{Address: config("https://h").Address, Wording: notify.Wording{Language: "tlh"}}, `language: "tlh"`},
		{"a severity", mention(notify.Mention{"urgent": {"@here"}}), `mention: "urgent"`},
		{"an empty name", mention(notify.Mention{watch.Critical: {" "}}), "mention: holds an empty name"},
		{"a display name", mention(notify.Mention{watch.Critical: {"@zhang"}}), `mention: "@zhang" cannot be called`},
		{"a crowd", mention(notify.Mention{watch.Critical: many}), "mention: more than 20 at critical"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := discord.New(tt.config, notify.Deps{})
			if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
				t.Fatalf("New = %v, want %q …", err, tt.want)
			}
			if strings.Contains(err.Error(), token) {
				t.Errorf("the error holds the token: %v", err)
			}
		})
	}
}
