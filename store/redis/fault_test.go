package redis_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"prowatch/store/redis"
	"prowatch/store/storetest/server"
	"prowatch/watch"
)

func TestAWriteWhoseAnswerWasLostKnowsItself(t *testing.T) {
	r := server.StartRedis(t, os.Getenv)
	addr := (&server.Proxy{To: r.Addr, Watched: "payload", Loses: server.Nth(2)}).Start(t) // the first is NOSCRIPT
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
	lost := server.Nth(2)
	p := server.Proxy{To: r.Addr, Watched: "payload", Loses: func() bool {
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
	}}
	_, err := open(t, "redis://"+p.Start(t), nil).Save(t.Context(), "k", []byte("payload"), "")
	if err == nil || errors.Is(err, watch.ErrConflict) || !strings.Contains(err.Error(), "may have been done or not") {
		t.Errorf("got error %v, want that it is unknown", err)
	}
}

func TestADeleteWhoseAnswerWasLostSucceeds(t *testing.T) {
	r := server.StartRedis(t, os.Getenv)
	direct := open(t, "redis://"+r.Addr, nil)
	version := save(t, direct, "k", "x", "")
	addr := (&server.Proxy{To: r.Addr, Watched: version, Loses: server.Nth(2)}).Start(t)
	if err := open(t, "redis://"+addr, nil).Delete(t.Context(), "k", version); err != nil {
		t.Errorf("got error %v, want none", err)
	}
	if _, _, err := direct.Load(t.Context(), "k"); !errors.Is(err, watch.ErrNotFound) {
		t.Errorf("Load: got error %v, want ErrNotFound", err)
	}
}

func TestAnswersThatStayLostAreAnErrorThatLeavesItOpen(t *testing.T) {
	r := server.StartRedis(t, os.Getenv)
	addr := (&server.Proxy{To: r.Addr, Watched: "payload", Loses: func() bool { return true }}).Start(t)
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
		name    string
		args    []string
		user    []any // a command that makes one, who has no right to CONFIG
		want    []string
		forgets bool
	}{
		{name: "a cache", args: []string{"--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru"}, want: []string{"there are no snapshots: a restart", "allkeys-lru"}, forgets: true},
		{name: "snapshots alone", args: []string{"--save", "3600 1"}, want: []string{"since the last snapshot"}},
		{name: "a store", args: []string{"--appendonly", "yes"}},
		{name: "one that is not asked about snapshots", user: []any{"ACL", "SETUSER", "poor", "on", ">sesame", "~*", "+@all", "-config"}, want: []string{"without snapshots all of them"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := server.StartRedis(t, os.Getenv, tt.args...)
			state := "redis://" + r.Addr
			if tt.user != nil {
				if err := client(t, r).Do(t.Context(), tt.user...).Err(); err != nil {
					t.Fatal(err)
				}
				state = "redis://poor:sesame@" + r.Addr
			}
			s := open(t, state, nil)
			got, err := s.Doubts(t.Context())
			if err != nil || len(got) != len(tt.want) {
				t.Fatalf("got %q, error %v, want %q", got, err, tt.want)
			}
			for i, w := range tt.want {
				if !strings.Contains(got[i], w) {
					t.Errorf("got %q, want one with %q", got[i], w)
				}
			}
			if why, err := s.Forgets(t.Context()); err != nil || (why != "") != tt.forgets {
				t.Errorf("Forgets: got %q, error %v, want a reason: %v", why, err, tt.forgets)
			}
		})
	}
	if got, err := open(t, "redis://127.0.0.1:1", &redis.Options{}).Doubts(t.Context()); got != nil || err == nil {
		t.Errorf("of nobody: got %q, error %v, want an error", got, err)
	}
}
