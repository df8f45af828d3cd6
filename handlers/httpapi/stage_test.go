package httpapi_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"prowatch/handlers/httpapi"
	"prowatch/store/memory"
	"prowatch/watch"
)

// The tokens of the tests, and what else must not be seen in an answer.
const (
	readToken    = "canary-read"
	operateToken = "canary-operate"
	oldToken     = "canary-old"
	signingKey   = "canary-signing-key"
)

// stage is an API over a memory that runs have filled.
type stage struct {
	*httptest.Server
	handler http.Handler
	runner  *watch.Runner
	store   *store
	logs    *observer.ObservedLogs
	clock   atomic.Int64 // Unix seconds
	check   func(ctx context.Context, accounts []string) (*watch.Report, error)
}

// store fails where it is told to, and counts what is read.
type store struct {
	memory.Store
	mu     sync.Mutex
	broken bool
	loads  int
}

var errBroken = errors.New("loading record: the store is broken")

func (s *store) Load(ctx context.Context, key string) ([]byte, string, error) {
	if err := s.count(); err != nil {
		return nil, "", err
	}
	return s.Store.Load(ctx, key)
}

func (s *store) count() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.loads++
	if s.broken {
		return errBroken
	}
	return nil
}

func (s *store) set(broken bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.broken, s.loads = broken, 0
}

func (s *store) counted() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.loads
}

// readingFunc is a watch.Source made of a func.
type readingFunc func() (watch.Edition, error)

func (f readingFunc) Read(context.Context) (watch.Reading, error) {
	edition, err := f()
	return watch.Reading{Edition: edition, RequestID: "req"}, err
}

// sendFunc is a watch.Notifier made of a func.
type sendFunc func() watch.Outcome

func (f sendFunc) Send(context.Context, watch.Message) watch.Outcome { return f() }

// newStage has the accounts acme, which lapsed; beta, whose check is refused;
// and gamma, of which nothing is known; and the channels sec and broken.
func newStage(t testing.TB, change func(*httpapi.Options)) *stage {
	t.Helper()
	s := &stage{store: new(store)}
	s.clock.Store(time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC).Unix())
	status := watch.Normal
	acme := readingFunc(func() (watch.Edition, error) {
		return watch.Edition{Status: status, StartTime: "2026-01-01 00:00:00", EndTime: "2026-12-20 00:00:00", ResourceID: "tcss-1", CoresCnt: 1, MaxPostPayCoresCnt: 500, IsPurchased: true}, nil
	})
	beta := readingFunc(func() (watch.Edition, error) {
		return watch.Edition{}, &watch.Failure{Class: watch.Denied, Code: "AuthFailure.SecretIdNotFound", Message: "no such key", RequestID: "req"}
	})
	s.runner = &watch.Runner{Store: s.store, Now: s.now, Random: func() float64 { return 0 }, Routes: watch.Routes{{Channels: []string{"sec", "broken"}}},
		Accounts: []watch.Account{
			{ID: "beta", Policy: watch.DefaultPolicy(), Source: beta},
			{ID: "acme", Policy: watch.DefaultPolicy(), Source: acme, Labels: map[string]string{"team": "sec"}, Console: "https://console.tencentcloud.com/tcss"},
		},
		Channels: []watch.Channel{
			{Name: "sec", Type: "stdout", Notifier: sendFunc(func() watch.Outcome { return watch.Outcome{Result: watch.Sent, Text: "shown"} })},
			{Name: "broken", Type: "webhook", Notifier: sendFunc(func() watch.Outcome {
				return watch.Outcome{Result: watch.Permanent, Code: "404", Text: "no such hook"}
			})},
		}}
	run := func() {
		if _, err := s.runner.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		s.clock.Add(60)
	}
	run()
	status = watch.Isolate
	run()
	s.runner.Accounts = append(s.runner.Accounts, watch.Account{ID: "gamma", Policy: watch.DefaultPolicy(), Source: acme})
	s.serve(t, change)
	return s
}

// serve starts the server over the stage's runner.
func (s *stage) serve(t testing.TB, change func(*httpapi.Options)) {
	t.Helper()
	core, logs := observer.New(zap.DebugLevel)
	s.logs = logs
	s.check = func(ctx context.Context, accounts []string) (*watch.Report, error) {
		return s.runner.Run(ctx, accounts...)
	}
	o := httpapi.Options{
		Runner: func() *watch.Runner { return s.runner },
		Check: func(ctx context.Context, accounts []string) (*watch.Report, error) {
			return s.check(ctx, accounts)
		},
		Metrics: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
			io.WriteString(w, "up 1\n")
		}),
		Tokens: []httpapi.Token{
			{Token: readToken, Scope: "read"}, {Token: operateToken, Scope: "operate"},
			{Token: oldToken, Scope: "operate", Expires: s.now().Add(-time.Hour)},
		},
		SigningKey: signingKey, Version: "v1.2.3", Now: s.now, Logger: zap.New(core),
	}
	if change != nil {
		change(&o)
	}
	s.handler = httpapi.New(o)
	s.Server = httptest.NewServer(s.handler)
	t.Cleanup(s.Close)
}

func (s *stage) now() time.Time { return time.Unix(s.clock.Load(), 0).UTC() }

// pass lets time pass.
func (s *stage) pass(d time.Duration) { s.clock.Add(int64(d / time.Second)) }

// answer is a response that was read.
type answer struct {
	*http.Response
	body string
}

// request is one to a stage.
type request struct {
	method, path, token string
	body                string
	header              http.Header
	from                string // the caller's address, as the proxy on this machine saw it
}

// do sends a request, follows nothing and returns the answer.
func (s *stage) do(t testing.TB, r request) answer {
	t.Helper()
	return s.doHost(t, "", r)
}

// doHost sends a request that names another host.
func (s *stage) doHost(t testing.TB, host string, r request) answer {
	t.Helper()
	req, err := http.NewRequest(r.method, s.URL+r.path, strings.NewReader(r.body))
	if err != nil {
		t.Fatal(err)
	}
	req.Host = host
	for name, values := range r.header {
		req.Header[name] = values
	}
	if r.token != "" {
		req.Header.Set("Authorization", "Bearer "+r.token)
	}
	if r.from != "" {
		req.Header.Set("X-Forwarded-For", r.from)
	}
	resp, err := s.Client().Transport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{resp, string(b)}
}

func (s *stage) get(t testing.TB, path string) answer {
	t.Helper()
	return s.do(t, request{method: "GET", path: path, token: readToken})
}

func (a answer) String() string {
	return fmt.Sprintf("%s %v\n%.500s", a.Status, a.Header, a.body)
}
