package heartbeat

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"prowatch/watch"
)

func reading() *watch.Report {
	return &watch.Report{Took: 1500 * time.Millisecond, Accounts: []watch.AccountReport{{Account: "a"}, {Account: "b", Failure: &watch.Failure{}}}}
}

func TestARunIsToldFromItsStartToItsEnd(t *testing.T) {
	s := &service{}
	h, faults := heart(t, s, "")
	for range 2 {
		h.Start(t.Context()).End(t.Context(), reading(), nil)
	}
	if want := []string{"start", "success", "start", "success"}; !slices.Equal(s.got().pings, want) || len(faults()) > 0 {
		t.Fatalf("the service got %q, want %q; faults %q", s.got().pings, want, faults())
	}
	if s.got().rids[0] != s.got().rids[1] || s.got().rids[1] == s.got().rids[2] {
		t.Errorf("the ids are %q, want one a run", s.got().rids)
	}
	if want := "accounts 2, checked 1, failed 1, skipped 0, notices 0, sent 0, pending 0, took 1.5s\n"; s.got().bodies[1] != want {
		t.Errorf("the body is %q, want %q", s.got().bodies[1], want)
	}
}

func TestWhatCountsAsAFailedRun(t *testing.T) {
	sent := func(results ...watch.Result) *watch.Report {
		r := reading()
		for _, result := range results {
			r.Deliveries = append(r.Deliveries, watch.DeliveryReport{Outcome: watch.Outcome{Result: result}})
		}
		return r
	}
	sweep := func(checked int) *watch.Run {
		return &watch.Run{Began: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Counts: watch.Counts{Accounts: 9, Checked: checked}}
	}
	for _, tt := range []struct {
		name   string
		report *watch.Report
		err    error
		want   string // the body's start, "" for success
	}{
		{"a run in part", reading(), nil, ""},
		{"a run over no account", &watch.Report{}, nil, ""},
		{"one of two channels took it", sent(watch.Permanent, watch.Sent), nil, ""},
		{"a channel queued it", sent(watch.Accepted), nil, ""},
		{"no channel took it", sent(watch.Permanent, watch.Retry), nil, "no channel took a message"},
		{"every check failed", &watch.Report{Accounts: []watch.AccountReport{{Failure: &watch.Failure{}}}}, nil, "no account could be read"},
		{"accounts were handed to workers", &watch.Report{HandedOut: 9}, nil, ""},
		{"the last sweep was read in part", &watch.Report{HandedOut: 9, Completed: sweep(1)}, nil, ""},
		{"no worker read any account", &watch.Report{HandedOut: 9, Completed: sweep(0)}, nil, "no account could be read in the sweep that began at 2026-01-01T00:00:00Z"},
		{"nothing done", &watch.Report{Accounts: []watch.AccountReport{{Skipped: true}}}, nil, "nothing could be done"},
		{"no run possible", nil, errors.New("no store"), "no run was possible: no store"},
		{"a panic", nil, nil, "the run broke off"},
	} {
		s := &service{}
		h, _ := heart(t, s, "")
		h.Start(t.Context()).End(t.Context(), tt.report, tt.err)
		want := []string{"start", "success"}
		if tt.want != "" {
			want[1] = "fail"
		}
		if !slices.Equal(s.got().pings, want) || tt.want != "" && !strings.HasPrefix(s.got().bodies[1], tt.want+"\n") {
			t.Errorf("%s: the service got %q, %q; want %q with %q", tt.name, s.got().pings, s.got().bodies, want, tt.want)
		}
	}
}

