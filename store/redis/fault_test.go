package redis_test

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"prowatch/store/redis"
	"prowatch/store/storetest/server"
	"prowatch/watch"
)

// A proxy stands before a server. It loses the answer to a command that holds
// watched, and cuts the connection, when loses says so.
type proxy struct {
	to      string
	watched []byte
	loses   func() bool
}

// startProxy returns the address of a proxy.
func startProxy(t *testing.T, to, watched string, loses func() bool) (addr string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return serveProxy(t, l, &proxy{to, []byte(watched), loses})
}

func serveProxy(t *testing.T, l net.Listener, p *proxy) (addr string) {
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go p.serve(c)
		}
	}()
	return l.Addr().String()
}

func (p *proxy) serve(down net.Conn) {
	defer down.Close()
	up, err := net.Dial("tcp", p.to)
	if err != nil {
		return
	}
	defer up.Close()
	var asked atomic.Bool
	go func() {
		defer up.Close()
		pass(up, down, func(b []byte) bool {
			asked.Store(bytes.Contains(b, p.watched))
			return true
		})
	}()
	pass(down, up, func([]byte) bool { return !asked.Load() || !p.loses() })
}

// pass copies until keep says no.
func pass(to io.Writer, from io.Reader, keep func([]byte) bool) {
	buf := make([]byte, 64<<10)
	for {
		n, err := from.Read(buf)
		if n > 0 && !keep(buf[:n]) || err != nil {
			return
		}
		if _, err := to.Write(buf[:n]); err != nil {
			return
		}
	}
}

// once returns a function that is true at its n-th call.
func once(n int32) func() bool {
	var calls atomic.Int32
	return func() bool { return calls.Add(1) == n }
}

func TestAWriteWhoseAnswerWasLostKnowsItself(t *testing.T) {
	r := server.StartRedis(t, os.Getenv)
	addr := startProxy(t, r.Addr, "payload", once(2)) // the first is NOSCRIPT
	s, direct := open(t, "redis://"+addr, nil), open(t, "redis://"+r.Addr, nil)
	version := save(t, s, "k", "payload", "")
	data, got, err := direct.Load(t.Context(), "k")
	if string(data) != "payload" || got != version || err != nil {
		t.Errorf("got %q, version %q, error %v, want version %q", data, got, err, version)
	}
}

func TestAWriteWhoseAnswerWasLostAndThatWasOverwrittenIsNoConflict(t *testing.T) {
	r := server.StartRedis(t, os.Getenv)
	direct := open(t, "redis://"+r.Addr, nil)
	lost := once(2)
	addr := startProxy(t, r.Addr, "payload", func() bool {
		if !lost() {
			return false
		}
		_, version, err := direct.Load(t.Context(), "k")
		if err == nil {
			_, err = direct.Save(t.Context(), "k", []byte("another's"), version)
		}
		if err != nil {
			t.Errorf("the other writer: %v", err)
		}
		return true
	})
	_, err := open(t, "redis://"+addr, nil).Save(t.Context(), "k", []byte("payload"), "")
	if err == nil || errors.Is(err, watch.ErrConflict) || !strings.Contains(err.Error(), "may have been done or not") {
		t.Errorf("got error %v, want that it is unknown", err)
	}
}

func TestADeleteWhoseAnswerWasLostSucceeds(t *testing.T) {
	r := server.StartRedis(t, os.Getenv)
	direct := open(t, "redis://"+r.Addr, nil)
	version := save(t, direct, "k", "x", "")
	addr := startProxy(t, r.Addr, version, once(2))
	if err := open(t, "redis://"+addr, nil).Delete(t.Context(), "k", version); err != nil {
		t.Errorf("got error %v, want none", err)
	}
	if _, _, err := direct.Load(t.Context(), "k"); !errors.Is(err, watch.ErrNotFound) {
		t.Errorf("Load: got error %v, want ErrNotFound", err)
	}
}

func TestAnswersThatStayLostAreAnErrorThatLeavesItOpen(t *testing.T) {
	r := server.StartRedis(t, os.Getenv)
	addr := startProxy(t, r.Addr, "payload", func() bool { return true })
	_, err := open(t, "redis://"+addr, nil).Save(t.Context(), "k", []byte("payload"), "")
	if err == nil || errors.Is(err, watch.ErrConflict) || !strings.Contains(err.Error(), "no answer from Redis") {
		t.Errorf("got error %v, want that nobody answers", err)
	}
}

func TestWhatTheServerRefusesIsSaidWithItsMend(t *testing.T) {
	for _, tt := range []struct {
		name  string
		args  []string // of the server
		setUp []any    // a command
		user  string
		path  string
		want  string
	}{
		{name: "a password that is missing", args: []string{"--requirepass", "right-sesame"}, want: "redis://user:password@host"},
		{name: "a wrong password", args: []string{"--requirepass", "right-sesame"}, user: ":sesame@", want: "check the user and the password"},
		{name: "a database too many", path: "/99", want: "has no such database"},
		{name: "a replica", args: []string{"--replicaof", "127.0.0.1 1"}, want: "replica"},
		{name: "a full server", setUp: []any{"CONFIG", "SET", "maxmemory", "1"}, want: "raise maxmemory"},
		{name: "a right that is missing", setUp: []any{"ACL", "SETUSER", "poor", "on", ">sesame", "~*", "+hget"}, user: "poor:sesame@", want: "lacks a right"},
		{name: "a cluster without its slots", args: []string{"--cluster-enabled", "yes"}, want: "no cluster"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := server.StartRedis(t, os.Getenv, tt.args...)
			if tt.setUp != nil {
				if err := client(t, r).Do(t.Context(), tt.setUp...).Err(); err != nil {
					t.Fatal(err)
				}
			}
			s := open(t, "redis://"+tt.user+r.Addr+tt.path, nil)
			_, err := s.Save(t.Context(), "k", nil, "")
			if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "sesame") || errors.Is(err, watch.ErrConflict) {
				t.Errorf("Save: got error %v, want one with %q", err, tt.want)
			}
		})
	}
}

func TestDoubts(t *testing.T) {
	for _, tt := range []struct {
		name string
		args []string
		want []string
	}{
		{"a cache", []string{"--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru"}, []string{"appendonly is off", "allkeys-lru"}},
		{"a store", []string{"--appendonly", "yes"}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := server.StartRedis(t, os.Getenv, tt.args...)
			got, err := open(t, "redis://"+r.Addr, nil).Doubts(t.Context())
			if err != nil || len(got) != len(tt.want) {
				t.Fatalf("got %q, error %v, want %q", got, err, tt.want)
			}
			for i, w := range tt.want {
				if !strings.Contains(got[i], w) {
					t.Errorf("got %q, want one with %q", got[i], w)
				}
			}
		})
	}
	if got, err := open(t, "redis://127.0.0.1:1", &redis.Options{}).Doubts(t.Context()); got != nil || err == nil {
		t.Errorf("of nobody: got %q, error %v, want an error", got, err)
	}
}
