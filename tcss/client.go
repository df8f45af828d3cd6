package tcss

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"

	"prowatch/watch"
)

// The actions of API version 2020-11-01 that are called. Neither takes a
// region or a parameter.
const (
	actionProVersion    = "DescribeProVersionInfo"
	actionPurchaseState = "DescribePurchaseStateInfo"
)

// Options are the settings of [New]. All but Credentials may be left zero.
type Options struct {
	// Credentials returns the key to sign with. It is called once for each call
	// of the API, so keys may rotate; it should obey ctx and must be safe for
	// use by many goroutines. Its error must hold no secret; one that is a
	// [*watch.Failure] keeps its class and code, any other is unavailable.
	// [Static] makes such a function.
	Credentials func(ctx context.Context) (Credentials, error)

	// Site is "intl", the default, or "cn".
	Site string

	// Endpoint replaces the host of the site: host, host:port or a URL. Without
	// a scheme it is https.
	Endpoint string

	// Beside is the endpoint of TCSS, "" for the site's, that the other products
	// are beside where Endpoint is "". See [NewSTS].
	Beside string

	// AllowHTTP accepts an http:// endpoint beyond this machine.
	AllowHTTP bool

	// Transport carries the requests, with the proxy and the certificate
	// authorities of the caller's choice. It defaults to http.DefaultTransport.
	Transport http.RoundTripper

	// Limiters hold the rate of each credential. Clients should share one; the
	// default is one of the client's own.
	Limiters *Limiters

	// Attempts is how often one call may ask, 1 to 3. It defaults to 3.
	Attempts int

	// Timeout bounds each attempt. It defaults to 10 s.
	Timeout time.Duration

	// ExpirySource is [watch.ProVersion], the default, or
	// [watch.PurchaseState]: a Normal edition without an EndTime then takes it
	// from DescribePurchaseStateInfo.
	ExpirySource string

	// Renew is told the SecretID of a key that the API does not take, and
	// reports whether Credentials will return another: then the call is made
	// once more. It may be nil.
	Renew func(ctx context.Context, secretID string) bool

	// Rand returns numbers in [0,1) to spread the waits between attempts, and
	// must be safe for use by many goroutines. It defaults to math/rand/v2.
	Rand func() float64
}

// A Client asks the API about one account. Its methods are safe for use by
// many goroutines.
type Client struct {
	product       product
	region        string // "" for a product that has none
	unsigned      bool   // the credentials are a token to hide, not a key to sign with
	provide       func(context.Context) (Credentials, error)
	renew         func(ctx context.Context, secretID string) bool
	endpoint      endpoint
	transport     http.RoundTripper
	limiters      *Limiters
	attempts      int
	timeout       time.Duration
	purchaseState bool
	random        func() float64
}

var _ watch.Source = (*Client)(nil)

// New returns a client. The error says which option is wrong and what to
// write instead; it holds no secret.
func New(o Options) (*Client, error) { return newClient(o, container) }

func newClient(o Options, p product) (*Client, error) {
	e, err := p.endpoint(&o)
	if err == nil {
		err = o.check()
	}
	if err != nil {
		return nil, fmt.Errorf("setting up the API client: %w", err)
	}
	c := &Client{
		product: p, region: p.region(o.Site), provide: o.Credentials, renew: o.Renew, endpoint: e, transport: o.Transport, limiters: o.Limiters,
		attempts: o.Attempts, timeout: o.Timeout, random: o.Rand,
		purchaseState: o.ExpirySource == watch.PurchaseState,
	}
	c.setDefaults()
	return c, nil
}

func (o *Options) check() error {
	switch {
	case o.Credentials == nil:
		return errors.New("there are no credentials: set secret_id and secret_key")
	case o.Attempts < 0 || o.Attempts > maxAttempts:
		return fmt.Errorf("%d attempts cannot be made: use 1 to %d", o.Attempts, maxAttempts)
	case o.Timeout < 0:
		return fmt.Errorf("the timeout %v is negative: use some seconds", o.Timeout)
	case o.ExpirySource != "" && o.ExpirySource != watch.ProVersion && o.ExpirySource != watch.PurchaseState:
		return fmt.Errorf("expiry_source %.20q is unknown: use %s or %s", o.ExpirySource, watch.ProVersion, watch.PurchaseState)
	}
	return nil
}

func (c *Client) setDefaults() {
	if c.transport == nil {
		c.transport = http.DefaultTransport
	}
	if c.limiters == nil {
		c.limiters = new(Limiters)
	}
	if c.attempts == 0 {
		c.attempts = maxAttempts
	}
	if c.timeout == 0 {
		c.timeout = defaultTimeout
	}
	if c.random == nil {
		c.random = rand.Float64
	}
}

// Read asks once what the API says about the account. Its error is a
// [*watch.Failure].
func (c *Client) Read(ctx context.Context) (watch.Reading, error) {
	response, f := c.call(ctx, actionProVersion, nil)
	if f != nil {
		return watch.Reading{}, f
	}
	r, f := decodeReading(response)
	if f != nil {
		return watch.Reading{}, f
	}
	if c.purchaseState && r.Status == watch.Normal && r.EndTime == "" {
		if f := c.readPurchaseState(ctx, &r); f != nil {
			return watch.Reading{}, f
		}
	}
	return r, nil
}

// Describe returns the Response object of DescribeProVersionInfo as the API
// wrote it, whether or not it can be read as a [watch.Reading]. Its error is a
// [*watch.Failure].
func (c *Client) Describe(ctx context.Context) ([]byte, error) {
	response, f := c.call(ctx, actionProVersion, nil)
	if f != nil {
		return nil, f
	}
	return response, nil
}

// decodeReading is [watch.DecodeReading] with its failure tidied.
func decodeReading(response json.RawMessage) (watch.Reading, *watch.Failure) {
	r, err := watch.DecodeReading(response)
	if err == nil {
		return r, nil
	}
	f := &watch.Failure{Class: watch.Unreadable, Message: err.Error()}
	errors.As(err, &f)
	return watch.Reading{}, tidy(f)
}