func TestTheURLIsKeptAsItIsWritten(t *testing.T) {
	for _, tt := range []struct{ rest, path, query string }{
		{"", "/start", "rid="},
		{"/", "/start", "rid="},
		{"?create=1", "/start", "create=1&rid="},
		{"/?a=b%20c&d", "/start", "a=b%20c&d&rid="},
		{"#top", "/start", "rid="},
	} {
		s := &service{}
		h, faults := heart(t, s, tt.rest)
		b := h.Start(t.Context())
		<-b.started
		if s.got().path != check+tt.path || !strings.HasPrefix(s.got().query, tt.query) || len(faults()) > 0 {
			t.Errorf("%q: start asks %s?%s, want %s?%s; faults %q", tt.rest, s.got().path, s.got().query, check+tt.path, tt.query, faults())
		}
		b.End(t.Context(), reading(), nil)
		whole, _, _ := strings.Cut(strings.TrimSuffix(tt.rest, "#top"), "?")
		if s.got().path != check+whole {
			t.Errorf("%q: success asks %s, want %s", tt.rest, s.got().path, check+whole)
		}
	}
	h, err := New(Options{URL: "https://hc.example.com/a%2Fb/"})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := h.address("fail", "x"), "https://hc.example.com/a%2Fb/fail?rid=x"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestAPingIsTriedTwice(t *testing.T) {
	status := func(code int) func(http.ResponseWriter, int) bool {
		return func(w http.ResponseWriter, nth int) bool { w.WriteHeader(code); return true }
	}
	words := func(text string) func(http.ResponseWriter, int) bool {
		return func(w http.ResponseWriter, nth int) bool { _, _ = io.WriteString(w, text); return true }
	}
	for _, tt := range []struct {
		name   string
		answer func(http.ResponseWriter, int) bool
		tries  int
		fault  string
	}{
		{"503", status(503), 2, "status 503"},
		{"429", status(429), 2, "status 429"},
		{"503 once", func(w http.ResponseWriter, nth int) bool {
			if nth == 1 {
				w.WriteHeader(503)
			}
			return nth == 1
		}, 2, ""},
		{"404", status(404), 1, "status 404: check heartbeat.url"},
		{"a redirect", func(w http.ResponseWriter, _ int) bool {
			w.Header().Set("Location", "https://canary.example.com/")
			w.WriteHeader(302)
			return true
		}, 1, "status 302"},
		{"an unknown check", words("OK (not found)"), 1, "knows no such check"},
		{"a rate limit", words("OK (rate limited)"), 1, "limits the rate"},
		{"a broken connection", func(w http.ResponseWriter, _ int) bool { panic(http.ErrAbortHandler) }, 2, "not sent"},
	} {
		s := &service{answer: tt.answer}
		h, faults := heart(t, s, "")
		b := h.Start(t.Context())
		<-b.started
		got := faults()
		if len(s.got().pings) != tt.tries || (tt.fault == "") != (len(got) == 0) || tt.fault != "" && !strings.Contains(got[0], tt.fault) {
			t.Errorf("%s: %d tries and the faults %q, want %d and %q", tt.name, len(s.got().pings), got, tt.tries, tt.fault)
		}
	}
}

// TestAServiceThatHangsCostsSeconds bounds what a hanging service costs a run:
// nothing while it runs, and after it little.
func TestAServiceThatHangsCostsSeconds(t *testing.T) {
	hang := make(chan struct{})
	srv := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		select {
		case <-hang:
		case <-r.Context().Done():
		}
	}))
	t.Cleanup(srv.Close)
	t.Cleanup(func() { close(hang) })
	h, err := New(Options{URL: srv.URL + "/canary"})
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	b := h.Start(t.Context())
	if took := time.Since(began); took > 500*time.Millisecond {
		t.Errorf("the start of a run took %v", took)
	}
	const limit = 1700 * time.Millisecond
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	b.End(ctx, reading(), nil)
	if ctx.Err() != nil {
		t.Error("the last ping went on into the deadline")
	}
	stopped, stop := context.WithCancel(t.Context())
	b = h.Start(stopped)
	stop()
	began = time.Now()
	b.End(stopped, reading(), nil)
	if took := time.Since(began); took > lastTime+time.Second {
		t.Errorf("the end of a run that was stopped took %v", took)
	}
}

func TestARunThatWasStoppedIsToldToHaveEnded(t *testing.T) {
	s := &service{}
	h, _ := heart(t, s, "")
	ctx, cancel := context.WithCancel(t.Context())
	b := h.Start(ctx)
	<-b.started
	cancel()
	b.End(ctx, reading(), nil)
	if want := []string{"start", "success"}; !slices.Equal(s.got().pings, want) {
		t.Errorf("the service got %q, want %q", s.got().pings, want)
	}
}

func TestAURLInTheClearIsRefusedWithoutQuotingIt(t *testing.T) {
	for _, url := range []string{"", "http://canary.example.com/x", "ftp://canary.example.com", "canary"} {
		if _, err := New(Options{URL: url}); err == nil || !strings.HasPrefix(err.Error(), "heartbeat.url") || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: got %v, want an error that names the key and not the URL", url, err)
		}
	}
}
