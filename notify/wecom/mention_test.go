package wecom_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"prowatch/notify"
	"prowatch/notify/notifytest"
	"prowatch/notify/sink"
	"prowatch/notify/wecom"
	"prowatch/watch"
)

func TestMentions(t *testing.T) {
	for _, tt := range []struct {
		name    string
		mention notify.Mention
		message string
		want    [][]string // who was called, by message
	}{
		{"a user in the message itself", notify.Mention{watch.Critical: {"zhang", "@li"}}, "expiry-3d", [][]string{{"zhang", "li"}}},
		{"all in a second message", notify.Mention{watch.Critical: {"@all"}}, "expiry-3d", [][]string{nil, {"@all"}}},
		{"a mobile number in a second message", notify.Mention{watch.Critical: {"13800001111", "zhang"}}, "expiry-3d", [][]string{{"zhang"}, {"13800001111"}}},
		{"nobody at another severity", notify.Mention{watch.Critical: {"@all"}}, "expiry-30d", [][]string{nil}},
		{"nobody by what the API said", nil, "failing-denied", [][]string{nil}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := sink.NewWeCom(key, nil)
			server := httptest.NewServer(s)
			defer server.Close()
			c := config(server.URL)
			c.Mention = tt.mention
			m := notifytest.Find(tt.message)
			m.Items[0].Notice.Message += " <@all> [click](https://evil.example)"
			if out := open(t, c, notify.Deps{}).Send(t.Context(), m); out.Result != watch.Sent {
				t.Fatalf("Send = %+v, want sent", out)
			}
			var got [][]string
			for _, m := range s.Messages() {
				got = append(got, m.Mentions)
				if strings.Contains(m.Text, "](https://evil.example)") {
					t.Errorf("a text that others wrote became a link:\n%s", m.Text)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("calls (-want +got):\n%s", diff)
			}
		})
	}
}

func TestALostCallDoesNotLoseTheNotice(t *testing.T) {
	s := sink.NewWeCom(key, nil)
	server := httptest.NewServer(s)
	defer server.Close()
	c := config(server.URL)
	c.Mention = notify.Mention{watch.Critical: {"@all"}}
	s.Fail(sink.Fault{Taken: true, Body: `{"errcode":0}`}, sink.WeComFault(45009, "api freq out of limit"))
	out := open(t, c, notify.Deps{}).Send(t.Context(), notifytest.Find("expiry-3d"))
	if out.Result != watch.Sent || !strings.Contains(out.Text, "@all did not go through") {
		t.Errorf("Send = %+v, want sent, with a word on the lost call", out)
	}
}

func TestNoCallWithoutTheNotice(t *testing.T) {
	s := sink.NewWeCom(key, nil)
	server := httptest.NewServer(s)
	defer server.Close()
	c := config(server.URL)
	c.Mention = notify.Mention{watch.Critical: {"@all"}}
	s.Fail(sink.WeComFault(-1, "system busy"))
	open(t, c, notify.Deps{}).Send(t.Context(), notifytest.Find("expiry-3d"))
	if n := len(s.Messages()); n != 0 {
		t.Errorf("%d messages arrived, want none: the call goes with a delivered notice", n)
	}
}

func TestBadConfigs(t *testing.T) {
	for _, tt := range []struct {
		name   string
		config wecom.Config
		want   string // begins the error
	}{
		{"no url", wecom.Config{}, "url: is missing"},
		{"no key", wecom.Config{Address: notify.Address{URL: "https://qyapi.weixin.qq.com/cgi-bin/webhook/send"}}, "url: has no key"},
		{"an empty key", wecom.Config{Address: notify.Address{URL: "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key="}}, "url: has no key"},
		{"in the clear", wecom.Config{Address: notify.Address{URL: "http://qyapi.weixin.qq.com/?key=" + key}}, "url: is http://"},
		{"only the key", wecom.Config{Address: notify.Address{URL: key}}, "url: is no URL"},
		{"a language", wecom.Config{Address: config("https://h").Address, Wording: notify.Wording{Language: "tlh"}}, `language: "tlh"`},
		{"a severity", wecom.Config{Address: config("https://h").Address, Mention: notify.Mention{"urgent": {"@all"}}}, `mention: "urgent"`},
		{"a name", wecom.Config{Address: config("https://h").Address, Mention: notify.Mention{watch.Critical: {" "}}}, "mention: holds an empty name"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := wecom.New(tt.config, notify.Deps{})
			if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
				t.Fatalf("New = %v, want %q …", err, tt.want)
			}
			if strings.Contains(err.Error(), key) {
				t.Errorf("the error holds the key: %v", err)
			}
		})
	}
}
