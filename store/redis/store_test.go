package redis_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"prowatch/store/redis"
	"prowatch/store/storetest"
	"prowatch/store/storetest/server"
	"prowatch/watch"
)

func TestStore(t *testing.T) {
	r := server.StartRedis(t, os.Getenv)
	n := 0
	storetest.Run(t, func(t *testing.T) watch.Store {
		n++
		prefix := fmt.Sprintf("test[%d]*", n)
		return tearable{open(t, "redis://"+r.Addr+"?prefix="+url.QueryEscape(prefix), nil), client(t, r), r.Addr, prefix}
	})
}

// tearable is a store whose records the test can take for something else.
type tearable struct {
	*redis.Store
	client *goredis.Client
	addr   string
	prefix string
}

// Break implements [storetest.Breaker]: nobody is at the address, or all answers
// about an account are lost.
func (s tearable) Break(t *testing.T, fault storetest.Fault) watch.Store {
	addr := "127.0.0.1:1"
	if fault == storetest.FailAfter {
		addr = (&server.Proxy{To: s.addr, Watched: "account/", Loses: func() bool { return true }}).Start(t)
	}
	return open(t, "redis://"+addr+"?prefix="+url.QueryEscape(s.prefix), nil)
}

// Tear implements [storetest.Tearer].
func (s tearable) Tear(t *testing.T, key string) {
	s.client.Del(t.Context(), s.prefix+key)
	if err := s.client.Set(t.Context(), s.prefix+key, "mine", 0).Err(); err != nil {
		t.Fatal(err)
	}
}

func open(t *testing.T, state string, opts *redis.Options) *redis.Store {
	t.Helper()
	s, err := redis.Open(t.Context(), state, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// client returns a client of the server that is no store.
func client(t *testing.T, r *server.Redis) *goredis.Client {
	t.Helper()
	c := goredis.NewClient(&goredis.Options{Addr: r.Addr})
	t.Cleanup(func() { c.Close() })
	return c
}

func save(t *testing.T, s *redis.Store, key, data, expected string) (version string) {
	t.Helper()
	version, err := s.Save(t.Context(), key, []byte(data), expected)
	if err != nil {
		t.Fatal(err)
	}
	return version
}

func keys(t *testing.T, s *redis.Store, prefix string) (keys []string) {
	t.Helper()
	for k, err := range s.List(t.Context(), prefix) {
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, k)
	}
	return keys
}

func TestOpenNeedsAWholeURL(t *testing.T) {
	for _, tt := range []struct{ name, state, want string }{
		{"no host", "redis://:6379", "names no host"},
		{"a database that is no number", "redis://host/sesame", "no number of a database"},
		{"an unknown parameter", "redis://host?db=1&prefx=x", "unknown parameter"},
		{"a slip of the pen", "redis://host?prefx=x", "did you mean prefix?"},
		{"a slash in the password", "redis://u:sesame/@host", "%2F for /"},
		{"another scheme", "http://host", "redis:// or rediss://"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := redis.Open(t.Context(), tt.state, nil)
			if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "sesame") {
				t.Errorf("got error %v, want one with %q and not the password", err, tt.want)
			}
		})
	}
}

func TestOpenMakesNoConnection(t *testing.T) {
	s := open(t, "redis://127.0.0.1:1", nil)
	_, _, err := s.Load(t.Context(), "k")
	if err == nil || !strings.Contains(err.Error(), "no answer from Redis at 127.0.0.1:1") || !strings.Contains(err.Error(), "check the host") {
		t.Errorf("Load: got error %v, want that nobody answers", err)
	}
}

func TestARecordIsAHashUnderThePrefix(t *testing.T) {
	r := server.StartRedis(t, os.Getenv)
	version := save(t, open(t, "redis://"+r.Addr, nil), "account/acme", "x", "")
	got, err := client(t, r).HGetAll(t.Context(), "prowatch:account/acme").Result()
	if err != nil || len(got) != 2 || got["version"] != version || got["data"] != "x" {
		t.Errorf("got %v, error %v, want the version %s and the data", got, err, version)
	}
}

func TestDatabasesAreApart(t *testing.T) {
	r := server.StartRedis(t, os.Getenv)
	save(t, open(t, "redis://"+r.Addr+"/1", nil), "k", "x", "")
	if got := keys(t, open(t, "redis://"+r.Addr, nil), ""); got != nil {
		t.Errorf("database 0: got %q, want nothing", got)
	}
	if got := keys(t, open(t, "redis://"+r.Addr+"/1", nil), ""); !slices.Equal(got, []string{"k"}) {
		t.Errorf("database 1: got %q, want k", got)
	}
}

func TestForeignValuesAreLeftAsTheyAre(t *testing.T) {
	r := server.StartRedis(t, os.Getenv)
	c, s := client(t, r), open(t, "redis://"+r.Addr, nil)
	c.Set(t.Context(), "prowatch:text", "mine", 0)
	c.HSet(t.Context(), "prowatch:hash", "mine", "yes")
	c.HSet(t.Context(), "prowatch:half", "version", "v")
	for _, key := range []string{"text", "hash"} {
		_, _, loadErr := s.Load(t.Context(), key)
		_, createErr := s.Save(t.Context(), key, nil, "")
		_, saveErr := s.Save(t.Context(), key, nil, "v")
		for what, err := range map[string]error{"Load": loadErr, "Save of a new one": createErr, "Save": saveErr, "Delete": s.Delete(t.Context(), key, "v")} {
			if err == nil || !strings.Contains(err.Error(), "no record of prowatch") || errors.Is(err, watch.ErrConflict) || errors.Is(err, watch.ErrNotFound) {
				t.Errorf("%s of %s: got error %v, want that it is no record", what, key, err)
			}
		}
	}
	if _, _, err := s.Load(t.Context(), "half"); err == nil || !strings.Contains(err.Error(), "no record of prowatch") {
		t.Errorf("Load of half a record: got error %v", err)
	}
	text, hash := c.Get(t.Context(), "prowatch:text").Val(), c.HGetAll(t.Context(), "prowatch:hash").Val()
	if text != "mine" || len(hash) != 1 || hash["mine"] != "yes" {
		t.Errorf("got %q and %v, want both untouched", text, hash)
	}
}

