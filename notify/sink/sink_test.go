package sink_test

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"prowatch/notify/sink"
)

// ask posts body to the sink and returns the status and the answer.
func ask(s *sink.Sink, path string, h http.Header, body string) (int, string) {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	r.Header = h
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

func TestTheRobotRefusesAsWeComDoes(t *testing.T) {
	content := func(kind string, n int) string {
		return `{"msgtype":"` + kind + `","` + kind + `":{"content":"` + strings.Repeat("a", n) + `"}}`
	}
	for _, tt := range []struct {
		name, path, body, want string
	}{
		{"takes text", "/?key=k", content("text", 2048), `"errcode":0`},
		{"takes markdown", "/?key=k", content("markdown", 4096), `"errcode":0`},
		{"takes markdown_v2", "/?key=k", content("markdown_v2", 4096), `"errcode":0`},
		{"wrong key", "/?key=x", content("text", 1), `"errcode":93000`},
		{"no key", "/", content("text", 1), `"errcode":93000`},
		{"text too long", "/?key=k", content("text", 2049), `"errcode":40058`},
		{"markdown too long", "/?key=k", content("markdown", 4097), `markdown.content exceed max length 4096`},
		{"bytes count, not characters", "/?key=k", strings.ReplaceAll(content("text", 700), "aa", "中文"), `"errcode":40058`},
		{"empty", "/?key=k", content("text", 0), `"errcode":44004`},
		{"another type", "/?key=k", content("poem", 1), `"errcode":40008`},
		{"no JSON", "/?key=k", "hello", `"errcode":47001`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := sink.NewWeCom("k", nil)
			status, answer := ask(s, tt.path, nil, tt.body)
			if status != http.StatusOK || !strings.Contains(answer, tt.want) {
				t.Errorf("answer %d %s, want 200 and %s", status, answer, tt.want)
			}
			if got, want := len(s.Messages()), strings.Count(tt.want, `"errcode":0`); got != want {
				t.Errorf("%d messages were taken, want %d", got, want)
			}
		})
	}
}

func TestTheRateIsASlidingMinute(t *testing.T) {
	now := time.Date(2026, 11, 24, 1, 7, 0, 0, time.UTC)
	s := sink.NewWeCom("k", &sink.Options{Now: func() time.Time { return now }, Rate: 2})
	body := `{"msgtype":"text","text":{"content":"a"}}`
	for i, want := range []string{`"errcode":0`, `"errcode":0`, `"errcode":45009`, `"errcode":0`, `"errcode":0`} {
		if _, answer := ask(s, "/?key=k", nil, body); !strings.Contains(answer, want) {
			t.Errorf("request %d: %s, want %s", i+1, answer, want)
		}
		now = now.Add(20 * time.Second)
	}
}

func TestFaultsAreTakenInOrder(t *testing.T) {
	s := sink.NewWeCom("k", &sink.Options{Keep: 1})
	s.Fail(sink.Fault{Status: 503, Times: 2}, sink.Fault{Body: "{}", Taken: true})
	body := `{"msgtype":"text","text":{"content":"a"}}`
	for i, want := range []string{"503 ", "503 ", "200 {}", `200 {"errcode":0,"errmsg":"ok"}`} {
		status, answer := ask(s, "/?key=k", nil, body)
		if got := strconv.Itoa(status) + " " + answer; got != want {
			t.Errorf("request %d: %q, want %q", i+1, got, want)
		}
	}
	if got := len(s.Messages()); got != 1 {
		t.Errorf("%d messages are kept of the 2 taken, want the 1 there is room for", got)
	}
	if got := s.Requests(); got != 4 {
		t.Errorf("%d requests, want 4", got)
	}
}

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

func TestTheReceiverRefusesAsTheSpecificationsAsk(t *testing.T) {
	now := time.Date(2026, 11, 24, 1, 7, 0, 0, time.UTC)
	event := `{"specversion":"1.0","id":"a1","source":"/s","type":"t","data":{}}`
	large := `{"specversion":"1.0","id":"a1","source":"/s","type":"t","data":"` + strings.Repeat("a", 64<<10) + `"}`
	for _, tt := range []struct {
		name   string
		body   string
		change func(h http.Header)
		want   int
	}{
		{"as it should be", event, nil, 204},
		{"a time of five minutes ago", event, func(h http.Header) { sign(t, h, now.Add(-5*time.Minute), event) }, 204},
		{"a time of six minutes ago", event, func(h http.Header) { sign(t, h, now.Add(-6*time.Minute), event) }, 401},
		{"a time to come", event, func(h http.Header) { sign(t, h, now.Add(6*time.Minute), event) }, 401},
		{"another time than was signed", event, func(h http.Header) { h.Set("webhook-timestamp", "1795482421") }, 401},
		{"no signature", event, func(h http.Header) { h.Del("webhook-signature") }, 401},
		{"one good signature of two", event, func(h http.Header) { h.Set("webhook-signature", "v1,AAAA "+h.Get("webhook-signature")) }, 204},
		{"another version", event, func(h http.Header) {
			h.Set("webhook-signature", strings.Replace(h.Get("webhook-signature"), "v1", "v2", 1))
		}, 401},
		{"another body than was signed", event + " ", func(h http.Header) { sign(t, h, now, event) }, 401},
		{"another content type", event, func(h http.Header) { h.Set("Content-Type", "application/json") }, 415},
		{"no event", `{"id":"a1"}`, nil, 400},
		{"over 64 KiB", large, nil, 413},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := http.Header{"Content-Type": {"application/cloudevents+json; charset=utf-8"}}
			sign(t, h, now, tt.body)
			if tt.change != nil {
				tt.change(h)
			}
			s := sink.NewWebhook(secret, &sink.Options{Now: func() time.Time { return now }})
			if status, answer := ask(s, "/", h, tt.body); status != tt.want {
				t.Errorf("answer %d %s, want %d", status, answer, tt.want)
			}
		})
	}
}

// sign signs with the library of the specification's authors.
func sign(t *testing.T, h http.Header, at time.Time, body string) {
	t.Helper()
	w, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		t.Fatal(err)
	}
	signature, err := w.Sign("a1", at, []byte(body))
	if err != nil {
		t.Fatal(err)
	}
	h.Set("webhook-id", "a1")
	h.Set("webhook-timestamp", strconv.FormatInt(at.Unix(), 10))
	h.Set("webhook-signature", signature)
}

func TestASecondCopyIsADuplicate(t *testing.T) {
	s := sink.NewWebhook("", nil)
	h := http.Header{"Content-Type": {"application/cloudevents+json"}}
	for range 2 {
		ask(s, "/", h, `{"specversion":"1.0","id":"a1","source":"/s","type":"t"}`)
	}
	ms := s.Messages()
	if len(ms) != 2 || ms[0].Duplicate || !ms[1].Duplicate {
		t.Errorf("messages %+v, want the second marked as a duplicate", ms)
	}
}
