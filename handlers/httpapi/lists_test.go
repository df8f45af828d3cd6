package httpapi_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"prowatch/store/memory"
	"prowatch/watch"
)

// pages follows next through the answers, and returns what item makes of each.
func pages[T any](t *testing.T, s *stage, path string, item func(T) []string) (all []string, count int) {
	t.Helper()
	next := ""
	for count < 100 {
		a := s.get(t, path+next)
		var page T
		var more struct{ Next string }
		if a.StatusCode != 200 || json.Unmarshal([]byte(a.body), &page) != nil || json.Unmarshal([]byte(a.body), &more) != nil {
			t.Fatal(a)
		}
		all, count = append(all, item(page)...), count+1
		if more.Next == "" {
			return all, count
		}
		next = "&cursor=" + url.QueryEscape(more.Next)
	}
	t.Fatalf("%s: the pages do not end", path)
	return nil, 0
}

func TestTheAccountsComeInPages(t *testing.T) {
	s := newStage(t, nil)
	type list struct{ Accounts []watch.AccountStatus }
	ids := func(l list) (ids []string) {
		for _, a := range l.Accounts {
			ids = append(ids, a.ID)
		}
		return ids
	}
	for limit, wantPages := range map[int]int{1: 3, 2: 2, 3: 1, 500: 1} {
		got, n := pages(t, s, fmt.Sprintf("/api/v1/accounts?limit=%d", limit), ids)
		if !slices.Equal(got, []string{"acme", "beta", "gamma"}) || n != wantPages {
			t.Errorf("limit %d: got %q in %d pages, want %d", limit, got, n, wantPages)
		}
	}
	var one watch.AccountStatus
	if a := s.get(t, "/api/v1/accounts/acme"); json.Unmarshal([]byte(a.body), &one) != nil || one.Edition.Status != watch.Isolate || one.Problems[0].Name != watch.ProblemStatus {
		t.Errorf("got %v", a)
	}
}

func TestTheNoticesComeNewestFirst(t *testing.T) {
	s := newStage(t, nil)
	type list struct{ Notices []watch.Entry }
	types := func(l list) (types []string) {
		for _, e := range l.Notices {
			types = append(types, e.Notice.Account+" "+string(e.Notice.Type))
		}
		return types
	}
	all, _ := pages(t, s, "/api/v1/notices?limit=1000", types)
	if all[0] != "acme status.changed" || all[len(all)-1] != "beta check.failing" {
		t.Errorf("got %q, want the change of the second run first and a failure of the first run last", all)
	}
	for _, limit := range []int{1, 2, 3} {
		got, n := pages(t, s, fmt.Sprintf("/api/v1/notices?limit=%d", limit), types)
		if wantPages := (len(all) + limit - 1) / limit; !slices.Equal(got, all) || n != wantPages {
			t.Errorf("limit %d: got %q in %d pages, want %d", limit, got, n, wantPages)
		}
	}
	since, _ := pages(t, s, "/api/v1/notices?since=2026-11-25T20:01:00+08:00", types)
	if len(since) == 0 || len(since) >= len(all) || !slices.Equal(since, all[:len(since)]) {
		t.Errorf("got %q since the second run", since)
	}
	beta, _ := pages(t, s, "/api/v1/notices?account=beta", types)
	if len(beta) == 0 || slices.ContainsFunc(beta, func(t string) bool { return !strings.HasPrefix(t, "beta ") }) {
		t.Errorf("got %q of beta", beta)
	}
	if a := s.get(t, "/api/v1/notices?account=acme"); !strings.Contains(a.body, `"state":"dead"`) || !strings.Contains(a.body, `"text":"no such hook"`) {
		t.Errorf("got %v, want receipts", a)
	}
}

func TestARecordThatCannotBeReadHidesNoOther(t *testing.T) {
	s := newStage(t, nil)
	_, version, err := s.store.Load(t.Context(), "account/acme")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.store.Save(t.Context(), "account/acme", []byte(`{"format":99}`), version); err != nil {
		t.Fatal(err)
	}
	d := readDocument(t)
	for path, status := range map[string]int{"/api/v1/accounts": 200, "/api/v1/notices": 200, "/api/v1/accounts/acme": 503, "/api/v1/notices?account=acme": 503, "/api/v1/accounts/beta": 200, "/": 200} {
		a := s.get(t, path)
		if a.StatusCode != status {
			t.Errorf("%s: got %v, want %d", path, a, status)
		}
		if strings.HasPrefix(path, "/api") && status == 200 && path != "/api/v1/accounts/beta" {
			if err := d.conforms(operation{"GET", path}, a); err != nil || !strings.Contains(a.body, `"errors":["record account/acme has format 99`) {
				t.Errorf("%s: %v: %v", path, err, a)
			}
		}
	}
}

// batches counts the calls that a store with batches gets.
type batches struct {
	memory.Store
	loads, batches atomic.Int32
}

func (b *batches) Load(ctx context.Context, key string) ([]byte, string, error) {
	b.loads.Add(1)
	return b.Store.Load(ctx, key)
}

func (b *batches) LoadMany(ctx context.Context, keys []string) (map[string]watch.Loaded, error) {
	b.batches.Add(1)
	return map[string]watch.Loaded{}, nil
}

func TestFiveHundredAccountsAreReadInBatches(t *testing.T) {
	st := new(batches)
	s := new(stage)
	s.store = new(store)
	s.runner = &watch.Runner{Store: st, Now: s.now, Channels: []watch.Channel{{Name: "sec"}}}
	for i := range 500 {
		s.runner.Accounts = append(s.runner.Accounts, watch.Account{ID: fmt.Sprintf("acme-%03d", i), Policy: watch.DefaultPolicy()})
	}
	s.serve(t, nil)
	for path, loads := range map[string]int32{"/": 3, "/api/v1/accounts": 0, "/api/v1/notices": 1, "/calendar.ics": 2} {
		st.loads.Store(0)
		st.batches.Store(0)
		if a := s.get(t, path); a.StatusCode != 200 {
			t.Errorf("%s: got %v", path, a)
		}
		if got := st.batches.Load(); got != 5 || st.loads.Load() > loads {
			t.Errorf("%s: got %d batches and %d single loads, want 5 and %d", path, got, st.loads.Load(), loads)
		}
	}
}

func TestAnAnswerThatHasNotChangedIsNotSentAgain(t *testing.T) {
	s := newStage(t, nil)
	tag := s.get(t, "/api/v1/accounts").Header.Get("ETag")
	s.run(t)
	if got := s.get(t, "/api/v1/accounts").Header.Get("ETag"); got == tag || got == "" {
		t.Errorf("got the tag %s after a run, want another", got)
	}
	notices := s.get(t, "/api/v1/notices").Header.Get("ETag")
	s.pass(1)
	if got := s.get(t, "/api/v1/notices").Header.Get("ETag"); got != notices {
		t.Errorf("got the tag %s, want %s", got, notices)
	}
}

func TestTheRunnerMayBeReplaced(t *testing.T) {
	s := newStage(t, nil)
	other := *s.runner
	other.Accounts = other.Accounts[:1]
	s.runner = &other
	if a := s.get(t, "/api/v1/accounts/acme"); a.StatusCode != 404 {
		t.Errorf("got %v, want 404", a)
	}
}
