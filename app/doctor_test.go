package app

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"prowatch/emulator"
	"prowatch/watch"
)

// examine examines a document with accounts on a server of the test's.
func examine(t *testing.T, document string, stores Stores, state string) []Finding {
	t.Helper()
	return Examine(t.Context(), Options{
		LookupEnv: func(name string) (string, bool) { return document, name == "PROWATCH_CONFIG" },
		ReadFile:  os.ReadFile, Stores: stores, State: state, Stdout: new(strings.Builder),
	}, false)
}

// of returns the findings of a part, a line each.
func of(part string, findings []Finding) string {
	var b strings.Builder
	for _, f := range findings {
		if f.Part == part {
			fmt.Fprintf(&b, "%s %s: %s; %s\n", f.Verdict, f.Name, f.Text, f.Mend)
		}
	}
	return b.String()
}

const doctorDocument = "accounts: [{id: acme, secret_id: AKIDEMULATOR, secret_key: emulator-secret, endpoint: %q}]\nchannels: {out: {type: stdout}}\n"

func TestTheClockIsComparedWithTheAnswers(t *testing.T) {
	api := emulator.New(&emulator.Options{Rate: -1})
	for _, tt := range []struct {
		ahead time.Duration
		want  string
	}{
		{0, "ok : within 1s of the API's; \n"},
		{2 * time.Minute, "warning : this machine's clock is 2m"},
		{-2 * time.Minute, "warning : this machine's clock is 2m"},
		{10 * time.Minute, "fault : this machine's clock is 10m"},
		{-10 * time.Minute, "fault : this machine's clock is "},
	} {
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Date", time.Now().Add(tt.ahead).UTC().Format(http.TimeFormat))
			api.ServeHTTP(w, r)
		}))
		findings := examine(t, fmt.Sprintf(doctorDocument, srv.URL), Stores{"file": File}, "file:"+t.TempDir())
		srv.Close()
		if got := of("clock", findings); !strings.HasPrefix(got, tt.want) {
			t.Errorf("%v ahead: got %s, want %s", tt.ahead, got, tt.want)
		}
	}
}

// careless is a store that lets every writer win.
type careless struct {
	mu   sync.Mutex
	data map[string][]byte
}

func (c *careless) Load(_ context.Context, key string) ([]byte, string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if data, ok := c.data[key]; ok {
		return data, "1", nil
	}
	return nil, "", watch.ErrNotFound
}

func (c *careless) Save(_ context.Context, key string, data []byte, _ string) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.data[key] = data
	return "1", nil
}

func (c *careless) Delete(context.Context, string, string) error { return nil }

func (c *careless) List(context.Context, string) iter.Seq2[string, error] {
	return func(func(string, error) bool) {}
}

func TestAStoreInWhichTwoWritersWinIsAtFault(t *testing.T) {
	srv := httptest.NewServer(emulator.New(nil))
	defer srv.Close()
	c := &careless{data: map[string][]byte{}}
	stores := Stores{"careless": func(context.Context, string, Use) (watch.Store, error) { return c, nil }}
	got := of("store", examine(t, fmt.Sprintf(doctorDocument, srv.URL), stores, "careless://user:canary@host"))
	if !strings.HasPrefix(got, "fault : careless: two writers that raced for one record both won") || strings.Contains(got, "canary") {
		t.Errorf("got %s", got)
	}
}

func TestDoctorsBesideEachOtherFindTheStoreGood(t *testing.T) {
	srv := httptest.NewServer(emulator.New(&emulator.Options{Rate: -1}))
	defer srv.Close()
	state := "file:" + t.TempDir()
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if got := of("store", examine(t, fmt.Sprintf(doctorDocument, srv.URL), Stores{"file": File}, state)); strings.Contains(got, "fault") {
				t.Error(got)
			}
		})
	}
	wg.Wait()
}

func TestManyAccountsAreAskedAFewAtATime(t *testing.T) {
	api := emulator.New(&emulator.Options{Rate: -1})
	var now, most, asked atomic.Int64
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := now.Add(1)
		for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
		}
		asked.Add(1)
		time.Sleep(2 * time.Millisecond)
		api.ServeHTTP(w, r)
		now.Add(-1)
	}))
	defer srv.Close()
	document := "concurrency: 3\nchannels: {out: {type: stdout}}\naccounts:\n"
	for i := range 30 {
		document += fmt.Sprintf("  - {id: a%d, secret_id: AKIDnone%d, secret_key: canary, endpoint: %q}\n", i, i, srv.URL)
	}
	got := of("account", examine(t, document, Stores{"file": File}, "file:"+t.TempDir()))
	if n := strings.Count(got, "fault a"); n != 30 || asked.Load() != 30 || strings.Contains(got, "canary") {
		t.Errorf("%d accounts at fault, %d requests:\n%s", n, asked.Load(), got)
	}
	if most.Load() > 3 || most.Load() < 2 {
		t.Errorf("up to %d accounts were asked at a time, want 3", most.Load())
	}
}
