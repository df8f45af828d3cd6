package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/jackc/pgx/v5"

	"prowatch/store/postgres"
	"prowatch/store/storetest"
	"prowatch/store/storetest/server"
	"prowatch/watch"
)

func TestStore(t *testing.T) {
	p := server.StartPostgres(t, os.Getenv)
	n := 0
	storetest.Run(t, func(t *testing.T) watch.Store {
		n++
		params := fmt.Sprintf("table=test%d", n)
		return breakable{open(t, p.URL(params), nil), p, params}
	})
}

// breakable is a store that the test can cut off.
type breakable struct {
	*postgres.Store
	server *server.Postgres
	params string
}

// Break implements [storetest.Breaker]: nobody is at the address, or all answers
// about an account are lost.
func (s breakable) Break(t *testing.T, fault storetest.Fault) watch.Store {
	addr := "127.0.0.1:1"
	if fault == storetest.FailAfter {
		addr = (&server.Proxy{To: s.server.Addr, Watched: "account/", Loses: func() bool { return true }}).Start(t)
	}
	return open(t, strings.Replace(s.server.URL(s.params), s.server.Addr, addr, 1), nil)
}

func open(t *testing.T, state string, opts *postgres.Options) *postgres.Store {
	t.Helper()
	s, err := postgres.Open(t.Context(), state, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// run runs a statement beside the store.
func run(t *testing.T, p *server.Postgres, sql string) {
	t.Helper()
	c, err := pgx.Connect(t.Context(), p.URL(""))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(context.WithoutCancel(t.Context()))
	if _, err := c.Exec(t.Context(), sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

func save(t *testing.T, s *postgres.Store, key, data, expected string) (version string) {
	t.Helper()
	version, err := s.Save(t.Context(), key, []byte(data), expected)
	if err != nil {
		t.Fatal(err)
	}
	return version
}

func keys(t *testing.T, s *postgres.Store, prefix string) (keys []string) {
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
		{"a slip of the pen", "postgres://host/db?tabel=x", "did you mean table?"},
		{"a parameter of the server", "postgres://host/db?statement_timeout=1", "unknown parameter"},
		{"a table in quotes", `postgres://host/db?table=%22x%22`, "no name in small letters"},
		{"a table in capitals", "postgres://host/db?table=Prowatch", "no name in small letters"},
		{"a table of three parts", "postgres://host/db?table=a.b.c", "no name in small letters"},
		{"a table that would be cut", "postgres://host/db?table=" + strings.Repeat("a", 64), "no name in small letters"},
		{"a slash in the password", "postgres://u:sesame/@host/db", "%2F for /"},
		{"a mode of TLS that is none", "postgres://u:sesame@host/db?sslmode=on", "sslmode"},
		{"an authority that is not there", "postgres://u:sesame@host/db?sslrootcert=/sesame/ca", "CA file"},
		{"no number of connections", "postgres://u:sesame@host/db?pool_max_conns=many", "pool_max_conns"},
		{"no connections", "postgres://u:sesame@host/db?pool_max_conns=0", "pool_max_conns"},
		{"a port too high", "postgres://u:sesame@host:99999/db", "port"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := postgres.Open(t.Context(), tt.state, nil)
			if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "sesame") {
				t.Errorf("got error %v, want one with %q and not the password", err, tt.want)
			}
		})
	}
}

func TestOpenMakesNoConnection(t *testing.T) {
	s := open(t, "postgres://u:sesame@127.0.0.1:1/db", nil)
	_, _, err := s.Load(t.Context(), "k")
	if err == nil || !strings.Contains(err.Error(), "no answer from PostgreSQL at 127.0.0.1:1") || strings.Contains(err.Error(), "sesame") {
		t.Errorf("Load: got error %v, want that nobody answers", err)
	}
}

func TestTheTableIsMadeOnce(t *testing.T) {
	p := server.StartPostgres(t, os.Getenv)
	t.Run("by many at once", func(t *testing.T) {
		var wg sync.WaitGroup
		for i := range 16 {
			s := open(t, p.URL("table=raced&pool_max_conns=1"), nil)
			wg.Go(func() {
				if _, err := s.Save(t.Context(), fmt.Sprintf("account/%02d", i), nil, ""); err != nil {
					t.Errorf("writer %d: %v", i, err)
				}
			})
		}
		wg.Wait()
		if got := keys(t, open(t, p.URL("table=raced"), nil), ""); len(got) != 16 {
			t.Errorf("got keys %q, want 16", got)
		}
	})
	t.Run("by a list", func(t *testing.T) {
		if got := keys(t, open(t, p.URL("table=listed"), nil), ""); got != nil {
			t.Errorf("got keys %q, want none", got)
		}
	})
	t.Run("in a schema", func(t *testing.T) {
		run(t, p, "CREATE SCHEMA ops")
		save(t, open(t, p.URL("table=ops.kept"), nil), "k", "x", "")
		run(t, p, "SELECT key, version, data, saved FROM ops.kept")
	})
	t.Run("and not when it went away", func(t *testing.T) {
		s := open(t, p.URL("table=dropped"), nil)
		version := save(t, s, "k", "x", "")
		run(t, p, "DROP TABLE dropped")
		_, err := s.Save(t.Context(), "k", nil, version)
		if err == nil || errors.Is(err, watch.ErrConflict) || !strings.Contains(err.Error(), "is gone: restore it") {
			t.Errorf("got error %v, want that the table is gone", err)
		}
	})
}

func TestAListOfManyPages(t *testing.T) {
	p := server.StartPostgres(t, os.Getenv)
	s := open(t, p.URL(""), nil)
	save(t, s, "run/last", "x", "")
	save(t, s, "accoun", "x", "")
	for _, n := range []int{1000, 2500} {
		run(t, p, fmt.Sprintf("INSERT INTO prowatch SELECT 'account/'||lpad(i::text, 4, '0'), 'v', '' FROM generate_series(0, %d) i ON CONFLICT DO NOTHING", n-1))
		var want []string
		for i := range n {
			want = append(want, fmt.Sprintf("account/%04d", i))
		}
		if got := keys(t, s, "account/"); !slices.Equal(got, want) {
			t.Errorf("got %d keys, want %d, sorted", len(got), n)
		}
	}
}

func TestATableOfAnotherCollationIsListedByBytes(t *testing.T) {
	p := server.StartPostgres(t, os.Getenv)
	run(t, p, `CREATE TABLE prowatch (key text COLLATE "und-x-icu" PRIMARY KEY, version text NOT NULL, data bytea NOT NULL, saved timestamptz NOT NULL DEFAULT now())`)
	s := open(t, p.URL(""), nil)
	want := []string{"account/B", "account/a", "account/a-b", "account/ab", "account/b"}
	for _, k := range want {
		save(t, s, k, "x", "")
	}
	if got := keys(t, s, "account/"); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestTheServerMayBeStartedAgainMidway(t *testing.T) {
	p := server.StartPostgres(t, os.Getenv)
	s := open(t, p.URL(""), nil)
	version := save(t, s, "k", "0", "")
	p.Kill()
	if _, _, err := s.Load(t.Context(), "k"); err == nil || errors.Is(err, watch.ErrNotFound) {
		t.Errorf("Load of a dead server: got error %v, want that nobody answers", err)
	}
	p.Start(t)
	data, got, err := s.Load(t.Context(), "k")
	if string(data) != "0" || got != version || err != nil {
		t.Fatalf("Load after a restart: got %q, version %q, error %v", data, got, err)
	}
	run(t, p, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'prowatch'")
	save(t, s, "k", "1", version)
}

func TestACallReturnsWhenItsContextIsCanceled(t *testing.T) {
	p := server.StartPostgres(t, os.Getenv)
	s := open(t, p.URL(""), nil)
	version := save(t, s, "k", "x", "")
	c, err := pgx.Connect(t.Context(), p.URL(""))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(context.WithoutCancel(t.Context()))
	if _, err := c.Exec(t.Context(), "BEGIN; LOCK TABLE prowatch"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	begin := time.Now()
	if _, err := s.Save(ctx, "k", nil, version); !errors.Is(err, context.Canceled) || time.Since(begin) > time.Second {
		t.Errorf("got error %v after %v, want %v at once", err, time.Since(begin), context.Canceled)
	}
}

func TestAVersionThatCannotBeDrawnIsAnError(t *testing.T) {
	p := server.StartPostgres(t, os.Getenv)
	for name, random := range map[string]io.Reader{"broken": iotest.ErrReader(errors.New("no entropy")), "short": strings.NewReader("short")} {
		s := open(t, p.URL(""), &postgres.Options{Random: random})
		if version, err := s.Save(t.Context(), "k", nil, ""); version != "" || err == nil {
			t.Errorf("%s: got version %q, error %v, want an error", name, version, err)
		}
		if got := keys(t, s, ""); got != nil {
			t.Errorf("%s: got keys %q, want none", name, got)
		}
	}
}
