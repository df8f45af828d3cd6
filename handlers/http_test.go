package handlers_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"prowatch/handlers"
	"prowatch/watch"
)

// getURL is a request to a Lambda function URL.
const getURL = `{"rawPath":"/a%20b","rawQueryString":"x=1&y","requestContext":{"requestId":"gw-1","http":{"method":"GET","sourceIp":"203.0.113.7"},"domainName":"h.lambda-url.x"},
	"headers":{"x-request-id":"forged","x-forwarded-prefix":"/forged","host":"h"}}`

// getALB is a request to a load balancer, for the path.
const getALB = `{"httpMethod":"GET","path":"%s","requestContext":{"elb":{}},"headers":{}}`

type httpAnswer struct {
	StatusCode int
	Headers    map[string]string
	Body       string
}

// serve returns what a handler with opts answers to the event, and its log.
func serve(t *testing.T, opts handlers.Options, event string) (a httpAnswer, logged observer.LoggedEntry) {
	t.Helper()
	core, logs := observer.New(zapcore.DebugLevel)
	opts.Logger = zap.New(core)
	run := func(context.Context, []string) (*watch.Report, error) {
		t.Error("got a run, want none")
		return reportOf(), nil
	}
	b, err := handlers.New(run, &opts).Invoke(handlers.WithRequestID(t.Context(), "req-1"), []byte(event))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &a); err != nil {
		t.Fatal(err)
	}
	if logs.Len() != 1 {
		t.Fatalf("got %d log records, want one: %v", logs.Len(), logs.All())
	}
	return a, logs.All()[0]
}

func TestARequestReachesTheHTTPHandlerAsFromAServer(t *testing.T) {
	a, logged := serve(t, handlers.Options{HTTP: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		fmt.Fprintln(w, r.Method, r.URL.Path, r.RequestURI, r.Host, r.RemoteAddr, r.FormValue("x"), r.URL.Query().Has("y"), r.ContentLength, len(body))
		fmt.Fprintf(w, "%q %s", r.Header, handlers.RequestID(r.Context()))
	})}, getURL)
	want := httpAnswer{StatusCode: 200, Headers: map[string]string{"Content-Type": "text/plain; charset=utf-8", "X-Request-Id": "req-1"},
		Body: "GET /a b /a%20b?x=1&y= h 203.0.113.7:0 1 true 0 0\n" + `map["X-Request-Id":["req-1"]] req-1`}
	if diff := cmp.Diff(want, a); diff != "" {
		t.Errorf("answer -want +got:\n%s", diff)
	}
	wantLog := map[string]any{"request_id": "req-1", "gateway_request_id": "gw-1", "source": "aws.url", "method": "GET", "path": "/a b",
		"status": int64(200), "bytes": logged.ContextMap()["bytes"]}
	if diff := cmp.Diff(wantLog, logged.ContextMap()); diff != "" || logged.Level != zap.InfoLevel || logged.Message != "request" {
		t.Errorf("got %s at %v, log -want +got:\n%s", logged.Message, logged.Level, diff)
	}
}

func TestWithoutAnInvocationsIDTheGatewaysIsTheRequestID(t *testing.T) {
	h := handlers.New(returns(reportOf()), &handlers.Options{HTTP: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, r.Header.Get("X-Request-Id"))
	})})
	b, err := h.Invoke(t.Context(), []byte(getURL))
	var a httpAnswer
	if err != nil || json.Unmarshal(b, &a) != nil || a.Body != "gw-1" || a.Headers["X-Request-Id"] != "gw-1" {
		t.Errorf("got %s, %v; want gw-1", b, err)
	}
}

func TestWithoutAnHTTPHandlerARequestIsToldSo(t *testing.T) {
	a, logged := serve(t, handlers.Options{}, getURL)
	want := httpAnswer{404, map[string]string{"Content-Type": "application/problem+json", "X-Request-Id": "req-1"},
		`{"title":"Not Found","status":404,"detail":"the HTTP API is not enabled","request_id":"req-1"}`}
	if diff := cmp.Diff(want, a); diff != "" || logged.ContextMap()["status"] != int64(404) {
		t.Errorf("log %v, answer -want +got:\n%s", logged, diff)
	}
}

