package oracles

import (
	"testing"

	"prowatch/notify"
	"prowatch/notify/notifytest"
	"prowatch/notify/sink"
	"prowatch/notify/telegram"
	"prowatch/watch"

	"net/http/httptest"

	"github.com/google/go-cmp/cmp"
)

// TestABotAPI sends to a bot API of others' making, and compares what that took
// with what the sink took.
func TestABotAPI(t *testing.T) {
	const token, chat = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw", "-1001234567890"
	open := func(base, language string) watch.Notifier {
		n, err := telegram.New(telegram.Config{
			Address: notify.Address{URL: base}, Wording: notify.Wording{Language: language}, Token: token, ChatID: chat,
		}, notify.Deps{})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	type message struct {
		BotToken string `json:"botToken"`
		ChatID   string `json:"chat_id"`
		Text     string `json:"text"`
		Mode     string `json:"parse_mode"`
	}
	s := sink.NewTelegram(token, []string{chat}, &sink.Options{Rate: -1})
	server := httptest.NewServer(s)
	defer server.Close()
	addr, stop := peer(t, "telegram.mjs", nil)
	var want []message
	for _, language := range languages {
		for _, c := range append(notifytest.Cases(), notifytest.Case{Name: "digest", Message: notifytest.Digest(1000)}) {
			for _, base := range []string{server.URL, "http://" + addr} {
				if out := open(base, language).Send(t.Context(), c.Message); out.Result != watch.Sent {
					t.Fatalf("%s in %s: %+v, want sent", c.Name, language, out)
				}
			}
			ms := s.Messages()
			want = append(want, message{token, chat, ms[len(ms)-1].Text, "HTML"})
		}
	}
	var got []message
	stop(&got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("messages (-sink +the others' API):\n%s", diff)
	}
}
