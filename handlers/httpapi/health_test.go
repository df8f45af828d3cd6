package httpapi_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"prowatch/handlers/httpapi"
	"prowatch/watch"
)

func TestHealth(t *testing.T) {
	day := 24 * time.Hour
	for _, tt := range []struct {
		name string
		do   func(t *testing.T, s *stage)
		want []string
	}{
		{"a good run and an account that is new", func(t *testing.T, s *stage) {}, nil},
		{"nothing is remembered yet", func(t *testing.T, s *stage) { s.store = new(store); s.runner.Store = s.store }, []string{"no run yet"}},
		{"a day without a run", func(t *testing.T, s *stage) { s.pass(day + time.Minute) }, []string{"no good run lately", "accounts not checked lately"}},
		{"runs of one account alone", func(t *testing.T, s *stage) {
			s.pass(23 * time.Hour)
			s.run(t, "acme")
			s.run(t, "beta")
			s.pass(2 * time.Hour)
		}, []string{"no good run lately", "accounts not checked lately"}},
		{"an account that was new a day ago", func(t *testing.T, s *stage) {
			for range 2 {
				s.pass(13 * time.Hour)
				s.runner.Accounts = s.runner.Accounts[:2]
				s.run(t)
				s.runner.Accounts = s.runner.Accounts[:3]
			}
		}, []string{"accounts not checked lately"}},
		{"its policy bears more", func(t *testing.T, s *stage) {
			for i := range s.runner.Accounts {
				s.runner.Accounts[i].Policy.StaleAfter = watch.Duration(3 * day)
			}
			s.pass(2 * day)
		}, nil},
		{"one channel of two fails", func(t *testing.T, s *stage) { s.run(t) }, nil},
		{"every channel fails", func(t *testing.T, s *stage) {
			s.runner.Channels = s.runner.Channels[1:]
			s.run(t)
		}, []string{"every channel fails"}},
		{"the store is broken", func(t *testing.T, s *stage) { s.store.set(true) }, []string{"what is remembered cannot be read"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newStage(t, nil)
			tt.do(t, s)
			a := s.do(t, request{method: "GET", path: "/healthz?check=1"})
			status, want := 200, `{"status":"ok","reasons":[]}`+"\n"
			if len(tt.want) > 0 {
				status, want = 503, `{"status":"failing","reasons":["`+strings.Join(tt.want, `","`)+`"]}`+"\n"
			}
			if a.StatusCode != status || a.body != want || secured(a) != nil {
				t.Errorf("got %v, want %d %s", a, status, want)
			}
		})
	}
}

// run does a run over the accounts, or over all.
func (s *stage) run(t *testing.T, accounts ...string) {
	t.Helper()
	if _, err := s.runner.Run(t.Context(), accounts...); err != nil {
		t.Fatal(err)
	}
}

func TestHealthIsOpenAndDoesNotLoadTheStore(t *testing.T) {
	s := newStage(t, func(o *httpapi.Options) { o.Tokens = nil })
	s.store.set(false)
	for range 50 {
		if a := s.do(t, request{method: "GET", path: "/healthz"}); a.StatusCode != 200 {
			t.Fatal(a)
		}
	}
	once := s.store.counted()
	if want := len(s.runner.Accounts) + len(s.runner.Channels) + 1; once != want {
		t.Errorf("50 requests read %d records, want %d", once, want)
	}
	s.pass(11 * time.Second)
	s.do(t, request{method: "GET", path: "/healthz"})
	if got := s.store.counted(); got != 2*once {
		t.Errorf("a while later %d records were read, want %d", got, 2*once)
	}
	for i := range 5000 { // of which nothing can be said yet
		s.runner.Accounts = append(s.runner.Accounts, watch.Account{ID: fmt.Sprint("more-", i), Policy: watch.DefaultPolicy()})
	}
	s.pass(11 * time.Second)
	s.do(t, request{method: "GET", path: "/healthz"})
	if got := s.store.counted(); got != 2*once {
		t.Errorf("with 5000 accounts %d records were read after 11 seconds, want none more than %d", got, 2*once)
	}
	if got := s.logs.FilterMessage("health").Len(); got != 0 {
		t.Errorf("got %d records of a fault", got)
	}
}

// TestAnAccountThatRunsSkipIsKnownSinceThen writes the record of a run, for no
// run of a test lacks time.
func TestAnAccountThatRunsSkipIsKnownSinceThen(t *testing.T) {
	for skipped, want := range map[string]int{"gamma": 503, "other": 200} {
		s := newStage(t, nil)
		runs, err := s.runner.Runs(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		runs.Last[0].Began = s.now().Add(-30 * time.Hour)
		runs.Last[0].Skipped = []string{skipped}
		data, err := json.Marshal(runs)
		if err != nil {
			t.Fatal(err)
		}
		_, version, err := s.store.Load(t.Context(), "run/last")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.store.Save(t.Context(), "run/last", data, version); err != nil {
			t.Fatal(err)
		}
		if a := s.do(t, request{method: "GET", path: "/healthz"}); a.StatusCode != want {
			t.Errorf("%s: got %v, want %d", skipped, a, want)
		}
	}
}
