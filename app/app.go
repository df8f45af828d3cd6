package app

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"go.uber.org/zap"

	"prowatch/config"
	"prowatch/metrics"
	"prowatch/notify"
	"prowatch/tcss"
	"prowatch/watch"
)

// Options are what the parts have from their process. LookupEnv, ReadFile and
// Stores are needed, the others may be left zero.
type Options struct {
	// Config is the path of the configuration, "" to look for it in Dirs.
	Config string
	Dirs   []string

	LookupEnv func(name string) (string, bool)
	Environ   func() []string
	ReadFile  func(path string) ([]byte, error)

	// Stores are the kinds of stores that are linked; State is used where the
	// configuration names none.
	Stores Stores
	State  string
	Use    Use

	// Secrets resolve references by scheme, beside env and file.
	Secrets map[string]func(ctx context.Context, ref string) (string, error)

	// Queues are the kinds of queues that are linked. Without any, accounts are
	// handed to nobody whatever the configuration says: a run checks them.
	Queues Queues

	// Credentials returns the platform's own, for accounts that have none.
	Credentials func(ctx context.Context) (tcss.Credentials, error)

	// Stdout is where the channel stdout writes; Color says that it shows colours.
	Stdout io.Writer
	Color  bool

	// Now is the clock of the runs; it defaults to time.Now. Signatures go by the
	// machine's, whatever it says.
	Now func() time.Time

	// Version is prowatch's, for the metrics; it defaults to the main module's.
	Version string

	// EMF is where each run's figures go as a line for CloudWatch, nil for nowhere.
	EMF io.Writer

	// Logger is told of what stands around the runs and failed; it defaults to none.
	Logger *zap.Logger
}

// App is the parts, assembled.
type App struct {
	Settings *config.Settings
	Store    watch.Store
	Runner   *watch.Runner // as it was assembled; see Current
	Metrics  *metrics.Metrics

	keys     *keyring
	limiters *tcss.Limiters
	roster   roster
	around   around
}

// Settings reads the configuration, and opens nothing.
func Settings(ctx context.Context, o Options) (*config.Settings, error) {
	return config.Find(ctx, o.Config, o.Dirs, config.Options{
		LookupEnv: o.LookupEnv, Environ: o.Environ, ReadFile: o.ReadFile,
		Secrets: o.Secrets, ChannelTypes: channelTypes(), AllowNoCredentials: o.Credentials != nil, AllowNoChannels: o.Use == None,
	})
}

// New reads the configuration and makes the parts. Its error says what is
// wrong, where, and how to mend it.
func New(ctx context.Context, o Options) (*App, error) {
	settings, err := frugal(func() (*config.Settings, error) { return Settings(ctx, o) })
	if err != nil {
		return nil, err
	}
	a := shell(*settings, o)
	transport, err := transport(settings, o)
	if err != nil {
		return nil, err
	}
	if err := a.accounts(transport, o); err != nil {
		return nil, err
	}
	if err := a.list(ctx); err != nil {
		return nil, err
	}
	if err := a.channels(transport, o); err != nil {
		return nil, err
	}
	if err := a.surround(transport, o); err != nil {
		return nil, err
	}
	if err := a.fanout(ctx, o); err != nil {
		return nil, err
	}
	if o.Use == None {
		return a, nil
	}
	state := settings.State
	if state == "" {
		state = o.State
	}
	if a.Store, err = o.Stores.open(ctx, state, o.Use); err != nil {
		return nil, err
	}
	a.Runner.Store = a.Store
	if o.Use == Keep {
		settings.Warnings = append(settings.Warnings, forgetful(ctx, state, a.Store)...)
	}
	return a, nil
}

// Client returns the account's API client.
func (a *App) Client(account string) (*tcss.Client, error) {
	a.roster.mu.Lock()
	defer a.roster.mu.Unlock()
	if c := a.roster.clients[account]; c != nil {
		return c, nil
	}
	return nil, fmt.Errorf("no account %.64q is configured", account)
}

// consoles are the pages where the licence is renewed, by site.
var consoles = map[string]string{
	"intl": "https://console.tencentcloud.com/tcss",
	"cn":   "https://console.cloud.tencent.com/tcss",
}

// accounts opens those that the settings list.
func (a *App) accounts(transport http.RoundTripper, o Options) error {
	a.keys, a.limiters = newKeyring(transport, o), new(tcss.Limiters)
	var err error
	a.Runner.Accounts, a.roster.clients, err = a.open(a.Settings.Accounts)
	return err
}

func (a *App) open(list []config.Account) ([]watch.Account, map[string]*tcss.Client, error) {
	accounts, clients := make([]watch.Account, 0, len(list)), map[string]*tcss.Client{}
	for _, acc := range list {
		key, err := a.keys.of(&acc)
		if err == nil {
			clients[acc.ID], err = tcss.New(tcss.Options{
				Credentials: key.provide, Renew: key.renew, Site: acc.Site, Endpoint: acc.Endpoint, AllowHTTP: acc.AllowHTTP,
				Transport: a.keys.transport, Limiters: a.limiters, ExpirySource: acc.Policy.ExpirySource,
			})
		}
		if err != nil {
			return nil, nil, fmt.Errorf("%s: account %s: %w", acc.Pos, acc.ID, err)
		}
		accounts = append(accounts, watch.Account{
			ID: acc.ID, Labels: acc.Labels, Policy: acc.Policy, Source: clients[acc.ID], Console: consoles[acc.Site],
		})
	}
	return accounts, clients, nil
}

func (a *App) channels(transport http.RoundTripper, o Options) error {
	for _, c := range a.Settings.Channels {
		kind := channels[c.Type]
		notifier, err := kind.open(c.Config, notify.Deps{
			Name: c.Name, Client: &http.Client{Transport: transport}, Zone: a.Settings.Policy.Zone,
			Page: a.Settings.HTTP.PublicURL, Stdout: o.Stdout, Color: o.Color,
		})
		if err != nil {
			return fmt.Errorf("%s: channel %s: %w", c.Pos, c.Name, err)
		}
		a.Runner.Channels = append(a.Runner.Channels, watch.Channel{
			Name: c.Name, Type: c.Type, Notifier: notifier, Single: kind.Single, Idempotent: kind.Idempotent,
		})
	}
	return nil
}

// transport carries all requests. It honours HTTP(S)_PROXY, and trusts the
// settings' own certificate authorities beside the system's.
func transport(s *config.Settings, o Options) (http.RoundTripper, error) {
	t := http.DefaultTransport.(*http.Transport).Clone()
	// All accounts ask one host: as many connections to it are kept as checks are
	// made at once, lest most of them begin with a handshake.
	t.MaxIdleConnsPerHost = max(http.DefaultMaxIdleConnsPerHost, s.Concurrency)
	t.MaxIdleConns = max(t.MaxIdleConns, 2*s.Concurrency)
	if s.CAFile == "" {
		return t, nil
	}
	pem, err := o.ReadFile(s.CAFile)
	if err != nil {
		return nil, fmt.Errorf("reading ca_file: %w", err)
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(pem) {
		return nil, errors.New("ca_file holds no certificate: it must be a PEM file with BEGIN CERTIFICATE")
	}
	t.TLSClientConfig = &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
	return t, nil
}
