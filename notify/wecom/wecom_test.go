package wecom_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"prowatch/notify"
	"prowatch/notify/notifytest"
	"prowatch/notify/sink"
	"prowatch/notify/wecom"
	"prowatch/watch"
)

const key = "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"

func open(t *testing.T, c wecom.Config, d notify.Deps) watch.Notifier {
	t.Helper()
	n, err := wecom.New(c, d)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func config(base string) wecom.Config {
	return wecom.Config{Address: notify.Address{URL: base + "/cgi-bin/webhook/send?key=" + key}}
}

func TestContract(t *testing.T) {
	refused := func(code int, text string, want watch.Outcome) notifytest.Refusal {
		return notifytest.Refusal{Name: text, Fault: sink.WeComFault(code, text), Want: want}
	}
	notifytest.Run(t, notifytest.Harness{
		New: func(t *testing.T, base string, client *http.Client) watch.Notifier {
			return open(t, config(base), notify.Deps{Client: client})
		},
		Sink:    func() *sink.Sink { return sink.NewWeCom(key, nil) },
		Secrets: []string{key},
		Refusals: []notifytest.Refusal{
			refused(93000, "invalid webhook url", watch.Outcome{Result: watch.Permanent, Code: "93000"}),
			refused(40008, "invalid message type", watch.Outcome{Result: watch.Permanent, Code: "40008"}),
			refused(40058, "markdown.content exceed max length 4096", watch.Outcome{Result: watch.Permanent, Code: "40058"}),
			refused(44004, "text content is empty", watch.Outcome{Result: watch.Permanent, Code: "44004"}),
			refused(40035, "invalid parameter", watch.Outcome{Result: watch.Permanent, Code: "40035"}),
			refused(-1, "system busy", watch.Outcome{Result: watch.Retry, Code: "-1"}),
			refused(6000, "data version conflict", watch.Outcome{Result: watch.Retry, Code: "6000"}),
			refused(45009, "api freq out of limit", watch.Outcome{Result: watch.Retry, Code: "45009", After: time.Minute}),
			refused(45033, "api concurrent out of limit", watch.Outcome{Result: watch.Retry, Code: "45033"}),
			refused(999999, "a code nobody knows", watch.Outcome{Result: watch.Retry, Code: "999999"}),
			{Name: "code as text", Fault: sink.Fault{Body: `{"errcode":"93000"}`}, Want: watch.Outcome{Result: watch.Permanent, Code: "93000"}},
			{Name: "success as text", Fault: sink.Fault{Body: `{"errcode":"0","errmsg":"ok"}`}, Want: watch.Outcome{Result: watch.Sent}},
			{Name: "success under an error status", Fault: sink.Fault{Status: 500, Body: `{"errcode":0}`}, Want: watch.Outcome{Result: watch.Retry, Code: "500"}},
			{Name: "success under another status", Fault: sink.Fault{Status: 202, Body: `{"errcode":0}`}, Want: watch.Outcome{Result: watch.Unknown}},
			{Name: "throttled for longer", Fault: sink.Fault{Header: http.Header{"Retry-After": {"90"}}, Body: `{"errcode":45009}`},
				Want: watch.Outcome{Result: watch.Retry, Code: "45009", After: 90 * time.Second}},
			{Name: "success that is null", Fault: sink.Fault{Body: `{"errcode":null}`}, Want: watch.Outcome{Result: watch.Unknown}},
			{Name: "success that is false", Fault: sink.Fault{Body: `{"errcode":false}`}, Want: watch.Outcome{Result: watch.Unknown}},
		},
	})
}

func TestTheRateIsTheRobots(t *testing.T) {
	s := sink.NewWeCom(key, nil)
	server := httptest.NewServer(s)
	defer server.Close()
	n := open(t, config(server.URL), notify.Deps{})
	for i := range 20 {
		if out := n.Send(t.Context(), notifytest.Find("expiry-3d")); out.Result != watch.Sent {
			t.Fatalf("message %d: %+v, want sent", i+1, out)
		}
	}
	if out := n.Send(t.Context(), notifytest.Find("expiry-3d")); out.Code != "45009" {
		t.Errorf("message 21: %+v, want 45009", out)
	}
}

func TestPlainTextFollowsWhenTheRichFormIsTooLong(t *testing.T) {
	s := sink.NewWeCom(key, nil)
	server := httptest.NewServer(s)
	defer server.Close()
	n := open(t, config(server.URL), notify.Deps{})
	s.Fail(sink.WeComFault(40058, "markdown.content exceed max length 4096"))
	out := n.Send(t.Context(), notifytest.Digest(12))
	if out.Result != watch.Sent {
		t.Fatalf("Send = %+v, want sent", out)
	}
	ms := s.Messages()
	if len(ms) != 1 || ms[0].Kind != "text" || len(ms[0].Text) > 2048 {
		t.Fatalf("%d messages, the first %s of %d bytes; want one text of at most 2048", len(ms), ms[0].Kind, len(ms[0].Text))
	}
	notifytest.Golden(t, "fallback.txt", ms[0].Text+"\n")
}

func TestALongMessageUsesTheRoomThereIs(t *testing.T) {
	for _, tt := range []struct {
		kind   string
		limit  int
		faults []sink.Fault
	}{
		{"markdown", 4096, nil},
		{"text", 2048, []sink.Fault{sink.WeComFault(40058, "markdown.content exceed max length 4096")}},
	} {
		s := sink.NewWeCom(key, nil)
		server := httptest.NewServer(s)
		defer server.Close()
		s.Fail(tt.faults...)
		m := notifytest.Find("failing-denied")
		m.Items[0].Notice.Message = strings.Repeat("密钥不存在，", 1000)
		if out := open(t, config(server.URL), notify.Deps{}).Send(t.Context(), m); out.Result != watch.Sent {
			t.Fatalf("Send = %+v, want sent", out)
		}
		got := s.Messages()[0]
		if n := len(got.Text); got.Kind != tt.kind || n > tt.limit || n < tt.limit-5 {
			t.Errorf("%s of %d bytes, want %s of %d or hardly less", got.Kind, n, tt.kind, tt.limit)
		}
	}
}

func TestEveryAttemptHasItsOwnConnection(t *testing.T) {
	seen := map[string]bool{}
	s := sink.NewWeCom(key, nil)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen[r.RemoteAddr] = true
		s.ServeHTTP(w, r)
	}))
	defer server.Close()
	n := open(t, config(server.URL), notify.Deps{Client: server.Client()})
	for range 3 {
		n.Send(t.Context(), notifytest.Find("expiry-3d"))
	}
	if len(seen) != 3 {
		t.Errorf("3 messages over %d connections, want 3: a kept one may be dead after a freeze", len(seen))
	}
}
