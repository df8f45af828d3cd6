package tcss

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"prowatch/tcss/sourcetest"
	"prowatch/watch"
)

// transport answers requests in memory.
type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// reply is an answer in memory.
func reply(status int, body string) (*http.Response, error) {
	return &http.Response{
		StatusCode: status,
		Header:     http.Header{"Content-Type": {"text/event-stream"}}, // must not matter
		Body:       io.NopCloser(strings.NewReader(body)),
	}, nil
}

const (
	normal = `{"Response":{"BuyStatus":"Normal","EndTime":"2030-01-01 00:00:00","RequestId":"r-1"}}`
	noEnd  = `{"Response":{"BuyStatus":"Normal","EndTime":null,"RequestId":"r-1"}}`
)

func refusal(code string) string {
	return fmt.Sprintf(`{"Response":{"Error":{"Code":%q,"Message":"because"},"RequestId":"r-9"}}`, code)
}

var testKey = Credentials{SecretID: "AKIDtesttesttesttesttesttesttest0001", SecretKey: "KeyCanary4f1d8b6a2c9e7d3b5a1f8e6c", Token: "TokenCanary9b7d5f3a1c8e6b4d"}

// open returns a client that does not wait between attempts.
func open(t *testing.T, o Options) *Client {
	t.Helper()
	if o.Credentials == nil {
		o.Credentials = Static(testKey)
	}
	if o.Rand == nil {
		o.Rand = func() float64 { return 0 }
	}
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func serve(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	return srv.URL
}

// failed returns err as the failure that every error of a client is.
func failed(t *testing.T, err error) *watch.Failure {
	t.Helper()
	var f *watch.Failure
	if !errors.As(err, &f) || f == nil {
		t.Fatalf("error: got %v (%T), want a *watch.Failure", err, err)
	}
	return f
}

func TestClientIsASource(t *testing.T) {
	sourcetest.Run(t, func(t *testing.T, s sourcetest.Setup) watch.Source {
		key := Credentials{SecretID: s.SecretID, SecretKey: s.SecretKey, Token: s.Token}
		return open(t, Options{Endpoint: s.URL, Credentials: Static(key)})
	})
}

func TestTheRequestIsWhatTheAPIDocuments(t *testing.T) {
	var got *http.Request
	var body []byte
	c := open(t, Options{Transport: transport(func(r *http.Request) (*http.Response, error) {
		got = r
		body, _ = io.ReadAll(r.Body)
		return reply(200, normal)
	})})
	if _, err := c.Read(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got.Method != "POST" || got.URL.String() != "https://tcss.intl.tencentcloudapi.com/" || string(body) != "{}" {
		t.Errorf("request: got %s %s %s", got.Method, got.URL, body)
	}
	for name, want := range map[string]string{
		"X-TC-Action":   "DescribeProVersionInfo",
		"X-TC-Version":  "2020-11-01",
		"X-TC-Language": "en-US",
		"X-TC-Region":   "",
		"X-TC-Token":    testKey.Token,
		"Content-Type":  "application/json",
	} {
		if v := got.Header.Get(name); v != want {
			t.Errorf("%s: got %q, want %q", name, v, want)
		}
	}
	if v := got.Header.Get("Authorization"); !strings.HasPrefix(v, "TC3-HMAC-SHA256 Credential="+testKey.SecretID+"/") {
		t.Errorf("Authorization: got %.40q", v)
	}
}

func TestDescribeReturnsTheResponseAsItWasWritten(t *testing.T) {
	for _, want := range []string{`{"BuyStatus": "Frozen", "New":[1 ,2.0]}`, `{}`} {
		c := open(t, Options{Transport: transport(func(*http.Request) (*http.Response, error) {
			return reply(200, `{"Response":`+want+`}`)
		})})
		if got, err := c.Describe(t.Context()); err != nil || string(got) != want {
			t.Errorf("Describe: got %s, %v, want %s", got, err, want)
		}
	}
}

func TestDescribeFailsAsReadDoes(t *testing.T) {
	c := open(t, Options{Transport: transport(func(*http.Request) (*http.Response, error) {
		return reply(200, refusal("AuthFailure.TokenFailure"))
	})})
	got, err := c.Describe(t.Context())
	if f := failed(t, err); got != nil || f.Code != "AuthFailure.TokenFailure" || f.RequestID != "r-9" {
		t.Errorf("Describe: got %s, %+v", got, f)
	}
}

// A redirect would carry X-TC-Token to wherever it points.
func TestARedirectIsNotFollowed(t *testing.T) {
	followed := false
	elsewhere := serve(t, func(w http.ResponseWriter, r *http.Request) { followed = true })
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere, http.StatusTemporaryRedirect)
	})
	_, err := open(t, Options{Endpoint: url}).Read(t.Context())
	if f := failed(t, err); followed || !strings.HasPrefix(f.Message, "HTTP 307, no API answer") {
		t.Errorf("followed: %v, failure: %v", followed, f)
	}
}

