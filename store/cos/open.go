package cos

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/tencentyun/cos-go-sdk-v5"
	"go.uber.org/zap"

	"prowatch/store/remote"
)

// Credentials sign a request. Token is "" with lasting ones.
type Credentials struct {
	SecretID, SecretKey, Token string
}

// Options are the settings of [Open]. Credentials is required; of the others
// the zero value is ready to use.
type Options struct {
	// Credentials is called before each request, by many goroutines at once:
	// those of a function's role change between two invocations. Its error
	// must hold no secret.
	Credentials func(context.Context) (Credentials, error)

	// HTTPClient sends the requests. Its Transport is used, no more. It
	// defaults to http.DefaultTransport.
	HTTPClient *http.Client

	// Now returns the present time. It defaults to time.Now.
	Now func() time.Time

	// Random is where versions are drawn from, 16 bytes each, by many
	// goroutines at once. It defaults to crypto/rand.Reader.
	Random io.Reader

	// Logger hears of old objects that could not be removed, which no call
	// returns. It defaults to none.
	Logger *zap.Logger
}

// What the parts of the URL may be.
// https://www.tencentcloud.com/document/product/436/13312 and .../436/6224
var (
	bucketName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*-[0-9]+$`)
	regionName = regexp.MustCompile(`^[a-z]+(-[a-z0-9]+)+$`)
	prefixName = regexp.MustCompile(`^([A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*)?$`)
)

// Open returns the store at the URL state. It makes no request; the first call
// does.
func Open(_ context.Context, state string, opts *Options) (*Store, error) {
	s, err := open(state, opts)
	if err != nil {
		return nil, fmt.Errorf("opening cos store: %w; write cos://BUCKET-APPID/PREFIX?region=ap-singapore", err)
	}
	return s, nil
}

func open(state string, opts *Options) (*Store, error) {
	u, err := remote.Parse(state, []string{"cos"}, []string{"endpoint", "region"})
	if err != nil {
		return nil, err
	}
	prefix := strings.Trim(u.Path, "/")
	switch {
	case opts == nil || opts.Credentials == nil:
		return nil, errors.New("there are no credentials")
	case u.User != nil:
		return nil, errors.New("it holds a user or password: leave it out, requests are signed with the credentials of the platform")
	case !bucketName.MatchString(u.Host):
		return nil, errors.New("the bucket has no name such as prowatch-1250000000, with the APPID at its end")
	case !prefixName.MatchString(prefix):
		return nil, errors.New("the prefix may hold letters, digits, _ - . and /, and no part that begins with a dot")
	}
	bucket, err := bucketURL(u)
	if err != nil {
		return nil, err
	}
	if prefix != "" {
		prefix += "/"
	}
	return newStore(u.Host, prefix, bucket, *opts), nil
}

func newStore(bucket, prefix string, u *url.URL, opts Options) *Store {
	s := &Store{bucket: bucket, prefix: prefix, host: u.Host, random: opts.Random, now: opts.Now, log: opts.Logger, known: map[string]sight{}}
	if s.random == nil {
		s.random = rand.Reader
	}
	if s.now == nil {
		s.now = time.Now
	}
	if s.log == nil {
		s.log = zap.NewNop()
	}
	s.sign = &signer{credentials: opts.Credentials, now: s.now, next: http.DefaultTransport}
	if opts.HTTPClient != nil && opts.HTTPClient.Transport != nil {
		s.sign.next = opts.HTTPClient.Transport
	}
	s.client = cos.NewClient(&cos.BaseURL{BucketURL: u}, &http.Client{Transport: s.sign})
	// What is tried again is decided here, where it is known whether the first
	// attempt may have taken effect.
	s.client.Conf.RetryOpt.Count = 1
	return s
}

// bucketURL returns where the bucket is.
func bucketURL(u *url.URL) (*url.URL, error) {
	region, endpoint := u.Query().Get("region"), u.Query().Get("endpoint")
	if region != "" && !regionName.MatchString(region) {
		return nil, errors.New("the region has no name such as ap-singapore")
	}
	if endpoint == "" {
		if region == "" {
			return nil, errors.New("no region is named: add ?region=ap-singapore, or another")
		}
		return url.Parse("https://" + u.Host + ".cos." + region + ".myqcloud.com")
	}
	e, err := url.Parse(endpoint)
	switch {
	case err != nil || e.Scheme != "http" && e.Scheme != "https" || e.Host == "" || e.User != nil || strings.Trim(e.Path, "/") != "" || e.RawQuery != "" || e.Fragment != "":
		return nil, errors.New("the endpoint is no URL of a bucket, such as https://prowatch-1250000000.cos.example.com")
	case e.Scheme == "http" && !loopback(e.Hostname()):
		return nil, errors.New("the endpoint begins with http://, which only this machine may: write https://")
	}
	return &url.URL{Scheme: e.Scheme, Host: e.Host}, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
