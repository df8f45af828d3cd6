package discord_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"prowatch/notify"
	"prowatch/notify/discord"
	"prowatch/notify/notifytest"
	"prowatch/notify/sink"
	"prowatch/watch"
)

const (
	hook  = "1310113465273417728"
	token = "c4n4ry-3GsvZ_aBq0yYQmXl8dK1pRt7uVw2xYz5"
	path  = "/api/webhooks/" + hook + "/" + token // as Discord hands it out
)

func open(t *testing.T, c discord.Config, d notify.Deps) watch.Notifier {
	t.Helper()
	n, err := discord.New(c, d)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func config(base string) discord.Config {
	return discord.Config{Address: notify.Address{URL: base + path}}
}

// serve starts a webhook and returns it with a channel that posts to it.
func serve(t *testing.T, mention notify.Mention, d notify.Deps) (*sink.Sink, watch.Notifier) {
	t.Helper()
	s := sink.NewDiscord(hook, token, &sink.Options{Rate: -1})
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	c := config(server.URL)
	c.Mention = mention
	return s, open(t, c, d)
}

func TestContract(t *testing.T) {
	refused := func(status, code int, text string, want watch.Outcome) notifytest.Refusal {
		return notifytest.Refusal{Name: text, Fault: sink.DiscordFault(status, code, text), Want: want}
	}
	permanent := func(code string) watch.Outcome { return watch.Outcome{Result: watch.Permanent, Code: code} }
	throttled := func(body string, h http.Header) sink.Fault { return sink.Fault{Status: 429, Header: h, Body: body} }
	notifytest.Run(t, notifytest.Harness{
		New: func(t *testing.T, base string, client *http.Client) watch.Notifier {
			return open(t, config(base), notify.Deps{Client: client})
		},
		Sink:    func() *sink.Sink { return sink.NewDiscord(hook, token, nil) },
		Secrets: []string{token, path, hook},
		Refusals: []notifytest.Refusal{
			refused(404, 10015, "Unknown Webhook", permanent("10015")),
			refused(401, 50027, "Invalid Webhook Token", permanent("50027")),
			refused(404, 10003, "Unknown Channel", permanent("10003")),
			refused(403, 50001, "Missing Access", permanent("50001")),
			refused(403, 50013, "Missing Permissions", permanent("50013")),
			refused(400, 50083, "Tried to perform an operation on an archived thread", permanent("50083")),
			refused(403, 160005, "This thread is locked", permanent("160005")),
			refused(400, 220001, "Webhooks posted to forum channels must have a thread_name or thread_id", permanent("220001")),
			refused(400, 50006, "Cannot send an empty message", permanent("50006")),
			refused(400, 50035, "Invalid Form Body", permanent("50035")),
			refused(413, 40005, "Request entity too large", permanent("40005")),
			refused(503, 130000, "API resource is currently overloaded", watch.Outcome{Result: watch.Retry, Code: "130000"}),
			refused(401, 0, "401: Unauthorized", permanent("401")),
			refused(400, 999999, "a code nobody knows", permanent("400")),
			refused(500, 0, "500: Internal Server Error", watch.Outcome{Result: watch.Retry, Code: "500"}),
			{Name: "throttled, in the body", Fault: throttled(`{"message":"You are being rate limited.","retry_after":64.5,"global":false}`, nil),
				Want: watch.Outcome{Result: watch.Retry, Code: "429", After: 64500 * time.Millisecond}},
			{Name: "throttled, in the bucket's header", Fault: throttled(``, http.Header{"X-Ratelimit-Reset-After": {"1.25"}}),
				Want: watch.Outcome{Result: watch.Retry, Code: "429", After: 1250 * time.Millisecond}},
			{Name: "throttled, the longest counts", Fault: throttled(`{"retry_after":2.5}`, http.Header{"Retry-After": {"3"}, "X-Ratelimit-Reset-After": {"1"}}),
				Want: watch.Outcome{Result: watch.Retry, Code: "429", After: 3 * time.Second}},
			{Name: "throttled by its guard", Fault: throttled("error code: 1015", http.Header{"Retry-After": {"600"}}),
				Want: watch.Outcome{Result: watch.Retry, Code: "429", After: 10 * time.Minute}},
			{Name: "throttled for an age", Fault: throttled(`{"retry_after":1e12}`, nil),
				Want: watch.Outcome{Result: watch.Retry, Code: "429", After: 6 * time.Hour}},
			{Name: "taken without a word", Fault: sink.Fault{Status: 204}, Want: watch.Outcome{Result: watch.Unknown}},
			{Name: "an id under another status", Fault: sink.Fault{Status: 202, Body: `{"id":"1310113465273417779"}`}, Want: watch.Outcome{Result: watch.Unknown}},
			{Name: "an id that is a number", Fault: sink.Fault{Body: `{"id":1310113465273417779}`}, Want: watch.Outcome{Result: watch.Unknown}},
			{Name: "an id of something else", Fault: sink.Fault{Body: `{"id":"7f3a"}`}, Want: watch.Outcome{Result: watch.Unknown}},
			{Name: "an id that is null", Fault: sink.Fault{Body: `{"id":null}`}, Want: watch.Outcome{Result: watch.Unknown}},
		},
	})
}

func TestPlainTextFollowsWhenTheEmbedsAreRefused(t *testing.T) {
	for _, f := range []sink.Fault{sink.DiscordFault(400, 50035, "Invalid Form Body"), sink.DiscordFault(413, 40005, "Request entity too large")} {
		s, n := serve(t, notify.Mention{watch.Critical: {"80351110224678912"}}, notify.Deps{})
		s.Fail(f)
		if out := n.Send(t.Context(), notifytest.Digest(12)); out.Result != watch.Sent {
			t.Fatalf("after %s: Send = %+v, want sent", f.Body, out)
		}
		ms := s.Messages()
		if len(ms) != 1 || ms[0].Kind != "content" || len(ms[0].Mentions) != 1 || !strings.Contains(string(ms[0].Body), `"flags":4`) {
			t.Fatalf("after %s: messages %+v, want one text that calls, without previews", f.Body, ms)
		}
		notifytest.Golden(t, "fallback.txt", ms[0].Text+"\n")
	}
}

func TestNoPlainTextWhenTheWebhookIsRefused(t *testing.T) {
	s, n := serve(t, nil, notify.Deps{})
	s.Fail(sink.DiscordFault(401, 50027, "Invalid Webhook Token"))
	if out := n.Send(t.Context(), notifytest.Find("expiry-3d")); out.Result != watch.Permanent || s.Requests() != 1 {
		t.Errorf("Send = %+v after %d requests, want permanent after 1: each 401 counts towards a ban", out, s.Requests())
	}
}

// TestALongMessageUsesTheRoomThereIs is about a description's 4096 characters,
// which are not bytes.
func TestALongMessageUsesTheRoomThereIs(t *testing.T) {
	for piece, most := range map[string]int{"密钥不存在，": 4096 / 6, "🔑*<&>": 4096 / len(`12\*\<&>`)} {
		s, n := serve(t, nil, notify.Deps{})
		m := notifytest.Find("failing-denied")
		m.Items[0].Notice.Message = strings.Repeat(piece, 1500)
		if out := n.Send(t.Context(), m); out.Result != watch.Sent {
			t.Fatalf("Send = %+v, want sent", out)
		}
		got := s.Messages()[0]
		if left := strings.Count(got.Text, piece); got.Kind != "embeds" || left < most*8/10 || left > most {
			t.Errorf("%s with %d of %q, want embeds with hardly less than %d", got.Kind, left, piece, most)
		}
	}
}

func TestTheEmbedsAreWithinEveryLimit(t *testing.T) {
	name := strings.Repeat("_", 64)
	title := notifytest.Digest(2)
	for i := range title.Items {
		n := &title.Items[i].Notice
		n.Account, n.Type, n.Opens = name, watch.DeliveryFailed, "delivery:"+name
	}
	value := notifytest.Find("expiry-3d")
	value.Items[0].Notice.Labels = map[string]string{"k": strings.Repeat("标", 1100)}
	total := notifytest.Digest(9)
	for i := range total.Items {
		total.Items[i].Runbook = "https://wiki.example.com/" + strings.Repeat("r", 800)
	}
	for what, m := range map[string]watch.Message{"title": title, "value": value, "total": total, "count": notifytest.Digest(1000)} {
		s, n := serve(t, nil, notify.Deps{})
		if out := n.Send(t.Context(), m); out.Result != watch.Sent || s.Requests() != 1 {
			t.Fatalf("%s: Send = %+v after %d requests, want sent at the first", what, out, s.Requests())
		}
		got := s.Messages()[0]
		if got.Kind != "embeds" || what == "title" && strings.Count(got.Text, name+" · prowatch") != 3 {
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
	if shown := strings.Count(got.Text, "Renew in the console"); got.Kind != "embeds" || shown < 5 || !strings.Contains(got.Text, "more, left out for size") {
		t.Errorf("%s with %d notices:\n%s", got.Kind, shown, got.Text)
	}
}

func TestLinksSurviveInBothForms(t *testing.T) {
	const runbook = "https://wiki.example.com/a_b~c_d?x=*(1)#_e_"
	m := notifytest.Find("expiry-3d")
	m.Items[0].Runbook = runbook
	for want, faults := range map[string][]sink.Fault{
		"(https://wiki.example.com/a_b~c_d?x=*%281%29#_e_)": nil,
		"https://wiki.example.com/a_b~c_d?x=":               {refusedEmbeds},
	} {
		s, n := serve(t, nil, notify.Deps{})
		s.Fail(faults...)
		n.Send(t.Context(), m)
		if got := s.Messages()[0]; !strings.Contains(string(got.Body), want) {
			t.Errorf("%s without %s:\n%s", got.Kind, want, got.Body)
		}
	}
}
