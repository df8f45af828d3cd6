package slack_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"prowatch/notify"
	"prowatch/notify/notifytest"
	"prowatch/notify/sink"
	"prowatch/notify/slack"
	"prowatch/watch"
)

const (
	token = "c4n4ryTokenOfAWebhook0000"
	path  = "/services/T024BE7LD/B024BE7LH/" + token
)

func open(t *testing.T, c slack.Config, d notify.Deps) watch.Notifier {
	t.Helper()
	n, err := slack.New(c, d)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func config(base string) slack.Config {
	return slack.Config{Address: notify.Address{URL: base + path}}
}

// serve starts a webhook and returns it with a channel that posts to it.
func serve(t *testing.T, mention notify.Mention, d notify.Deps) (*sink.Sink, watch.Notifier) {
	t.Helper()
	s := sink.NewSlack(path, &sink.Options{Rate: -1})
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	c := config(server.URL)
	c.Mention = mention
	return s, open(t, c, d)
}

func TestContract(t *testing.T) {
	refused := func(status int, word string, want watch.Result) notifytest.Refusal {
		return notifytest.Refusal{Name: word, Fault: sink.SlackFault(status, word), Want: watch.Outcome{Result: want, Code: word}}
	}
	notifytest.Run(t, notifytest.Harness{
		New: func(t *testing.T, base string, client *http.Client) watch.Notifier {
			return open(t, config(base), notify.Deps{Client: client})
		},
		Sink:    func() *sink.Sink { return sink.NewSlack(path, nil) },
		Secrets: []string{token, path},
		Refusals: []notifytest.Refusal{
			refused(400, "invalid_payload", watch.Permanent),
			refused(400, "user_not_found", watch.Permanent),
			refused(400, "no_text", watch.Permanent),
			refused(400, "invalid_blocks", watch.Permanent),
			refused(400, "invalid_blocks_format", watch.Permanent),
			refused(400, "msg_blocks_too_long", watch.Permanent),
			refused(400, "msg_too_long", watch.Permanent),
			refused(403, "action_prohibited", watch.Permanent),
			refused(403, "posting_to_general_channel_denied", watch.Permanent),
			refused(403, "team_disabled", watch.Permanent),
			refused(403, "invalid_token", watch.Permanent),
			refused(404, "channel_not_found", watch.Permanent),
			refused(404, "no_service", watch.Permanent),
			refused(404, "no_service_id", watch.Permanent),
			refused(404, "no_active_hooks", watch.Permanent),
			refused(404, "no_team", watch.Permanent),
			refused(410, "channel_is_archived", watch.Permanent),
			refused(500, "rollup_error", watch.Retry),
			refused(429, "rate_limited", watch.Retry),
			refused(429, "ratelimited", watch.Retry),
			{Name: "throttled for a while", Fault: sink.Fault{Status: 429, Body: "rate_limited", Header: http.Header{"Retry-After": {"30"}}},
				Want: watch.Outcome{Result: watch.Retry, Code: "rate_limited", After: 30 * time.Second}},
			{Name: "a refusal under HTTP 200", Fault: sink.SlackFault(200, "no_service"), Want: watch.Outcome{Result: watch.Permanent, Code: "no_service"}},
			{Name: "a word that is not known", Fault: sink.SlackFault(400, "too_strange"), Want: watch.Outcome{Result: watch.Permanent, Code: "400"}},
			{Name: "success under an error status", Fault: sink.SlackFault(500, "ok"), Want: watch.Outcome{Result: watch.Retry, Code: "500"}},
			{Name: "success with a newline", Fault: sink.SlackFault(200, "ok\n"), Want: watch.Outcome{Result: watch.Sent}},
			{Name: "success in other letters", Fault: sink.SlackFault(200, "OK"), Want: watch.Outcome{Result: watch.Retry}},
			{Name: "a page that says ok", Fault: sink.SlackFault(200, "<html>ok</html>"), Want: watch.Outcome{Result: watch.Retry}},
		},
	})
}

func TestPlainTextFollowsWhenTheBlocksAreRefused(t *testing.T) {
	for _, word := range []string{"msg_blocks_too_long", "invalid_blocks"} {
		s, n := serve(t, notify.Mention{watch.Critical: {"@here"}}, notify.Deps{})
		s.Fail(sink.SlackFault(400, word))
		if out := n.Send(t.Context(), notifytest.Digest(12)); out.Result != watch.Sent {
			t.Fatalf("%s: Send = %+v, want sent", word, out)
		}
		ms := s.Messages()
		if len(ms) != 1 || ms[0].Kind != "text" || len(ms[0].Mentions) != 1 {
			t.Fatalf("%s: messages %+v, want one text that calls", word, ms)
		}
		notifytest.Golden(t, "fallback.txt", ms[0].Text+"\n")
	}
}

func TestNoPlainTextWhenTheWebhookIsRefused(t *testing.T) {
	s, n := serve(t, nil, notify.Deps{})
	s.Fail(sink.SlackFault(404, "no_service"))
	if out := n.Send(t.Context(), notifytest.Find("expiry-3d")); out.Result != watch.Permanent || s.Requests() != 1 {
		t.Errorf("Send = %+v after %d requests, want permanent after 1", out, s.Requests())
	}
}

// TestALongMessageUsesTheRoomThereIs is about a section's 3000 characters,
// which are not bytes.
func TestALongMessageUsesTheRoomThereIs(t *testing.T) {
	for piece, most := range map[string]int{"密钥不存在，": 3000 / 6, "🔑 & <b>": 3000 / len("🔑 &amp; &lt;b&gt;")} {
		s, n := serve(t, nil, notify.Deps{})
		m := notifytest.Find("failing-denied")
		m.Items[0].Notice.Message = strings.Repeat(piece, 1500)
		if out := n.Send(t.Context(), m); out.Result != watch.Sent {
			t.Fatalf("Send = %+v, want sent", out)
		}
		got := s.Messages()[0]
		if left := strings.Count(got.Text, piece); got.Kind != "blocks" || left < most*8/10 || left > most {
			t.Errorf("%s with %d of %q, want blocks with hardly less than %d", got.Kind, left, piece, most)
		}
	}
}

func TestTheBlocksAreWithinEveryLimit(t *testing.T) {
	name := strings.Repeat("n", 64)
	title := notifytest.Find("stale")
	n := &title.Items[0].Notice
	n.Account, n.Type, n.Opens = name, watch.DeliveryFailed, "delivery:"+name
	field := notifytest.Find("expiry-3d")
	field.Items[0].Notice.Labels = map[string]string{"k": strings.Repeat("标", 2100)}
	total := notifytest.Digest(20)
	for i := range total.Items {
		total.Items[i].Runbook = "https://wiki.example.com/" + strings.Repeat("r", 800)
	}
	for what, m := range map[string]watch.Message{"title": title, "field": field, "total": total, "count": notifytest.Digest(1000)} {
		s, n := serve(t, nil, notify.Deps{})
		if out := n.Send(t.Context(), m); out.Result != watch.Sent || s.Requests() != 1 {
			t.Fatalf("%s: Send = %+v after %d requests, want sent at the first", what, out, s.Requests())
		}
		got := s.Messages()[0]
		if got.Kind != "blocks" || what == "title" && !strings.Contains(got.Text, name+" · prowatch") {
			t.Errorf("%s: %s that show\n%s", what, got.Kind, got.Text)
		}
	}
}

func TestAThousandNoticesAreOneReadableMessage(t *testing.T) {
	s, n := serve(t, nil, notify.Deps{Page: "https://prowatch.example.com/"})
	if out := n.Send(t.Context(), notifytest.Digest(1000)); out.Result != watch.Sent {
		t.Fatalf("Send = %+v, want sent", out)
	}
	got := s.Messages()[0]
	if shown := strings.Count(got.Text, "Renew in the console"); got.Kind != "blocks" || shown < 5 || !strings.Contains(got.Text, "more, left out for size") {
		t.Errorf("%s with %d notices:\n%s", got.Kind, shown, got.Text)
	}
}

// TestTheBannerShowsTheTitle is about the text beside the blocks: a phone shows
// its beginning.
func TestTheBannerShowsTheTitle(t *testing.T) {
	s, n := serve(t, nil, notify.Deps{})
	m := notifytest.Find("expiry-3d")
	n.Send(t.Context(), m)
	if got := string(s.Messages()[0].Body); !strings.HasPrefix(got, `{"text":"[CRITICAL] TCSS Pro ends in 2 days, 2026-11-27 00:00 UTC`) || !strings.Contains(got, m.ID+`","blocks":[`) {
		t.Errorf("the request does not begin with the whole notice as text:\n%s", got)
	}
}

// TestAShortPathIsASecret is about other chats, whose paths may have no segment
// as long as a token.
func TestAShortPathIsASecret(t *testing.T) {
	s := sink.NewSlack("/hooks/s3cr3t", nil)
	s.Fail(sink.Fault{Status: 400, Body: "cannot POST /hooks/s3cr3t"})
	server := httptest.NewServer(s)
	defer server.Close()
	n := open(t, slack.Config{Address: notify.Address{URL: server.URL + "/hooks/s3cr3t"}}, notify.Deps{})
	if out := n.Send(t.Context(), notifytest.Find("expiry-3d")); out.Result != watch.Permanent || strings.Contains(out.Text, "s3cr3t") {
		t.Errorf("Send = %+v, want permanent without the path", out)
	}
}
