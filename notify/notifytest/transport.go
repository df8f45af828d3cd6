package notifytest

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"prowatch/notify/sink"
	"prowatch/watch"
)

func testNeverWritten(t *testing.T, r *rig) {
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	tls := httptest.NewUnstartedServer(http.NotFoundHandler())
	tls.Config.ErrorLog = log.New(io.Discard, "", 0) // it is refused, as it should be
	tls.StartTLS()
	t.Cleanup(tls.Close)
	for _, tt := range []struct {
		name, base string
		client     *http.Client
	}{
		{"connection refused", closed.URL, &http.Client{}},
		{"no such name", "http://nowhere.localhost:1", &http.Client{Transport: &http.Transport{DialContext: noSuchName}}},
		{"certificate not trusted", tls.URL, &http.Client{}},
		{"no TLS", "https" + strings.TrimPrefix(r.server.URL, "http"), &http.Client{}},
		{"an error that holds the request", r.server.URL, &http.Client{Transport: tellTale{}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			out := r.send(t, r.New(t, tt.base, tt.client), Find("expiry-3d"))
			if out.Result != watch.Retry || out.Code != "" {
				t.Errorf("Send = %+v, want retry without a code", out)
			}
		})
	}
}

// tellTale is a transport whose error holds all of the request.
type tellTale struct{}

func (tellTale) RoundTrip(q *http.Request) (*http.Response, error) {
	return nil, fmt.Errorf("no way to %s with %v", q.URL, q.Header)
}

func noSuchName(_ context.Context, _, address string) (net.Conn, error) {
	host, _, _ := net.SplitHostPort(address)
	return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
}

func testNoAnswer(t *testing.T, r *rig) {
	for _, tt := range []struct {
		name  string
		fault sink.Fault
	}{
		{"hangs", sink.Fault{Hang: true, Taken: true}},
		{"drops the connection", sink.Fault{Drop: true, Taken: true}},
		{"breaks off the answer", sink.Fault{Cut: true, Taken: true, Body: `{"errcode":0,"errmsg":"ok"}`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t, r.Harness)
			r.sink.Fail(tt.fault)
			ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
			defer cancel()
			if out := r.sendCtx(t, ctx, r.channel, Find("expiry-3d")); out.Result != watch.Unknown {
				t.Errorf("Send = %+v, want unknown", out)
			}
			if n := len(r.sink.Messages()); n != 1 {
				t.Errorf("%d messages arrived, want 1", n)
			}
		})
	}
}

func testEndsMidway(t *testing.T, r *rig) {
	r.sink.Fail(sink.Fault{Hang: true, Times: 2})
	for name, end := range map[string]func(context.Context) (context.Context, context.CancelFunc){
		"deadline": func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, 100*time.Millisecond)
		},
		"cancel": func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(ctx)
			time.AfterFunc(100*time.Millisecond, cancel)
			return ctx, cancel
		},
	} {
		ctx, cancel := end(t.Context())
		defer cancel()
		began := time.Now()
		out := r.sendCtx(t, ctx, r.channel, Find("expiry-3d"))
		if took := time.Since(began); took > 2*time.Second || arrived(out) {
			t.Errorf("%s after 100ms: Send = %+v after %v, want a failure at once", name, out, took)
		}
	}
}

func testEndless(t *testing.T, r *rig) {
	channel := r.to(t, func(w http.ResponseWriter, q *http.Request) {
		_, _ = io.Copy(io.Discard, q.Body)
		for page := make([]byte, 32<<10); q.Context().Err() == nil; {
			if _, err := w.Write(page); err != nil {
				return
			}
		}
	})
	began := time.Now()
	r.send(t, channel, Find("expiry-3d"))
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("Send took %v, want it to stop reading at 64 KiB", took)
	}
}

// testEchoes lets the far side throw back all it was told and knows.
func testEchoes(t *testing.T, r *rig) {
	for _, status := range []int{200, 202, 302, 400, 404, 429, 500} {
		for _, form := range []string{"%s", `{"errcode":40001,"errmsg":%q}`, `{"code":1,"msg":%q,"error":%[1]q,"description":%[1]q}`} {
			channel := r.to(t, func(w http.ResponseWriter, q *http.Request) {
				body, _ := io.ReadAll(q.Body)
				w.Header().Set("Location", q.URL.RequestURI())
				w.WriteHeader(status)
				_, _ = fmt.Fprintf(w, form, fmt.Sprintf("%s http://%s%s %v %v %s", r.Secrets, q.Host, q.URL.RequestURI(), q.URL.Query(), q.Header, body))
			})
			r.send(t, channel, Find("expiry-3d"))
		}
	}
}
