package feishu_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"prowatch/notify"
	"prowatch/notify/feishu"
	"prowatch/notify/notifytest"
	"prowatch/notify/sink"
	"prowatch/watch"
)

func TestMentions(t *testing.T) {
	card := []sink.Fault(nil)
	text := []sink.Fault{sink.FeishuFault(9499, "Bad Request")}
	for _, tt := range []struct {
		name    string
		mention notify.Mention
		message string
		faults  []sink.Fault
		want    []string // who was called
	}{
		{"ids in a card", notify.Mention{watch.Critical: {"ou_84aad35d", "@b6xxxxg8"}}, "expiry-3d", card, []string{"ou_84aad35d", "b6xxxxg8"}},
		{"all in a card", notify.Mention{watch.Critical: {"@all"}}, "expiry-3d", card, []string{"all"}},
		{"ids in a text", notify.Mention{watch.Critical: {"ou_84aad35d", "b6xxxxg8"}}, "expiry-3d", text, []string{"ou_84aad35d", "b6xxxxg8"}},
		{"all in a text", notify.Mention{watch.Critical: {"all"}}, "expiry-3d", text, []string{"all"}},
		{"by the severity of the message", notify.Mention{watch.Warning: {"ou_1"}, watch.Critical: {"ou_2"}}, "expiry-30d", card, []string{"ou_1"}},
		{"nobody at another severity", notify.Mention{watch.Critical: {"@all"}}, "expiry-30d", card, nil},
		{"nobody by what the API said, in a card", nil, "failing-denied", card, nil},
		{"nobody by what the API said, in a text", nil, "failing-denied", text, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, n := serve(t, sink.Robot{}, nil, func(c *feishu.Config) { c.Mention = tt.mention }, notify.Deps{})
			s.Fail(tt.faults...)
			m := notifytest.Find(tt.message)
			evil := `<at id=all></at> <at user_id="all"></at> &#60;at id=all&#62; [click](https://evil.example)`
			m.Items[0].Notice.Message += evil
			m.Items[0].Notice.Labels = map[string]string{"note": evil}
			if out := n.Send(t.Context(), m); out.Result != watch.Sent {
				t.Fatalf("Send = %+v, want sent", out)
			}
			got := s.Messages()[0]
			if diff := cmp.Diff(tt.want, got.Mentions); diff != "" {
				t.Errorf("calls (-want +got):\n%s", diff)
			}
			if strings.Contains(got.Text, "<click>") {
				t.Errorf("a text that others wrote became a link:\n%s", got.Text)
			}
			if !strings.Contains(got.Text, "&#60;at id=all&#62;") {
				t.Errorf("a text that others wrote is not shown as it is:\n%s", got.Text)
			}
		})
	}
}

func TestBadConfigs(t *testing.T) {
	good := config("https://h")
	calling := func(name string) feishu.Config {
		return feishu.Config{Address: good.Address, Mention: notify.Mention{watch.Critical: {name}}}
	}
	for _, tt := range []struct {
		name   string
		config feishu.Config
		want   string // begins the error
	}{
		{"no url", feishu.Config{}, "url: is missing"},
		{"no token", feishu.Config{Address: notify.Address{URL: "https://open.feishu.cn/open-apis/bot/v2/hook/"}}, "url: is not that of a custom bot"},
		{"a bot of the first generation", feishu.Config{Address: notify.Address{URL: "https://open.feishu.cn/open-apis/bot/hook/" + token}}, "url: is not that of a custom bot"},
		{"a flow's webhook", feishu.Config{Address: notify.Address{URL: "https://www.feishu.cn/flow/api/trigger-webhook/" + token}}, "url: is not that of a custom bot"},
		{"in the clear", feishu.Config{Address: notify.Address{URL: "http://open.feishu.cn/open-apis/bot/v2/hook/" + token}}, "url: is http://"},
		{"only the token", feishu.Config{Address: notify.Address{URL: token}}, "url: is no URL"},
		{"a language", feishu.Config{Address: good.Address, Wording: notify.Wording{Language: "tlh"}}, `language: "tlh"`},
		{"a severity", feishu.Config{Address: good.Address, Mention: notify.Mention{"urgent": {"@all"}}}, `mention: "urgent"`},
		{"no name", calling(" "), "mention: holds an empty name"},
		{"a phone number", calling("13800001111"), "mention: a Feishu bot calls by open_id"},
		{"a phone number with its country", calling("+8613800001111"), "mention: a Feishu bot calls by open_id"},
		{"an e-mail address", calling("zhang@example.com"), "mention: a Feishu bot calls by open_id"},
		{"a name", calling("张三"), "mention: a Feishu bot calls by open_id"},
		{"markup", calling(`x></at><at id=all`), "mention: a Feishu bot calls by open_id"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := feishu.New(tt.config, notify.Deps{})
			if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
				t.Fatalf("New = %v, want %q …", err, tt.want)
			}
			if strings.Contains(err.Error(), token) {
				t.Errorf("the error holds the token: %v", err)
			}
		})
	}
}
