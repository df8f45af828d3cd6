package cos_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"prowatch/store/cos"
	"prowatch/store/storetest/server"
)

func TestOpenNeedsAWholeURL(t *testing.T) {
	given := func(context.Context) (cos.Credentials, error) { return keys, nil }
	for _, tt := range []struct{ name, state, want string }{
		{"no region", "cos://prowatch-1250000000/p", "no region is named"},
		{"a bucket without its APPID", "cos://prowatch/p?region=ap-singapore", "with the APPID"},
		{"a region that is none", "cos://prowatch-1250000000/p?region=x.evil.com", "no name such as ap-singapore"},
		{"a slip of the pen", "cos://prowatch-1250000000/p?regoin=ap-singapore", "did you mean region?"},
		{"a key in the URL", "cos://AKID:sesame@prowatch-1250000000/p?region=ap-singapore", "leave it out"},
		{"a prefix with a dot", "cos://prowatch-1250000000/.p?region=ap-singapore", "the prefix may hold"},
		{"a prefix with the delimiter", "cos://prowatch-1250000000/a@b?region=ap-singapore", "the prefix may hold"},
		{"an endpoint in the clear", "cos://prowatch-1250000000/p?endpoint=http://10.0.0.1", "write https://"},
		{"an endpoint with a path", "cos://prowatch-1250000000/p?endpoint=https://a.b/c", "no URL of a bucket"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := cos.Open(t.Context(), tt.state, &cos.Options{Credentials: given})
			if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "sesame") {
				t.Errorf("got error %v, want one with %q and not the password", err, tt.want)
			}
		})
	}
	if _, err := cos.Open(t.Context(), state, nil); err == nil || !strings.Contains(err.Error(), "no credentials") {
		t.Errorf("without credentials: got error %v", err)
	}
}

func TestRequestsGoToTheBucketOfTheRegion(t *testing.T) {
	var host string
	b := server.InMemory(newBucket())
	s := open(t, roundTripper(func(req *http.Request) (*http.Response, error) {
		host = req.URL.Scheme + "://" + req.URL.Host
		return b.RoundTrip(req)
	}))
	save(t, s, "k", "x", "")
	if want := "https://prowatch-1250000000.cos.ap-singapore.myqcloud.com"; host != want {
		t.Errorf("got %s, want %s", host, want)
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }
