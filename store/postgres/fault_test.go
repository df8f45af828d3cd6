package postgres_test

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"prowatch/store/postgres"
	"prowatch/store/storetest/server"
	"prowatch/watch"
)

// through returns a store that reaches p through a proxy.
func through(t *testing.T, p *server.Postgres, watched string, loses func() bool) *postgres.Store {
	t.Helper()
	proxy := server.Proxy{To: p.Addr, Watched: watched, Loses: loses}
	return open(t, strings.Replace(p.URL(""), p.Addr, proxy.Start(t), 1), nil)
}

func TestAWriteWhoseAnswerWasLostKnowsItself(t *testing.T) {
	p := server.StartPostgres(t, os.Getenv)
	direct := open(t, p.URL(""), nil)
	version := save(t, direct, "account/old", "before", "")
	for _, tt := range []struct{ key, expected string }{{"account/new", ""}, {"account/old", version}} {
		got := save(t, through(t, p, tt.key, server.Nth(1)), tt.key, "after", tt.expected)
		data, version, err := direct.Load(t.Context(), tt.key)
		if string(data) != "after" || got != version || err != nil {
			t.Errorf("%s: got %q, version %q, error %v, want version %q", tt.key, data, version, err, got)
		}
	}
}

func TestAWriteWhoseAnswerWasLostAndThatWasOverwrittenIsNoConflict(t *testing.T) {
	p := server.StartPostgres(t, os.Getenv)
	direct := open(t, p.URL(""), nil)
	save(t, direct, "other", "x", "") // makes the table
	lost := server.Nth(1)
	s := through(t, p, "account/k", func() bool {
		if !lost() {
			return false
		}
		_, version, err := direct.Load(t.Context(), "account/k")
		if err == nil {
			_, err = direct.Save(t.Context(), "account/k", []byte("another's"), version)
		}
		if err != nil {
			t.Errorf("the other writer: %v", err)
		}
		return true
	})
	_, err := s.Save(t.Context(), "account/k", nil, "")
	if err == nil || errors.Is(err, watch.ErrConflict) || !strings.Contains(err.Error(), "may have been done or not") {
		t.Errorf("got error %v, want that it is unknown", err)
	}
}

func TestADeleteWhoseAnswerWasLostSucceeds(t *testing.T) {
	p := server.StartPostgres(t, os.Getenv)
	direct := open(t, p.URL(""), nil)
	version := save(t, direct, "account/k", "x", "")
	if err := through(t, p, "account/k", server.Nth(1)).Delete(t.Context(), "account/k", version); err != nil {
		t.Errorf("got error %v, want none", err)
	}
	if _, _, err := direct.Load(t.Context(), "account/k"); !errors.Is(err, watch.ErrNotFound) {
		t.Errorf("Load: got error %v, want ErrNotFound", err)
	}
}

func TestABatchWhoseAnswerWasLostIsAskedForAgain(t *testing.T) {
	p := server.StartPostgres(t, os.Getenv)
	version := save(t, open(t, p.URL(""), nil), "account/k", "x", "")
	found, err := through(t, p, "account/k", server.Nth(1)).LoadMany(t.Context(), []string{"account/k"})
	if err != nil || found["account/k"].Version != version {
		t.Errorf("got %+v, error %v, want version %q", found, err, version)
	}
	found, err = through(t, p, "account/k", func() bool { return true }).LoadMany(t.Context(), []string{"account/k"})
	if err == nil || len(found) != 0 || !strings.Contains(err.Error(), "no answer from PostgreSQL") {
		t.Errorf("with all answers lost: got %d records, error %v, want that nobody answers", len(found), err)
	}
}

func TestAnswersThatStayLostAreAnErrorThatLeavesItOpen(t *testing.T) {
	p := server.StartPostgres(t, os.Getenv)
	s := through(t, p, "account/k", func() bool { return true })
	_, err := s.Save(t.Context(), "account/k", nil, "")
	if err == nil || errors.Is(err, watch.ErrConflict) || !strings.Contains(err.Error(), "no answer from PostgreSQL") {
		t.Errorf("got error %v, want that nobody answers", err)
	}
}

func TestWhatTheServerRefusesIsSaidWithItsMend(t *testing.T) {
	p := server.StartPostgres(t, os.Getenv)
	for _, sql := range []string{
		"CREATE USER poor PASSWORD 'sesame'",
		"CREATE USER reader PASSWORD 'sesame'",
		"CREATE TABLE others (key text, name text)",
		"CREATE TABLE bare (key text, version text, data bytea, saved timestamptz)",
		"CREATE TABLE read (key text COLLATE \"C\" PRIMARY KEY, version text NOT NULL, data bytea NOT NULL, saved timestamptz)",
		"GRANT SELECT ON read TO reader",
		"CREATE DATABASE standby",
		"ALTER DATABASE standby SET default_transaction_read_only = on",
	} {
		run(t, p, sql)
	}
	at := func(user, rest string) string { return "postgres://" + user + ":sesame@" + p.Addr + "/" + rest }
	for _, tt := range []struct{ name, state, want string }{
		{"a wrong password", strings.Replace(p.URL(""), "sesame", "sesame2", 1), "check the user and the password"},
		{"a user who is unknown", at("nobody", "postgres"), "check the user and the password"},
		{"a database that is missing", at("postgres", "missing"), "create the database"},
		{"a schema that is missing", p.URL("table=missing.x"), "create the schema"},
		{"a right to make the table", at("poor", "postgres"), "and CREATE on its schema"},
		{"a right to write", at("reader", "postgres?table=read"), "grant the user SELECT, INSERT"},
		{"somebody else's table", p.URL("table=others"), "no table of prowatch"},
		{"a table without its key", p.URL("table=bare"), "no table of prowatch"},
		{"a table of the system", p.URL("table=pg_catalog.pg_class"), "no table of prowatch"},
		{"a server that only reads", at("postgres", "standby"), "name the primary"},
		{"a server without TLS", p.URL("sslmode=require"), "sslmode=disable"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := open(t, tt.state, nil).Save(t.Context(), "k", nil, "")
			if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "sesame") || errors.Is(err, watch.ErrConflict) {
				t.Errorf("Save: got error %v, want one with %q", err, tt.want)
			}
		})
	}
}

// TestTLS speaks TLS as PostgreSQL does: after a question in the clear.
func TestTLS(t *testing.T) {
	p := server.StartPostgres(t, os.Getenv)
	web := httptest.NewTLSServer(nil)
	defer web.Close()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := (&server.Proxy{To: p.Addr}).Serve(t, upgrader{l, web.TLS})
	roots := x509.NewCertPool()
	roots.AddCert(web.Certificate())

	state := strings.Replace(p.URL("sslmode=verify-full"), p.Addr, addr, 1)
	save(t, open(t, state, &postgres.Options{RootCAs: roots}), "k", "x", "")
	_, _, err = open(t, state, nil).Load(t.Context(), "k")
	if err == nil || !strings.Contains(err.Error(), "sslrootcert or ca_file") {
		t.Errorf("an authority that is unknown: got error %v", err)
	}
}

type upgrader struct {
	net.Listener
	config *tls.Config
}

// Accept answers the question for TLS with yes.
// https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-SSL
func (u upgrader) Accept() (net.Conn, error) {
	c, err := u.Listener.Accept()
	if err != nil {
		return nil, err
	}
	question := make([]byte, 8)
	if _, err := io.ReadFull(c, question); err != nil {
		return nil, err
	}
	if _, err := c.Write([]byte("S")); err != nil {
		return nil, err
	}
	return tls.Server(c, u.config), nil
}
