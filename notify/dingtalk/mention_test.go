package dingtalk_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"prowatch/notify"
	"prowatch/notify/dingtalk"
	"prowatch/notify/notifytest"
	"prowatch/notify/sink"
	"prowatch/watch"
)

func TestMentions(t *testing.T) {
	for _, tt := range []struct {
		name    string
		mention notify.Mention
		message string
		want    []string // who was called
	}{
		{"mobile numbers", notify.Mention{watch.Critical: {"13800001111", "+85251234567"}}, "expiry-3d", []string{"13800001111", "+85251234567"}},
		{"user ids", notify.Mention{watch.Critical: {"manager4220", "@zhang"}}, "expiry-3d", []string{"manager4220", "zhang"}},
		{"all", notify.Mention{watch.Critical: {"@all"}}, "expiry-3d", []string{"@all"}},
		{"each kind", notify.Mention{watch.Critical: {"@all", "zhang", "13800001111"}}, "expiry-3d", []string{"13800001111", "zhang", "@all"}},
		{"by the severity of the message", notify.Mention{watch.Warning: {"zhang"}, watch.Critical: {"li"}}, "expiry-30d", []string{"zhang"}},
		{"nobody at another severity", notify.Mention{watch.Critical: {"@all"}}, "expiry-30d", nil},
		{"nobody by what the API said", nil, "failing-denied", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, n := serve(t, sink.Robot{}, nil, func(c *dingtalk.Config) { c.Mention = tt.mention }, notify.Deps{})
			m := notifytest.Find(tt.message)
			m.Items[0].Notice.Message += " @all @13800001111 [click](https://evil.example) ![](https://evil.example/x.png)"
			if out := n.Send(t.Context(), m); out.Result != watch.Sent {
				t.Fatalf("Send = %+v, want sent", out)
			}
			got := s.Messages()[0]
			if diff := cmp.Diff(tt.want, got.Mentions); diff != "" {
				t.Errorf("calls (-want +got):\n%s", diff)
			}
			if strings.Contains(got.Text, "](https://evil.example") {
				t.Errorf("a text that others wrote became a link:\n%s", got.Text)
			}
		})
	}
}

func TestBadConfigs(t *testing.T) {
	const page = "https://oapi.dingtalk.com/robot/send"
	good := config("https://h")
	for _, tt := range []struct {
		name   string
		config dingtalk.Config
		want   string // begins the error
	}{
		{"no url", dingtalk.Config{}, "url: is missing"},
		{"no token", dingtalk.Config{Address: notify.Address{URL: page}}, "url: has no token"},
		{"an empty token", dingtalk.Config{Address: notify.Address{URL: page + "?access_token="}}, "url: has no token"},
		{"in the clear", dingtalk.Config{Address: notify.Address{URL: "http://oapi.dingtalk.com/?access_token=" + token}}, "url: is http://"},
		{"only the token", dingtalk.Config{Address: notify.Address{URL: token}}, "url: is no URL"},
		{"the token for the secret", dingtalk.Config{Address: good.Address, Secret: token}, "secret: must begin with SEC"},
		{"a language", dingtalk.Config{Address: good.Address, Wording: notify.Wording{Language: "tlh"}}, `language: "tlh"`},
		{"a severity", dingtalk.Config{Address: good.Address, Mention: notify.Mention{"urgent": {"@all"}}}, `mention: "urgent"`},
		{"a name", dingtalk.Config{Address: good.Address, Mention: notify.Mention{watch.Critical: {" "}}}, "mention: holds an empty name"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := dingtalk.New(tt.config, notify.Deps{})
			if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
				t.Fatalf("New = %v, want %q …", err, tt.want)
			}
			if strings.Contains(err.Error(), token) || strings.Contains(err.Error(), secret) {
				t.Errorf("the error holds a secret: %v", err)
			}
		})
	}
}
