package teams_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"prowatch/notify"
	"prowatch/notify/notifytest"
	"prowatch/notify/sink"
	"prowatch/notify/teams"
	"prowatch/watch"
)

func TestMentions(t *testing.T) {
	const object = "8c0a1a67-50ce-4114-bb6c-da9c5dbcf6ca"
	for _, tt := range []struct {
		name    string
		mention notify.Mention
		message string
		want    []string // ids
		shown   string
	}{
		{"a sign-in name", notify.Mention{watch.Critical: {"zhang@example.com"}}, "expiry-3d", []string{"zhang@example.com"}, "<at>zhang@example.com</at>"},
		{"a name to show", notify.Mention{watch.Critical: {"张三 <zhang@example.com>", "Li <" + object + ">"}}, "expiry-3d", []string{"zhang@example.com", object}, "<at>张三</at> <at>Li</at>"},
		{"an object id", notify.Mention{watch.Critical: {object}}, "expiry-3d", []string{object}, "<at>" + object + "</at>"},
		{"nobody at another severity", notify.Mention{watch.Critical: {"zhang@example.com"}}, "expiry-30d", nil, ""},
		{"nobody by what the API said", nil, "failing-denied", nil, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, faults := range [][]sink.Fault{nil, {sink.TeamsFault(413, "RequestEntityTooLarge", "no")}} {
				s, n := serve(t, tt.mention, notify.Deps{})
				s.Fail(faults...)
				m := notifytest.Find(tt.message)
				m.Items[0].Notice.Message += " <at>Wang</at> [click](https://evil.example) {{DATE(2026-11-24T01:07:00Z)}}"
				m.Items[0].Notice.Labels = map[string]string{"<at>k</at>": "<at>v</at>"}
				if out := n.Send(t.Context(), m); out.Result != watch.Accepted || len(s.Messages()) != 1 {
					t.Fatalf("Send = %+v and %d messages were posted, want accepted and 1", out, len(s.Messages()))
				}
				got := s.Messages()[0]
				if diff := cmp.Diff(tt.want, got.Mentions); diff != "" {
					t.Errorf("calls (-want +got):\n%s", diff)
				}
				if !strings.HasSuffix(got.Text, tt.shown) || strings.Contains(got.Text, "](https") || strings.Contains(got.Text, "{{") {
					t.Errorf("want %q at the end, and no markup of others:\n%s", tt.shown, got.Text)
				}
			}
		})
	}
}

func TestBadConfigs(t *testing.T) {
	address := func(url string) teams.Config { return teams.Config{Address: notify.Address{URL: url}} }
	mention := func(m notify.Mention) teams.Config {
		c := config("https://teams.example")
		c.Mention = m
		return c
	}
	const environment = "https://default0.0a.environment.api.powerplatform.com:443"
	var many []string
	for i := range 21 {
		many = append(many, fmt.Sprintf("zhang%d@example.com", i))
	}
	for _, tt := range []struct {
		name   string
		config teams.Config
		want   string // begins the error
	}{
		{"no url", address(""), "url: is missing"},
		{"in the clear", address("http://teams.example" + path), "url: is http://"},
		{"a connector", address("https://contoso.webhook.office.com/webhookb2/" + sig), "url: is that of an Office 365 connector"},
		{"an old connector", address("https://outlook.office.com/webhook/" + sig), "url: is that of an Office 365 connector"},
		{"copied from a page", address(environment + strings.ReplaceAll(path, "&", "&amp;")), "url: holds &amp;"},
		{"cut by a shell", address(environment + path[:strings.Index(path, "&")]), "url: has no sig"},
		{"a language", teams.Config{Address: config("https://h").Address, Wording: notify.Wording{Language: "tlh"}}, `language: "tlh"`},
		{"a severity", mention(notify.Mention{"urgent": {"zhang@example.com"}}), `mention: "urgent"`},
		{"an empty name", mention(notify.Mention{watch.Critical: {" "}}), "mention: holds an empty name"},
		{"everybody", mention(notify.Mention{watch.Critical: {"@all"}}), `mention: "@all" cannot be called`},
		{"a display name", mention(notify.Mention{watch.Critical: {"Zhang San"}}), `mention: "Zhang San" cannot be called`},
		{"a crowd", mention(notify.Mention{watch.Critical: many}), "mention: more than 20 at critical"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := teams.New(tt.config, notify.Deps{})
			if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
				t.Fatalf("New = %v, want %q …", err, tt.want)
			}
			if strings.Contains(err.Error(), sig) {
				t.Errorf("the error holds the sig: %v", err)
			}
		})
	}
}

// TestAnyHostIsTaken is because Microsoft moved the flows to another host once,
// and senders that knew the old one alone went silent.
func TestAnyHostIsTaken(t *testing.T) {
	for _, host := range []string{
		"https://default0.0a.environment.api.powerplatform.com:443", "https://prod-26.uksouth.logic.azure.com:443",
		"https://flows.example.cn", "https://proxy.internal.example",
	} {
		if _, err := teams.New(config(host), notify.Deps{}); err != nil {
			t.Errorf("New with %s = %v", host, err)
		}
	}
}