// TestAHandlersFaultIsAnAnswer holds that neither what a handler wrote before
// its fault, nor what it panicked with, is told.
func TestAHandlersFaultIsAnAnswer(t *testing.T) {
	const secret = "hunter2"
	for _, tt := range []struct {
		name    string
		handler http.HandlerFunc
		detail  string
		logged  string
	}{
		{"a panic", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Set-Cookie", secret)
			io.WriteString(w, secret)
			panic(secret)
		}, "the log has more", "the HTTP handler panicked with a value of type string"},
		{"http.ErrAbortHandler", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "the log has more", "the HTTP handler panicked"},
		{"a status that is none", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(0) }, "the log has more", "the HTTP handler panicked"},
		{"an answer without end", func(w http.ResponseWriter, r *http.Request) {
			for {
				if _, err := io.WriteString(w, strings.Repeat(secret, 1000)); err != nil {
					return
				}
			}
		}, "ask for less", "the answer is larger than the platform takes"},
		{"an answer too large in JSON", func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, strings.Repeat("\n", 4e6)) },
			"ask for less", "the answer is larger than the platform takes"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a, logged := serve(t, handlers.Options{HTTP: tt.handler}, getURL)
			if a.StatusCode != 500 || a.Headers["Content-Type"] != "application/problem+json" || a.Headers["X-Request-Id"] != "req-1" || !strings.Contains(a.Body, tt.detail) {
				t.Errorf("got %+v, want 500 and %q", a, tt.detail)
			}
			if text, _ := logged.ContextMap()["error"].(string); logged.Level != zap.ErrorLevel || !strings.HasPrefix(text, tt.logged) || logged.ContextMap()["status"] != int64(500) {
				t.Errorf("got log %v %v, want %q", logged.Level, logged.ContextMap(), tt.logged)
			}
			if s := fmt.Sprint(a, logged); strings.Contains(s, secret) {
				t.Errorf("got %s, want it without %s", s, secret)
			}
		})
	}
}

func TestAnAnswerIsAsAServerWouldSendIt(t *testing.T) {
	for _, tt := range []struct {
		name    string
		handler http.HandlerFunc
		want    httpAnswer
	}{
		{"nothing written", func(http.ResponseWriter, *http.Request) {}, httpAnswer{200, map[string]string{}, ""}},
		{"the first status holds", func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusEarlyHints)
			w.WriteHeader(http.StatusTeapot)
			w.WriteHeader(http.StatusOK)
		}, httpAnswer{418, map[string]string{}, ""}},
		{"a header after the first byte is too late", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("A", "b")
			io.WriteString(w, "<p>")
			w.Header().Set("A", "c")
			w.Header().Set("D", "e")
		}, httpAnswer{200, map[string]string{"A": "b", "Content-Type": "text/html; charset=utf-8"}, "<p>"}},
		{"no type where the handler wants none", func(w http.ResponseWriter, r *http.Request) {
			w.Header()["Content-Type"] = nil
			io.WriteString(w, "a")
		}, httpAnswer{200, map[string]string{}, "a"}},
		{"a request id of its own", func(w http.ResponseWriter, r *http.Request) { w.Header().Set("X-Request-Id", "own") },
			httpAnswer{200, map[string]string{"X-Request-Id": "own"}, ""}},
		{"a redirect", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "c?d=e", http.StatusSeeOther) },
			httpAnswer{303, map[string]string{"Content-Type": "text/html; charset=utf-8", "Location": "/c?d=e"}, "<a href=\"/c?d=e\">See Other</a>.\n\n"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a, _ := serve(t, handlers.Options{HTTP: tt.handler}, getURL)
			if tt.want.Headers["X-Request-Id"] == "" {
				tt.want.Headers["X-Request-Id"] = "req-1"
			}
			if diff := cmp.Diff(tt.want, a); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestTheBasePathIsTakenOffWhereTheEventDoesNotTell(t *testing.T) {
	const rest = `{"httpMethod":"GET","resource":"/{proxy+}","path":"%[1]s","pathParameters":{"proxy":"watch/x"},"requestContext":{"resourcePath":"/{proxy+}","path":"/prod%[1]s"}}`
	for _, tt := range []struct{ base, event, path, want string }{
		{"", getALB, "/watch/x", "/watch/x ."},
		{"/", getALB, "/watch/x", "/watch/x ."},
		{"/watch", getALB, "/watch/x", "/x /watch."},
		{"/watch/", getALB, "/watch/x/", "/x/ /watch."},
		{"/watch", getALB, "/watch", "/ /watch."},
		{"/watch", getALB, "/watcher", "/watcher ."},
		{"/watch", getALB, "/x", "/x ."},
		{"/watch", getALB, "/watch/../x", "/x ."},
		{"/watch", rest, "/watch/x", "/watch/x /prod."},
	} {
		opts := handlers.Options{BasePath: tt.base, HTTP: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			prefix, ok := handlers.Prefix(r.Context())
			if !ok || prefix != r.Header.Get("X-Forwarded-Prefix") {
				t.Errorf("got the prefix %q, %t, want that of the header", prefix, ok)
			}
			fmt.Fprintf(w, "%s %s.", r.URL.Path, prefix)
		})}
		if a, _ := serve(t, opts, fmt.Sprintf(tt.event, tt.path)); a.Body != tt.want {
			t.Errorf("base %q, path %q: got %q, want %q", tt.base, tt.path, a.Body, tt.want)
		}
	}
}
