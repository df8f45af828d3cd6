package httpapi_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"go.uber.org/zap"

	"prowatch/handlers/httpapi"
	"prowatch/watch"
)

func TestTheBasePathIsTakenOffAndStandsInTheLinks(t *testing.T) {
	for _, tt := range []struct{ name, publicURL, path, prefix, link string }{
		{"none", "", "/", "", `"/accounts/acme"`},
		{"a proxy that leaves it", "https://a.example.com/prod", "/prod/", "", `"/prod/accounts/acme"`},
		{"a proxy that leaves it, and no slash", "https://a.example.com/prod", "/prod", "", `"/prod/accounts/acme"`},
		{"a proxy that takes it off", "https://a.example.com/prod/", "/", "", `"/prod/accounts/acme"`},
		{"a header that anybody can send", "", "/", "/forged", `"/accounts/acme"`},
	} {
		s := newStage(t, func(o *httpapi.Options) { o.PublicURL = tt.publicURL })
		h := http.Header{}
		if tt.prefix != "" {
			h.Set("X-Forwarded-Prefix", tt.prefix)
		}
		a := s.do(t, request{method: "GET", path: tt.path, token: readToken, header: h})
		if a.StatusCode != 200 || !strings.Contains(a.body, tt.link) {
			t.Errorf("%s: got %v, want the link %s", tt.name, a, tt.link)
		}
	}
	s := newStage(t, func(o *httpapi.Options) { o.PublicURL = "https://a.example.com/prod" })
	if a := s.get(t, "/production"); a.StatusCode != 404 {
		t.Errorf("got %v, want 404", a)
	}
}

func TestAFileOfThePageIsKept(t *testing.T) {
	s := newStage(t, nil)
	page := s.do(t, request{method: "GET", path: "/login"})
	if a := s.do(t, request{method: "GET", path: "/static/style.css"}); a.StatusCode != 200 || a.Header.Get("Vary") != "" || a.Header.Get("Cache-Control") == "no-store" {
		t.Errorf("got %v, want what a browser may keep", a)
	}
	if got := page.Header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("a page: got Cache-Control %s", got)
	}
}

func TestAPanicIsAnAnswerWithoutItsValue(t *testing.T) {
	const secret = "hunter2"
	s := newStage(t, nil)
	s.check = func(context.Context, []string) (*watch.Report, error) { panic(secret) }
	a := s.do(t, request{method: "POST", path: "/api/v1/check", token: operateToken})
	if a.StatusCode != 500 || a.Header.Get("Content-Type") != "application/problem+json" || strings.Contains(a.body, secret) || secured(a) != nil {
		t.Errorf("got %v", a)
	}
	logged := s.logs.FilterMessage("request panicked").All()
	if len(logged) != 1 || logged[0].Level != zap.ErrorLevel {
		t.Fatalf("got the log %v", s.logs.All())
	}
	fields := logged[0].ContextMap()
	if stack, _ := fields["stack"].(string); !strings.Contains(stack, "postCheck") || fields["request_id"] != a.Header.Get("X-Request-Id") || fields["panic"] != "string" {
		t.Errorf("got %v", fields)
	}
	s.check = func(ctx context.Context, accounts []string) (*watch.Report, error) {
		return s.runner.Run(ctx, accounts...)
	}
	if a := s.do(t, request{method: "POST", path: "/api/v1/check", token: operateToken}); a.StatusCode != 200 {
		t.Errorf("the next check: got %v", a)
	}
}

func TestACheckIsInTheLog(t *testing.T) {
	s := newStage(t, nil)
	a := s.do(t, request{method: "POST", path: "/api/v1/check?account=beta", token: operateToken})
	logged := s.logs.FilterMessage("run").All()
	if len(logged) != 1 || logged[0].ContextMap()["failed"] != int64(1) || logged[0].ContextMap()["request_id"] != a.Header.Get("X-Request-Id") {
		t.Errorf("got %v", s.logs.All())
	}
}

func TestTheZeroOptionsAreEnough(t *testing.T) {
	h := httpapi.New(httpapi.Options{Runner: func() *watch.Runner { return &watch.Runner{Store: new(store)} }})
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	if w.Code != 403 || !strings.Contains(w.Body.String(), "http.tokens") {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
}

func TestTheLogSaysWhoDidWhat(t *testing.T) {
	s := newStage(t, nil)
	for _, q := range []request{
		{method: "DELETE", path: "/api/v1/accounts/acme/mute", token: operateToken, from: "203.0.113.7"},
		{method: "GET", path: "/api/v1/accounts", token: operateToken},
		{method: "GET", path: "/api/v1/accounts", token: "canary-wrong", from: "203.0.113.8"},
		{method: "GET", path: "/api/v1/accounts", token: oldToken, from: "203.0.113.9"},
	} {
		s.do(t, q)
	}
	var got []string
	for _, l := range s.logs.All() {
		f := l.ContextMap()
		if l.Message == "operation" && len(f["token"].(string)) != 16 {
			t.Errorf("got the token's name %v", f["token"])
		}
		got = append(got, fmt.Sprint(l.Level, " ", l.Message, " ", f["path"], " ", f["from"], " ", f["expired"]))
	}
	want := []string{
		"info operation /api/v1/accounts/acme/mute 203.0.113.7 <nil>",
		"warn token refused /api/v1/accounts 203.0.113.8 false",
		"warn token refused /api/v1/accounts 203.0.113.9 true",
	}
	if !slices.Equal(got, want) || strings.Contains(fmt.Sprint(s.logs.All()), "canary") {
		t.Errorf("got %q\nwant %q", got, want)
	}
}
