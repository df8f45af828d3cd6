package postgres

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"regexp"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"prowatch/store/remote"
)

const (
	defaultTable = "prowatch"

	// maxConns is how many connections a process keeps at most. A server has
	// 100 by default. https://www.postgresql.org/docs/current/runtime-config-connection.html
	maxConns = "16"

	// loopbackTLS and remoteTLS are the sslmode of a URL that names none.
	loopbackTLS = "prefer"
	remoteTLS   = "verify-full"
)

// tableName is a name that needs no quotes, with or without a schema. The
// server would cut one that is longer.
// https://www.postgresql.org/docs/current/sql-syntax-lexical.html
var tableName = regexp.MustCompile(`^([a-z_][a-z0-9_]{0,62}\.)?[a-z_][a-z0-9_]{0,62}$`)

var wholeNumber = regexp.MustCompile(`^[1-9][0-9]{0,3}$`)

// Options are the optional settings of [Open]. The zero value is ready to use.
type Options struct {
	// RootCAs are the authorities that vouch for servers, where the URL has no
	// sslrootcert. They default to the system's.
	RootCAs *x509.CertPool

	// Random is where versions are drawn from, 16 bytes each, by many
	// goroutines at once. It defaults to crypto/rand.Reader.
	Random io.Reader
}

// Open returns the store at the URL state. It makes no connection; the first
// call does. opts may be nil.
func Open(ctx context.Context, state string, opts *Options) (*Store, error) {
	if opts == nil {
		opts = &Options{}
	}
	s, err := open(ctx, state, opts)
	if err != nil {
		return nil, fmt.Errorf("opening postgres store: %w; write postgres://user:password@host/database[?table=prowatch]", err)
	}
	return s, nil
}

func open(ctx context.Context, state string, opts *Options) (*Store, error) {
	u, err := remote.Parse(state, []string{"postgres", "postgresql"},
		[]string{"pool_max_conns", "sslcert", "sslkey", "sslmode", "sslrootcert", "table", "target_session_attrs"})
	if err != nil {
		return nil, err
	}
	table := defaultTable
	if t := u.Query().Get("table"); t != "" {
		table = t
	}
	if !tableName.MatchString(table) {
		return nil, fmt.Errorf("table %.80q is no name in small letters, digits and _, at most 63 each for it and its schema", table)
	}
	if n := u.Query().Get("pool_max_conns"); n != "" && !wholeNumber.MatchString(n) {
		return nil, errors.New("pool_max_conns is no number from 1 to 9999")
	}
	config, err := poolConfig(u, opts.RootCAs)
	if err != nil {
		return nil, err
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	s := &Store{
		pool: pool, addr: u.Host, secret: config.ConnConfig.Password,
		name: table, table: pgx.Identifier(strings.Split(table, ".")).Sanitize(), random: rand.Reader,
	}
	if opts.Random != nil {
		s.random = opts.Random
	}
	return s, nil
}

// poolConfig reads what the library knows of the URL.
func poolConfig(u *url.URL, roots *x509.CertPool) (*pgxpool.Config, error) {
	params := u.Query()
	params.Del("table")
	setDefault(params, "sslmode", sslMode(u.Hostname()))
	setDefault(params, "pool_max_conns", maxConns)
	own := *u
	own.RawQuery = params.Encode()
	config, err := pgxpool.ParseConfig(own.String())
	if err != nil {
		return nil, configError(err, u)
	}
	config.ConnConfig.DefaultQueryExecMode = pgx.QueryExecModeExec
	config.ConnConfig.RuntimeParams["application_name"] = "prowatch"
	trust(config.ConnConfig.TLSConfig, roots)
	for _, f := range config.ConnConfig.Fallbacks {
		trust(f.TLSConfig, roots)
	}
	return config, nil
}

// configError says what is wrong with a URL without quoting it, as the library
// does.
func configError(err error, u *url.URL) error {
	password, _ := u.User.Password()
	if inner := errors.Unwrap(err); inner != nil {
		err = inner
	} else {
		err = errors.New("the port, or a parameter, has a value that is not allowed")
	}
	return errors.New(remote.Quote(err.Error(), password))
}

func setDefault(params url.Values, name, value string) {
	if !params.Has(name) {
		params.Set(name, value)
	}
}

func sslMode(host string) string {
	if ip := net.ParseIP(host); host == "localhost" || ip != nil && ip.IsLoopback() {
		return loopbackTLS
	}
	return remoteTLS
}

func trust(c *tls.Config, roots *x509.CertPool) {
	if c != nil && c.RootCAs == nil {
		c.RootCAs = roots
	}
}
