package serve_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"prowatch/serve"
	"prowatch/store/memory"
	"prowatch/watch"
)

// server is a Serve that runs.
type server struct {
	url  string
	stop context.CancelFunc
	done chan error
	log  *observer.ObservedLogs

	mu   sync.Mutex
	told []string // the service manager
}

// handling makes a service of a handler, whose run does nothing.
func handling(t *testing.T, h http.HandlerFunc) *serve.Service {
	t.Helper()
	schedule, err := serve.ParseSchedule("@yearly", time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	runner := &watch.Runner{Store: new(memory.Store)}
	return &serve.Service{Runs: runner.Runs, Store: runner.Store, Schedule: schedule, HTTP: h,
		Run: func(ctx context.Context, _ []string) (*watch.Report, error) { return runner.Run(ctx) }}
}

func startServer(t *testing.T, svc *serve.Service, o serve.Options) *server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &server{url: "http://" + l.Addr().String(), done: make(chan error, 1)}
	core, logs := observer.New(zapcore.InfoLevel)
	s.log = logs
	o.Log, o.Holder = zap.New(core), "test"
	o.Notify = func(state string) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.told = append(s.told, state)
	}
	ctx, stop := context.WithCancel(t.Context())
	s.stop = stop
	go func() { s.done <- serve.Serve(ctx, l, svc, o) }()
	t.Cleanup(func() { stop(); <-s.done })
	return s
}

// ends waits for the end, and leaves it for the cleanup.
func (s *server) ends(t *testing.T) {
	t.Helper()
	err := <-s.done
	if s.done <- err; err != nil {
		t.Errorf("it ended with %v", err)
	}
}

func (s *server) has(state string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, told := range s.told {
		if strings.HasPrefix(told, state) {
			return true
		}
	}
	return false
}

func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s: it did not come to that", what)
		}
	}
}

func get(url string) (string, error) {
	resp, err := http.Get(url)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return string(body), err
}

func TestRequestsUnderWayAreAnsweredAndNoOthers(t *testing.T) {
	arrived, leave := make(chan struct{}), make(chan struct{})
	s := startServer(t, handling(t, func(w http.ResponseWriter, r *http.Request) {
		close(arrived)
		<-leave
		_, _ = io.WriteString(w, "whole")
	}), serve.Options{})
	answer := make(chan string, 1)
	go func() {
		body, err := get(s.url)
		if err != nil {
			body = err.Error()
		}
		answer <- body
	}()
	<-arrived
	s.stop()
	eventually(t, "no new connection is taken", func() bool {
		conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
		if err == nil {
			conn.Close()
		}
		return err != nil
	})
	close(leave)
	if got := <-answer; got != "whole" {
		t.Errorf("the request under way was answered %q", got)
	}
	s.ends(t)
	if !s.has("READY=1\nSTATUS=") || !s.has("STOPPING=1") {
		t.Errorf("the service manager was told %q", s.told)
	}
}

func TestARequestThatOutlivesTheGraceIsCut(t *testing.T) {
	arrived, left := make(chan struct{}), make(chan struct{})
	s := startServer(t, handling(t, func(w http.ResponseWriter, r *http.Request) {
		close(arrived)
		<-r.Context().Done()
		close(left)
	}), serve.Options{Grace: 50 * time.Millisecond})
	go func() { _, _ = get(s.url) }()
	<-arrived
	s.stop()
	s.ends(t)
	<-left
}

func TestAReloadExchangesTheWholeOrNothing(t *testing.T) {
	saying := func(text string) *serve.Service {
		return handling(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, text) })
	}
	reload := make(chan struct{})
	var next *serve.Service
	s := startServer(t, saying("old"), serve.Options{Reload: reload, Load: func(context.Context) (*serve.Service, error) {
		if next == nil {
			return nil, errors.New("line 3: no such key")
		}
		return next, nil
	}})
	reload <- struct{}{}
	eventually(t, "the fault is logged", func() bool { return s.log.FilterMessageSnippet("not reloaded").Len() == 1 })
	if got, err := get(s.url); got != "old" || !strings.Contains(s.log.FilterMessageSnippet("not reloaded").All()[0].ContextMap()["error"].(string), "line 3") {
		t.Errorf("after a configuration that is wrong: %q, %v", got, err)
	}
	next = saying("new")
	reload <- struct{}{}
	eventually(t, "it is reloaded", func() bool { got, _ := get(s.url); return got == "new" })
	if !s.has("RELOADING=1") {
		t.Errorf("the service manager was told %q", s.told)
	}
}

func TestAPanicOfTheHandlerIsLoggedWithoutItsValue(t *testing.T) {
	s := startServer(t, handling(t, func(http.ResponseWriter, *http.Request) { panic("hunter2") }), serve.Options{})
	if got, err := get(s.url); err == nil {
		t.Errorf("answered %q, want the connection cut", got)
	}
	entries := s.log.FilterMessage("the HTTP handler panicked").All()
	if len(entries) != 1 || !strings.Contains(entries[0].ContextMap()["stack"].(string), "serve_test.go") {
		t.Fatalf("logged %v, want the panic and where it was", entries)
	}
	for _, v := range entries[0].ContextMap() {
		if text, ok := v.(string); ok && strings.Contains(text, "hunter2") {
			t.Errorf("the log has the value: %s", text)
		}
	}
}

func TestTheWatchdogIsFedWhileThereIsLife(t *testing.T) {
	s := startServer(t, handling(t, func(http.ResponseWriter, *http.Request) {}), serve.Options{Watchdog: 10 * time.Millisecond})
	eventually(t, "a sign of life", func() bool { return s.has("WATCHDOG=1") })
}

// A body without end is cut off.
func TestABodyIsBounded(t *testing.T) {
	s := startServer(t, handling(t, func(w http.ResponseWriter, r *http.Request) {
		n, err := io.Copy(io.Discard, r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusRequestEntityTooLarge)
			return
		}
		t.Errorf("a body of %d bytes was taken", n)
	}), serve.Options{})
	resp, err := http.Post(s.url, "text/plain", io.LimitReader(zeros{}, 2<<20))
	if err == nil {
		resp.Body.Close()
		if resp.StatusCode != http.StatusRequestEntityTooLarge {
			t.Errorf("status %d, want 413", resp.StatusCode)
		}
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }
