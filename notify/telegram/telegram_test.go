package telegram_test

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"prowatch/notify"
	"prowatch/notify/notifytest"
	"prowatch/notify/sink"
	"prowatch/notify/telegram"
	"prowatch/watch"
)

const (
	token = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
	chat  = "-1001234567890"
	moved = "-1009876543210"
)

func open(t *testing.T, c telegram.Config, d notify.Deps) watch.Notifier {
	t.Helper()
	n, err := telegram.New(c, d)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func config(base string) telegram.Config {
	return telegram.Config{Address: notify.Address{URL: base}, Token: token, ChatID: chat}
}

// chatRoom returns a bot API that knows both ids of the chat, and a channel to it.
func chatRoom(t *testing.T, change func(*telegram.Config)) (*sink.Sink, watch.Notifier) {
	t.Helper()
	s := sink.NewTelegram(token, []string{chat, moved}, &sink.Options{Rate: -1})
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	c := config(server.URL)
	if change != nil {
		change(&c)
	}
	return s, open(t, c, notify.Deps{Zone: time.FixedZone("CST", 8*60*60), Page: "https://prowatch.example.com/"})
}

func TestContract(t *testing.T) {
	refused := func(code int, text, parameters string, want watch.Result, after time.Duration) notifytest.Refusal {
		return notifytest.Refusal{Name: text, Fault: sink.TelegramFault(code, text, parameters),
			Want: watch.Outcome{Result: want, Code: strconv.Itoa(code), After: after}}
	}
	refusals := []notifytest.Refusal{
		refused(400, "Bad Request: chat not found", "", watch.Permanent, 0),
		refused(400, "Bad Request: can't parse entities", "", watch.Permanent, 0),
		refused(400, "Bad Request: message is too long", "", watch.Permanent, 0),
		refused(400, "Bad Request: not enough rights to send text messages to the chat", "", watch.Permanent, 0),
		refused(400, "Bad Request: group chat was upgraded to a supergroup chat", `{"migrate_to_chat_id":`+moved+`}`, watch.Permanent, 0),
		refused(401, "Unauthorized", "", watch.Permanent, 0),
		refused(403, "Forbidden: bot was kicked from the group chat", "", watch.Permanent, 0),
		refused(403, "Forbidden: bot was blocked by the user", "", watch.Permanent, 0),
		refused(403, "Forbidden: bot can't initiate conversation with a user", "", watch.Permanent, 0),
		refused(404, "Not Found", "", watch.Permanent, 0),
		refused(429, "Too Many Requests: retry after 35", `{"retry_after":35}`, watch.Retry, 35*time.Second),
		refused(429, "Too Many Requests", "", watch.Retry, 0),
		refused(429, "Too Many Requests: absurd", `{"retry_after":9223372036854775807}`, watch.Retry, 6*time.Hour),
		refused(429, "Too Many Requests: negative", `{"retry_after":-3}`, watch.Retry, 0),
		refused(500, "Internal Server Error", "", watch.Retry, 0),
		refused(502, "Bad Gateway", "", watch.Retry, 0),
		{Name: "a refusal under 200", Fault: sink.Fault{Body: `{"ok":false,"error_code":403,"description":"Forbidden"}`},
			Want: watch.Outcome{Result: watch.Permanent, Code: "403"}},
		{Name: "success under an error status", Fault: sink.Fault{Status: 502, Body: `{"ok":true}`}, Want: watch.Outcome{Result: watch.Retry, Code: "502"}},
		{Name: "success under another status", Fault: sink.Fault{Status: 202, Body: `{"ok":true}`}, Want: watch.Outcome{Result: watch.Unknown}},
		{Name: "no refusal and no success", Fault: sink.Fault{Body: `{"ok":false}`}, Want: watch.Outcome{Result: watch.Unknown}},
		{Name: "success that is a word", Fault: sink.Fault{Body: `{"ok":"true"}`}, Want: watch.Outcome{Result: watch.Unknown}},
		{Name: "success that is null", Fault: sink.Fault{Body: `{"ok":null}`}, Want: watch.Outcome{Result: watch.Unknown}},
		{Name: "success alone", Fault: sink.Fault{Body: `{"ok":true}`}, Want: watch.Outcome{Result: watch.Sent}},
	}
	notifytest.Run(t, notifytest.Harness{
		New: func(t *testing.T, base string, client *http.Client) watch.Notifier {
			return open(t, config(base), notify.Deps{Client: client})
		},
		Sink:     func() *sink.Sink { return sink.NewTelegram(token, []string{chat}, nil) },
		Secrets:  []string{token, strings.SplitAfter(token, ":")[1]},
		Refusals: refusals,
	})
}

func TestAGroupThatMovedGetsTheMessageAtItsNewID(t *testing.T) {
	s, n := chatRoom(t, nil)
	s.Fail(sink.TelegramFault(400, "Bad Request: group chat was upgraded to a supergroup chat", `{"migrate_to_chat_id":`+moved+`}`))
	out := n.Send(t.Context(), notifytest.Find("expiry-3d"))
	if out.Result != watch.Sent || !strings.Contains(out.Text, `set chat_id: "`+moved+`"`) {
		t.Errorf("Send = %+v, want sent, with the id to set", out)
	}
	if ms := s.Messages(); len(ms) != 1 || !strings.Contains(string(ms[0].Body), moved) {
		t.Errorf("messages %v, want one to %s", ms, moved)
	}
}

func TestAMoveIsFollowedOnce(t *testing.T) {
	s, n := chatRoom(t, nil)
	again := sink.TelegramFault(400, "Bad Request: group chat was upgraded to a supergroup chat", `{"migrate_to_chat_id":`+moved+`}`)
	again.Times = 10
	s.Fail(again)
	if out := n.Send(t.Context(), notifytest.Find("expiry-3d")); out.Result != watch.Permanent || s.Requests() != 2 {
		t.Errorf("Send = %+v after %d requests, want permanent after 2", out, s.Requests())
	}
}

func TestPlainTextFollowsWhenTheRichFormIsRefused(t *testing.T) {
	for _, reason := range []string{"Bad Request: message is too long", "Bad Request: can't parse entities: Unsupported start tag"} {
		s, n := chatRoom(t, nil)
		s.Fail(sink.TelegramFault(400, reason, ""))
		if out := n.Send(t.Context(), notifytest.Digest(12)); out.Result != watch.Sent {
			t.Fatalf("Send = %+v, want sent", out)
		}
		got := s.Messages()[0]
		if got.Kind != "" || len(got.Text) > 4096 || strings.Contains(got.Text, "<b>") {
			t.Errorf("%q of %d bytes, want plain text of at most 4096", got.Kind, len(got.Text))
		}
		notifytest.Golden(t, "fallback.txt", got.Text+"\n")
	}
}

func TestALongMessageUsesTheRoomThereIs(t *testing.T) {
	s, n := chatRoom(t, func(c *telegram.Config) { c.Mention = notify.Mention{watch.Critical: {"zhang"}} })
	for _, text := range []string{"密钥不存在，", "<&>\"'", "🔴🔴"} {
		m := notifytest.Find("failing-denied")
		m.Items[0].Notice.Message = strings.Repeat(text, 2000)
		if out := n.Send(t.Context(), m); out.Result != watch.Sent {
			t.Fatalf("Send = %+v, want sent", out)
		}
		ms := s.Messages()
		seen := strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&", "&#34;", `"`, "&#39;", "'",
			"<b>", "", "</b>", "", "<i>", "", "</i>", "", "</a>", "").Replace(ms[len(ms)-1].Text)
		if n := notify.Units(seen); n < 4096-5 { // two links more, which are markup
			t.Errorf("%d units of %q arrived, want 4096 or hardly less", n, text)
		}
	}
}

func TestMentions(t *testing.T) {
	for _, tt := range []struct {
		name    string
		mention notify.Mention
		message string
		want    []string
	}{
		{"by name and by id", notify.Mention{watch.Critical: {"zhang_san", "@li_si", "12345"}}, "expiry-3d", []string{"@zhang_san", "@li_si", "12345"}},
		{"nobody at another severity", notify.Mention{watch.Critical: {"zhang_san"}}, "expiry-30d", nil},
		{"nobody by what the API said", nil, "failing-denied", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, n := chatRoom(t, func(c *telegram.Config) { c.Mention = tt.mention })
			m := notifytest.Find(tt.message)
			m.Items[0].Notice.Message += ` @durov,(@durov) <a href="tg://user?id=777">x</a> ops@example.com`
			if out := n.Send(t.Context(), m); out.Result != watch.Sent {
				t.Fatalf("Send = %+v, want sent", out)
			}
			got := s.Messages()[0]
			if strings.Contains(got.Text, `<a href="tg://user?id=777"`) {
				t.Errorf("a text that others wrote became a link:\n%s", got.Text)
			}
			if diff := cmp.Diff(tt.want, got.Mentions); diff != "" {
				t.Errorf("calls (-want +got):\n%s", diff)
			}
		})
	}
}

func TestGolden(t *testing.T) {
	for language, file := range map[string]string{"en": "html.txt", "zh": "html.zh.txt", "both": "html.both.txt"} {
		s, n := chatRoom(t, func(c *telegram.Config) {
			c.Language, c.Mention = language, notify.Mention{watch.Critical: {"zhang_san"}}
		})
		cases := append(notifytest.Cases(),
			notifytest.Case{Name: "digest-3", Message: notifytest.Digest(3)},
			notifytest.Case{Name: "digest-40", Message: notifytest.Digest(40)})
		var all strings.Builder
		for i, c := range cases {
			if out := n.Send(t.Context(), c.Message); out.Result != watch.Sent {
				t.Fatalf("%s in %s: %+v, want sent", c.Name, language, out)
			}
			all.WriteString("--- " + c.Name + "\n" + s.Messages()[i].Text + "\n\n")
		}
		notifytest.Golden(t, file, all.String())
	}
}