// endless is a body without an end that counts what is read of it.
type endless struct{ read int }

func (b *endless) Read(p []byte) (int, error) {
	clear(p)
	b.read += len(p)
	return len(p), nil
}

func TestAnEndlessAnswerIsCutOff(t *testing.T) {
	body := new(endless)
	c := open(t, Options{Attempts: 1, Transport: transport(func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Body: io.NopCloser(body)}, nil
	})})
	_, err := c.Read(t.Context())
	want := "tcss.intl.tencentcloudapi.com: the answer is longer than 1 MiB"
	if f := failed(t, err); f.Class != watch.Unavailable || f.Message != want {
		t.Errorf("failure: got %v, want %s", f, want)
	}
	if body.read > 2*maxAnswer {
		t.Errorf("read: got %d bytes, want at most %d", body.read, 2*maxAnswer)
	}
}

func TestOptionsAreRefusedWithWhatToWriteInstead(t *testing.T) {
	key := Static(testKey)
	for _, tt := range []struct {
		name string
		o    Options
		want string
	}{
		{"no credentials", Options{}, "set secret_id and secret_key"},
		{"a site", Options{Credentials: key, Site: "us"}, `site "us" is unknown: use intl or cn`},
		{"attempts", Options{Credentials: key, Attempts: 9}, "use 1 to 3"},
		{"a timeout", Options{Credentials: key, Timeout: -1}, "negative"},
		{"an expiry source", Options{Credentials: key, ExpirySource: "guess"}, "use pro_version or purchase_state"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := New(tt.o); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("New: got %v, want …%s…", err, tt.want)
			}
		})
	}
}

func TestNoGoroutineIsLeftBehind(t *testing.T) {
	tr := &http.Transport{}
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	})
	c := open(t, Options{Endpoint: url, Transport: tr})
	before := runtime.NumGoroutine()
	for range 5 {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		_, err := c.Read(ctx)
		failed(t, err)
		cancel()
	}
	tr.CloseIdleConnections()
	for end := time.Now().Add(5 * time.Second); runtime.NumGoroutine() > before; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("goroutines: got %d, want %d", runtime.NumGoroutine(), before)
		}
	}
}

func TestCredentialsPrintMasked(t *testing.T) {
	told, err := json.Marshal(map[string]any{"key": testKey})
	if err != nil {
		t.Fatal(err)
	}
	all := fmt.Sprintf("%v %+v %#v %s %q %d %x %s", testKey, testKey, testKey, testKey, testKey, testKey, &testKey, told)
	for _, secret := range []string{testKey.SecretKey, testKey.Token, testKey.SecretID} {
		if strings.Contains(all, secret) {
			t.Errorf("found %q in %s", secret, all)
		}
	}
	if !strings.Contains(all, "AKID…0001") {
		t.Errorf("no masked id in %s", all)
	}
}
