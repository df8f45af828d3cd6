package pagerduty_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"prowatch/notify"
	"prowatch/notify/notifytest"
	"prowatch/notify/pagerduty"
	"prowatch/notify/sink"
	"prowatch/watch"
)

const key = "e93facc04764012d7bfb002500d5d1a6"

func open(t *testing.T, c pagerduty.Config, d notify.Deps) watch.Notifier {
	t.Helper()
	n, err := pagerduty.New(c, d)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func config(base string) pagerduty.Config {
	return pagerduty.Config{Address: notify.Address{URL: base}, RoutingKey: key}
}

// service returns Events API v2 and a channel to it in the language.
func service(t *testing.T, language string) (*sink.Sink, watch.Notifier) {
	t.Helper()
	s := sink.NewPagerDuty(key, nil)
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	c := config(server.URL)
	c.Language = language
	return s, open(t, c, notify.Deps{Zone: time.FixedZone("CST", 8*60*60), Page: "https://prowatch.example.com/"})
}

func TestContract(t *testing.T) {
	refused := func(code int, text string, want watch.Outcome) notifytest.Refusal {
		return notifytest.Refusal{Name: text, Fault: sink.PagerDutyFault(code, "invalid event", "Event object is invalid", text), Want: want}
	}
	taken := func(status int, body string, want watch.Result, code string) notifytest.Refusal {
		return notifytest.Refusal{Name: body, Fault: sink.Fault{Status: status, Body: body}, Want: watch.Outcome{Result: want, Code: code}}
	}
	notifytest.Run(t, notifytest.Harness{
		New: func(t *testing.T, base string, client *http.Client) watch.Notifier {
			return open(t, config(base), notify.Deps{Client: client})
		},
		Sink:    func() *sink.Sink { return sink.NewPagerDuty(key, nil) },
		Secrets: []string{key},
		Single:  true,
		Refusals: []notifytest.Refusal{
			refused(400, "Invalid routing key", watch.Outcome{Result: watch.Permanent, Code: "400"}),
			refused(400, "'payload.severity' is invalid", watch.Outcome{Result: watch.Permanent, Code: "400"}),
			refused(400, "Event size exceeds 512 KB", watch.Outcome{Result: watch.Permanent, Code: "400"}),
			refused(403, "Forbidden", watch.Outcome{Result: watch.Permanent, Code: "403"}),
			refused(429, "throttle exceeded", watch.Outcome{Result: watch.Retry, Code: "429"}),
			refused(500, "Internal Server Error", watch.Outcome{Result: watch.Retry, Code: "500"}),
			{Name: "throttled for a while", Fault: sink.Fault{Status: 429, Header: http.Header{"Retry-After": {"180"}}},
				Want: watch.Outcome{Result: watch.Retry, Code: "429", After: 3 * time.Minute}},
			taken(202, `{"status":"success"}`, watch.Sent, ""),
			taken(202, `{"status":"invalid event"}`, watch.Unknown, ""),
			taken(202, `{"status":1}`, watch.Unknown, ""),
			taken(202, `{}`, watch.Unknown, ""),
			taken(202, `<html>success</html>`, watch.Retry, ""),
			taken(200, `{"status":"success","message":"Event processed"}`, watch.Unknown, ""),
			taken(500, `{"status":"success"}`, watch.Retry, "500"),
		},
	})
}

// did is what an event does, as the service sees it.
type did struct {
	Action, Key, Severity string
	Duplicate             bool
}

func read(t *testing.T, m sink.Message) did {
	t.Helper()
	var e struct {
		Action   string `json:"event_action"`
		DedupKey string `json:"dedup_key"`
		Payload  struct{ Severity string }
	}
	if err := json.Unmarshal(m.Body, &e); err != nil {
		t.Fatal(err)
	}
	return did{e.Action, e.DedupKey, e.Payload.Severity, m.Duplicate}
}

func TestProblemsBecomeAlerts(t *testing.T) {
	const status, expiry, check = "prowatch:acme-prod:status", "prowatch:acme-prod:expiry", "prowatch:acme-prod:check"
	for _, tt := range []struct {
		name  string
		sends []string
		want  []did
		says  string // the last proof
	}{
		{"a critical problem", []string{"expiry-3d"}, []did{{"trigger", expiry, "critical", false}}, "PagerDuty: triggered expiry, HTTP 202"},
		{"a warning", []string{"expiry-30d"}, []did{{"trigger", expiry, "warning", false}}, "PagerDuty: triggered expiry, HTTP 202"},
		{"a warning that is raised", []string{"expiry-30d", "expiry-3d"}, []did{{"trigger", expiry, "warning", false}, {"trigger", expiry, "critical", true}}, "PagerDuty: triggered expiry, HTTP 202"},
		{"a problem that ends", []string{"failing-throttled", "recovered"}, []did{{"trigger", check, "warning", false}, {"resolve", check, "info", false}}, "PagerDuty: resolved check, HTTP 202"},
		{"one that begins as another ends", []string{"status-isolate"}, []did{{"trigger", status, "critical", false}, {"resolve", expiry, "info", false}}, "PagerDuty: triggered status, resolved expiry, HTTP 202"},
		{"a reminder", []string{"status-pending", "reminder-pending"}, []did{{"trigger", status, "critical", false}, {"trigger", status, "critical", true}}, "PagerDuty: triggered status, HTTP 202"},
		{"a channel that fails", []string{"delivery-failed", "delivery-recovered"}, []did{{"trigger", "prowatch:acme-prod:delivery:sec", "warning", false}, {"resolve", "prowatch:acme-prod:delivery:sec", "info", false}}, "PagerDuty: resolved delivery:sec, HTTP 202"},
		{"no problem", []string{"expiry-shortened"}, []did{{}}, "PagerDuty: recorded as a change event, HTTP 202: it opens and resolves no problem, so nobody is paged"},
		{"a test", []string{"unheard-of"}, []did{{}}, "PagerDuty: recorded as a change event, HTTP 202: it opens and resolves no problem, so nobody is paged"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, n := service(t, "en")
			var out watch.Outcome
			for _, name := range tt.sends {
				if out = n.Send(t.Context(), notifytest.Find(name)); out.Result != watch.Sent {
					t.Fatalf("Send = %+v, want sent", out)
				}
			}
			if out.Text != tt.says {
				t.Errorf("the proof says %q, want %q", out.Text, tt.says)
			}
			var got []did
			for _, m := range s.Messages() {
				got = append(got, read(t, m))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("events (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAnAlertAfterItsEndIsAnother(t *testing.T) {
	s, n := service(t, "en")
	for _, name := range []string{"failing-denied", "recovered", "failing-denied"} {
		n.Send(t.Context(), notifytest.Find(name))
	}
	if ms := s.Messages(); len(ms) != 3 || ms[2].Duplicate {
		t.Errorf("%d events, the last %+v; want 3, the last an alert of its own", len(ms), ms[len(ms)-1])
	}
}

func TestBothEventsAreOneDelivery(t *testing.T) {
	s, n := service(t, "en")
	s.Fail(sink.Fault{Taken: true, Status: 202, Body: `{"status":"success"}`}, sink.PagerDutyFault(429, "throttle exceeded", "slow down"))
	m := notifytest.Find("status-isolate")
	if out := n.Send(t.Context(), m); out.Result != watch.Retry || !strings.HasSuffix(out.Text, "(event 2 of 2)") {
		t.Errorf("Send with the resolve refused for now = %+v, want retry", out)
	}
	if out := n.Send(t.Context(), m); out.Result != watch.Sent {
		t.Errorf("Send again = %+v, want sent", out)
	}
	var got []string
	for _, m := range s.Messages() {
		got = append(got, m.Kind)
	}
	if want := []string{"trigger", "trigger", "resolve"}; !slices.Equal(got, want) {
		t.Errorf("events %v, want %v", got, want)
	}
}

func TestALongKeyIsHashed(t *testing.T) {
	s, n := service(t, "en")
	for _, channel := range []string{strings.Repeat("a", 300), strings.Repeat("a", 299) + "b"} {
		m := notifytest.Find("delivery-failed")
		m.Items[0].Notice.Opens = "delivery:" + channel
		n.Send(t.Context(), m)
	}
	ms := s.Messages()
	if len(ms) != 2 || ms[1].Duplicate {
		t.Fatalf("messages %v, want two alerts", ms)
	}
}

func TestAnEventIsAtMost512KiB(t *testing.T) {
	s, n := service(t, "en")
	m := notifytest.Find("failing-denied")
	m.Items[0].Notice.Message = strings.Repeat("密钥不存在，", 40_000)
	if out := n.Send(t.Context(), m); out.Result != watch.Sent {
		t.Fatalf("Send = %+v, want sent", out)
	}
	if size := len(s.Messages()[0].Body); size > 512<<10 || size < 512<<10-16 {
		t.Errorf("the event has %d bytes, want 524288 or hardly less", size)
	}
}

func TestTheMendOfAWrongKey(t *testing.T) {
	server := httptest.NewServer(sink.NewPagerDuty("another", nil))
	defer server.Close()
	out := open(t, config(server.URL), notify.Deps{}).Send(t.Context(), notifytest.Find("expiry-3d"))
	if out.Result != watch.Permanent || !strings.Contains(out.Text, "Integration Key") || !strings.Contains(out.Text, "Invalid routing key") {
		t.Errorf("Send = %+v, want permanent with what was said and the mend", out)
	}
}

func TestGolden(t *testing.T) {
	for language, file := range map[string]string{"en": "events.txt", "zh": "events.zh.txt", "both": "events.both.txt"} {
		s, n := service(t, language)
		var all strings.Builder
		for _, c := range notifytest.Cases() {
			before := len(s.Messages())
			out := n.Send(t.Context(), c.Message)
			all.WriteString("--- " + c.Name + ": " + out.Text + "\n")
			for _, m := range s.Messages()[before:] {
				all.WriteString(m.Text + "\n")
			}
		}
		notifytest.Golden(t, file, all.String())
	}
}
