package redis

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
	"strconv"
	"strings"
	"time"

	goredis "github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"

	"prowatch/store/remote"
)

const (
	defaultPort   = "6379" // https://www.iana.org/assignments/uri-schemes/prov/redis
	defaultPrefix = "prowatch:"

	// dialTimeout and replyTimeout bound what the context does not: a server
	// answers within milliseconds, but may load its data for longer.
	dialTimeout  = 5 * time.Second
	replyTimeout = 5 * time.Second
)

// Options are the optional settings of [Open]. The zero value is ready to use.
type Options struct {
	// RootCAs are the authorities that rediss:// trusts. They default to the
	// system's.
	RootCAs *x509.CertPool

	// Random is where versions are drawn from, 16 bytes each, by many
	// goroutines at once. It defaults to crypto/rand.Reader.
	Random io.Reader
}

func init() {
	// The library's own logger would write each connection that is refused to
	// the standard error; every one of them is an error of a call, too.
	goredis.SetLogger(silent{})
}

type silent struct{}

// Printf implements the logger of go-redis.
func (silent) Printf(context.Context, string, ...any) {}

// Open returns the store at the URL state. It makes no connection; the first
// call does. opts may be nil.
func Open(_ context.Context, state string, opts *Options) (*Store, error) {
	if opts == nil {
		opts = &Options{}
	}
	s, err := parse(state, opts)
	if err != nil {
		return nil, fmt.Errorf("opening redis store: %w; write redis://[user:password@]host[:port][/database][?prefix=prowatch:]", err)
	}
	return s, nil
}

func parse(state string, opts *Options) (*Store, error) {
	u, err := remote.Parse(state, []string{"redis", "rediss"}, []string{"prefix"})
	if err != nil {
		return nil, err
	}
	database, err := databaseOf(u)
	if err != nil {
		return nil, err
	}
	if u.Hostname() == "" {
		return nil, errors.New("it names no host")
	}
	client := clientOptions(u, opts.RootCAs)
	client.DB = database
	s := &Store{client: goredis.NewClient(client), addr: client.Addr, secret: client.Password, prefix: defaultPrefix, random: rand.Reader}
	if p := u.Query().Get("prefix"); p != "" {
		s.prefix = p
	}
	if opts.Random != nil {
		s.random = opts.Random
	}
	return s, nil
}

func databaseOf(u *url.URL) (int, error) {
	path := strings.TrimPrefix(u.Path, "/")
	if path == "" {
		return 0, nil
	}
	n, err := strconv.ParseUint(path, 10, 16)
	if err != nil {
		return 0, errors.New("what follows the host is no number of a database, such as /0")
	}
	return int(n), nil
}

func clientOptions(u *url.URL, roots *x509.CertPool) *goredis.Options {
	port := u.Port()
	if port == "" {
		port = defaultPort
	}
	password, _ := u.User.Password()
	o := &goredis.Options{
		Addr:                  net.JoinHostPort(u.Hostname(), port),
		Username:              u.User.Username(),
		Password:              password,
		DialTimeout:           dialTimeout,
		ReadTimeout:           replyTimeout,
		ContextTimeoutEnabled: true,
		// What is tried again is decided here, where it is known whether the
		// first attempt may have taken effect.
		MaxRetries:    -1,
		DialerRetries: 1,
		// Servers of other makers know neither of these.
		DisableIdentity:          true,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	}
	if u.Scheme == "rediss" {
		o.TLSConfig = &tls.Config{ServerName: u.Hostname(), RootCAs: roots, MinVersion: tls.VersionTLS12}
	}
	return o
}