func TestABatchAmongForeignValues(t *testing.T) {
	r := server.StartRedis(t, os.Getenv)
	c, s := client(t, r), open(t, "redis://"+r.Addr, nil)
	c.HSet(t.Context(), "prowatch:hash", "mine", "yes")
	c.HSet(t.Context(), "prowatch:half", "version", "v")
	version := save(t, s, "k", "x", "")
	found, err := s.LoadMany(t.Context(), []string{"hash", "half", "k"})
	if err != nil || found["k"].Version != version || found["hash"].Err == nil || found["half"].Err == nil {
		t.Errorf("got %+v, error %v, want the record and two errors", found, err)
	}
}

func TestABatchFailsAsAWhole(t *testing.T) {
	r := server.StartRedis(t, os.Getenv, "--requirepass", "right-sesame")
	for _, state := range []string{"redis://" + r.Addr, "redis://127.0.0.1:1"} {
		found, err := open(t, state, nil).LoadMany(t.Context(), []string{"a", "b"})
		if err == nil || len(found) != 0 || errors.Is(err, watch.ErrNotFound) || strings.Contains(err.Error(), "sesame") {
			t.Errorf("%s: got %d records, error %v, want an error", state, len(found), err)
		}
	}
}

func TestABatchWhoseAnswerWasLostIsAskedForAgain(t *testing.T) {
	r := server.StartRedis(t, os.Getenv)
	version := save(t, open(t, "redis://"+r.Addr, nil), "account/k", "x", "")
	addr := (&server.Proxy{To: r.Addr, Watched: "account/k", Loses: server.Nth(1)}).Start(t)
	found, err := open(t, "redis://"+addr, nil).LoadMany(t.Context(), []string{"account/k"})
	if err != nil || found["account/k"].Version != version {
		t.Errorf("got %+v, error %v, want version %q", found, err, version)
	}
}

func TestAListOfManyPagesAmongForeignKeys(t *testing.T) {
	r := server.StartRedis(t, os.Getenv)
	s := open(t, "redis://"+r.Addr, nil)
	pipe := client(t, r).Pipeline()
	var want []string
	for i := range 5000 {
		pipe.Set(t.Context(), fmt.Sprintf("other:%d", i), "", 0)
		want = append(want, fmt.Sprintf("account/%04d", i))
		pipe.HSet(t.Context(), "prowatch:"+want[i], "version", "v", "data", "x")
	}
	if _, err := pipe.Exec(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := keys(t, s, "account/"); !slices.Equal(got, want) {
		t.Errorf("got %d keys, want %d, sorted", len(got), len(want))
	}
}

func TestAnAppendOnlyServerMayBeKilledMidway(t *testing.T) {
	r := server.StartRedis(t, os.Getenv, "--appendonly", "yes", "--appendfsync", "always")
	s := open(t, "redis://"+r.Addr, nil)
	version := save(t, s, "k", "0", "")
	r.Kill()
	if _, _, err := s.Load(t.Context(), "k"); err == nil || errors.Is(err, watch.ErrNotFound) {
		t.Errorf("Load of a dead server: got error %v, want that nobody answers", err)
	}
	r.Start(t)
	data, got, err := s.Load(t.Context(), "k")
	if string(data) != "0" || got != version || err != nil {
		t.Fatalf("Load after a restart: got %q, version %q, error %v", data, got, err)
	}
	save(t, s, "k", "1", version)
}

func TestASaveOutlivesARestartUnderWay(t *testing.T) {
	r := server.StartRedis(t, os.Getenv, "--appendonly", "yes")
	s := open(t, "redis://"+r.Addr, nil)
	version := save(t, s, "k", "0", "")
	r.Kill()
	again := time.AfterFunc(300*time.Millisecond, func() { r.Start(t) })
	defer again.Stop()
	if save(t, s, "k", "1", version); again.Stop() {
		t.Error("the save succeeded without a server")
	}
}

func TestACallReturnsWhenItsContextIsCanceled(t *testing.T) {
	r := server.StartRedis(t, os.Getenv)
	s := open(t, "redis://"+r.Addr, nil)
	save(t, s, "k", "x", "")
	if err := client(t, r).Do(t.Context(), "CLIENT", "PAUSE", "3000").Err(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	begin := time.Now()
	if _, _, err := s.Load(ctx, "k"); !errors.Is(err, context.Canceled) || time.Since(begin) > time.Second {
		t.Errorf("got error %v after %v, want %v at once", err, time.Since(begin), context.Canceled)
	}
}

func TestAVersionThatCannotBeDrawnIsAnError(t *testing.T) {
	r := server.StartRedis(t, os.Getenv)
	for name, random := range map[string]io.Reader{"broken": iotest.ErrReader(errors.New("no entropy")), "short": strings.NewReader("short")} {
		s := open(t, "redis://"+r.Addr, &redis.Options{Random: random})
		if version, err := s.Save(t.Context(), "k", nil, ""); version != "" || err == nil {
			t.Errorf("%s: got version %q, error %v, want an error", name, version, err)
		}
		if got := keys(t, s, ""); got != nil {
			t.Errorf("%s: got keys %q, want none", name, got)
		}
	}
}
