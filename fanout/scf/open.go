package scf

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"prowatch/watch"
)

// Credentials are an API key, with its token where it is a temporary one.
type Credentials struct {
	SecretID, SecretKey, Token string
}

// Function names a function.
type Function struct {
	Name, Namespace, Region string
}

// Options are the settings of [Open]. Credentials are needed.
type Options struct {
	// Credentials returns the key to sign with, at each request: those of a
	// function's role change. Its error must hold no secret.
	Credentials func(ctx context.Context) (Credentials, error)

	// Self is the function that runs, for scf:self; zero where there is none.
	Self Function

	// Transport carries the requests. It defaults to http.DefaultTransport.
	Transport http.RoundTripper
}

// A Queue is a [watch.Queue] of asynchronous invocations.
type Queue struct {
	function  Function
	qualifier string
	scheme    string
	host      string
	opts      Options
}

var _ watch.Queue = (*Queue)(nil)

// The hosts of the API by site.
var hosts = map[string]string{"intl": "scf.intl.tencentcloudapi.com", "cn": "scf.tencentcloudapi.com"}

// params are what may follow the function's name.
var params = []string{"namespace", "region", "qualifier", "site", "endpoint"}

// functionName is a name as SCF takes it,
// https://www.tencentcloud.com/document/product/583/17243.
var functionName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]{0,58}[A-Za-z0-9]$`)

const shape = "write scf:self, or scf:NAME?region=ap-singapore"

// Open returns the queue of a function:
//
//	scf:self
//	scf:NAME?region=ap-singapore&namespace=default&qualifier=$LATEST&site=intl
//
// self is the function that runs, in the region that it runs in; the site is
// intl, or cn; endpoint replaces its host. It makes no request. The error says
// what to write instead.
func Open(queue string, opts Options) (*Queue, error) {
	q, err := open(queue, opts)
	if err != nil {
		return nil, fmt.Errorf("opening fanout.queue: %w", err)
	}
	return q, nil
}

func open(queue string, opts Options) (*Queue, error) {
	name, query, _ := strings.Cut(strings.TrimPrefix(queue, "scf:"), "?")
	values, err := url.ParseQuery(query)
	if err != nil {
		return nil, errors.New("what follows the ? are no parameters: " + shape)
	}
	for key, v := range values {
		if !slices.Contains(params, key) {
			return nil, fmt.Errorf("unknown parameter %.40q: there are %s", key, strings.Join(params, ", "))
		}
		if len(v) != 1 || v[0] == "" {
			return nil, fmt.Errorf("parameter %s needs one value", key)
		}
	}
	if opts.Transport == nil {
		opts.Transport = http.DefaultTransport
	}
	q := &Queue{opts: opts, qualifier: values.Get("qualifier"), scheme: "https"}
	if q.function, err = function(name, values, opts.Self); err != nil {
		return nil, err
	}
	if q.host = hosts[cmp.Or(values.Get("site"), "intl")]; q.host == "" {
		return nil, fmt.Errorf("site %.20q is unknown: use intl or cn", values.Get("site"))
	}
	if endpoint := values.Get("endpoint"); endpoint != "" {
		if q.scheme, q.host, err = parseEndpoint(endpoint); err != nil {
			return nil, err
		}
	}
	return q, nil
}

func function(name string, values url.Values, self Function) (Function, error) {
	f := Function{Name: name, Namespace: cmp.Or(values.Get("namespace"), "default"), Region: values.Get("region")}
	if name == "self" {
		if self.Name == "" {
			return f, errors.New("scf:self is known inside of SCF alone: write scf:NAME?region=ap-singapore")
		}
		f = Function{Name: self.Name, Namespace: cmp.Or(values.Get("namespace"), cmp.Or(self.Namespace, "default")), Region: cmp.Or(f.Region, self.Region)}
	}
	switch {
	case !functionName.MatchString(f.Name):
		return f, errors.New("it names no function: " + shape)
	case f.Region == "":
		return f, errors.New("it names no region: add ?region=ap-singapore (or another)")
	}
	return f, nil
}

// parseEndpoint returns scheme and host of host[:port] or a URL.
func parseEndpoint(text string) (scheme, host string, err error) {
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || strings.Trim(u.Path, "/") != "":
		return "", "", errors.New("endpoint is no server: write host, host:port or a URL without a path")
	case u.Scheme != "https" && !(u.Scheme == "http" && loopback(u.Hostname())):
		return "", "", errors.New("endpoint is not encrypted: use https://")
	}
	return u.Scheme, u.Host, nil
}

// loopback reports whether name is this machine by its name alone.
func loopback(name string) bool {
	ip, err := netip.ParseAddr(name)
	return name == "localhost" || err == nil && ip.IsLoopback()
}