func TestBadConfigs(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(*telegram.Config)
		want   string // begins the error
	}{
		{"no token", func(c *telegram.Config) { c.Token = "" }, "token: is no token"},
		{"half a token", func(c *telegram.Config) { c.Token = token[:9] }, "token: is no token"},
		{"a token with a path", func(c *telegram.Config) { c.Token = token + "/../x" }, "token: is no token"},
		{"no chat", func(c *telegram.Config) { c.ChatID = "" }, "chat_id: is no chat"},
		{"a chat by its title", func(c *telegram.Config) { c.ChatID = "Security team" }, "chat_id: is no chat"},
		{"in the clear", func(c *telegram.Config) { c.URL = "http://example.com" }, "url: is http://"},
		{"a language", func(c *telegram.Config) { c.Language = "tlh" }, `language: "tlh"`},
		{"a severity", func(c *telegram.Config) { c.Mention = notify.Mention{"urgent": {"a"}} }, `mention: "urgent"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := config("")
			tt.change(&c)
			_, err := telegram.New(c, notify.Deps{})
			if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
				t.Fatalf("New = %v, want %q …", err, tt.want)
			}
			if strings.Contains(err.Error(), token) {
				t.Errorf("the error holds the token: %v", err)
			}
		})
	}
}

func TestTheVendorsServerIsTheDefault(t *testing.T) {
	var asked string
	client := &http.Client{Transport: roundTrip(func(r *http.Request) { asked = r.URL.String() })}
	open(t, config(""), notify.Deps{Client: client}).Send(t.Context(), notifytest.Find("expiry-3d"))
	if want := "https://api.telegram.org/bot" + token + "/sendMessage"; asked != want {
		t.Errorf("asked %q, want %q", asked, want)
	}
}

type roundTrip func(*http.Request)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) {
	f(r)
	return nil, http.ErrHandlerTimeout
}
