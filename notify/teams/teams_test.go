package teams_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"prowatch/notify"
	"prowatch/notify/notifytest"
	"prowatch/notify/sink"
	"prowatch/notify/teams"
	"prowatch/watch"
)

const (
	sig  = "c4n4ry-6V3RlN2XfbiX3o_c6uMMrJ5Jkz"
	path = "/powerautomate/automations/direct/workflows/852a3c17b3924d7c80324ee0420039d3/triggers/manual/paths/invoke" +
		"?api-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=" + sig
)

func open(t *testing.T, c teams.Config, d notify.Deps) watch.Notifier {
	t.Helper()
	n, err := teams.New(c, d)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func config(base string) teams.Config {
	return teams.Config{Address: notify.Address{URL: base + path}}
}

// serve starts a flow and returns it with a channel that posts to it.
func serve(t *testing.T, mention notify.Mention, d notify.Deps) (*sink.Sink, watch.Notifier) {
	t.Helper()
	s := sink.NewTeams(sig, &sink.Options{Rate: -1})
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	c := config(server.URL)
	c.Mention = mention
	return s, open(t, c, d)
}

func TestContract(t *testing.T) {
	refused := func(status int, code string, want watch.Outcome) notifytest.Refusal {
		return notifytest.Refusal{Name: code, Fault: sink.TeamsFault(status, code, "no"), Want: want}
	}
	permanent := func(code string) watch.Outcome { return watch.Outcome{Result: watch.Permanent, Code: code} }
	accepted := func(name string, f sink.Fault) notifytest.Refusal {
		return notifytest.Refusal{Name: name, Fault: f, Want: watch.Outcome{Result: watch.Accepted}}
	}
	notifytest.Run(t, notifytest.Harness{
		New: func(t *testing.T, base string, client *http.Client) watch.Notifier {
			return open(t, config(base), notify.Deps{Client: client})
		},
		Sink:    func() *sink.Sink { return sink.NewTeams(sig, nil) },
		Secrets: []string{sig, path, "852a3c17b3924d7c80324ee0420039d3"},
		Queues:  true,
		Refusals: []notifytest.Refusal{
			accepted("HTTP 202", sink.Fault{Status: 202}),
			accepted("HTTP 200, never sent", sink.Fault{Status: 200, Body: "1"}),
			accepted("a flow with an answer of its own", sink.Fault{Status: 200, Body: `{"posted":true}`}),
			refused(400, "TriggerInputSchemaMismatch", permanent("TriggerInputSchemaMismatch")),
			refused(400, "MissingApiVersionParameter", permanent("MissingApiVersionParameter")),
			refused(400, "WorkflowTriggerIsNotEnabled", permanent("WorkflowTriggerIsNotEnabled")),
			refused(404, "WorkflowNotFound", permanent("WorkflowNotFound")),
			refused(404, "WorkflowTriggerNotFound", permanent("WorkflowTriggerNotFound")),
			refused(401, "DirectApiAuthorizationRequired", permanent("DirectApiAuthorizationRequired")),
			refused(401, "DirectApiInvalidAuthorizationScheme", permanent("DirectApiInvalidAuthorizationScheme")),
			refused(403, "AuthorizationFailed", permanent("AuthorizationFailed")),
			refused(413, "RequestEntityTooLarge", permanent("RequestEntityTooLarge")),
			refused(400, "SomethingNew", permanent("400")),
			refused(429, "TooManyRequests", watch.Outcome{Result: watch.Retry, Code: "429"}),
			refused(502, "BadGateway", watch.Outcome{Result: watch.Retry, Code: "502"}),
			{Name: "throttled for a while", Fault: sink.Fault{Status: 429, Header: http.Header{"Retry-After": {"17"}}},
				Want: watch.Outcome{Result: watch.Retry, Code: "429", After: 17 * time.Second}},
			{Name: "a page under HTTP 202", Fault: sink.Fault{Status: 202, Body: " <html>Sign in</html>"}, Want: watch.Outcome{Result: watch.Retry}},
		},
	})
}

func TestTheProofSaysWhatItIsNot(t *testing.T) {
	_, n := serve(t, nil, notify.Deps{})
	out := n.Send(t.Context(), notifytest.Find("expiry-3d"))
	if out.Result != watch.Accepted || !strings.Contains(out.Text, "run history") {
		t.Errorf("Send = %+v, want accepted, and where to see more", out)
	}
}

func TestASmallCardFollowsWhenTheCardIsTooLarge(t *testing.T) {
	for _, f := range []sink.Fault{sink.TeamsFault(413, "RequestEntityTooLarge", "no"), {Status: 413, Body: "Request Entity too large"}} {
		s, n := serve(t, notify.Mention{watch.Critical: {"zhang@example.com"}}, notify.Deps{})
		s.Fail(f)
		if out := n.Send(t.Context(), notifytest.Digest(40)); out.Result != watch.Accepted {
			t.Fatalf("after %s: Send = %+v, want accepted", f.Body, out)
		}
		ms := s.Messages()
		if len(ms) != 1 || len(ms[0].Body) > 9<<10 || len(ms[0].Mentions) != 1 {
			t.Fatalf("after %s: messages %+v, want one small card that calls", f.Body, ms)
		}
		notifytest.Golden(t, "fallback.txt", ms[0].Text+"\n")
	}
}

// TestALongMessageUsesTheRoomThereIs counts as Teams may at worst: six bytes a
// Chinese character, two a quote.
func TestALongMessageUsesTheRoomThereIs(t *testing.T) {
	for piece, most := range map[string]int{"密钥不存在，": (26 << 10) / 36, `"a"\`: (26 << 10) / 13} {
		s, n := serve(t, nil, notify.Deps{})
		m := notifytest.Find("failing-denied")
		m.Items[0].Notice.Message = strings.Repeat(piece, 20_000/len(piece))
		if out := n.Send(t.Context(), m); out.Result != watch.Accepted {
			t.Fatalf("Send = %+v, want accepted", out)
		}
		if len(s.Messages()) == 0 {
			t.Fatalf("the flow could not post the card with %q", piece)
		}
		if left := strings.Count(s.Messages()[0].Text, piece); left < most*8/10 || left > most {
			t.Errorf("%d of %q are left, want hardly less than %d", left, piece, most)
		}
	}
}

func TestAThousandNoticesAreOneReadableMessage(t *testing.T) {
	s, n := serve(t, nil, notify.Deps{Page: "https://prowatch.example.com/"})
	if out := n.Send(t.Context(), notifytest.Digest(1000)); out.Result != watch.Accepted {
		t.Fatalf("Send = %+v, want accepted", out)
	}
	if len(s.Messages()) == 0 {
		t.Fatal("the flow could not post the card")
	}
	got := s.Messages()[0]
	if shown := strings.Count(got.Text, "Renew in the console"); shown < 5 || !strings.Contains(got.Text, "more, left out for size") {
		t.Errorf("%d notices:\n%s", shown, got.Text)
	}
}
