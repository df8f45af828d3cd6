package httpapi_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"prowatch/handlers/httpapi"
)

// pathOf returns a path of the pattern that there is.
func pathOf(pattern string) string {
	return strings.NewReplacer("{id}", "acme", "{name}", "sec", "{account}", "acme", "{file...}", "style.css", "{file}", "style.css").Replace(pattern)
}

// ask returns a request of the route that is right but for who sends it.
func ask(r httpapi.Route, token string) request {
	q := request{method: r.Method, path: pathOf(r.Pattern), token: token, header: http.Header{}}
	switch {
	case strings.HasSuffix(r.Pattern, "/mute") && r.Method == "POST" && !r.People:
		q.body = `{"for":"1h"}`
		q.header.Set("Content-Type", "application/json")
	case r.People && r.Method == "POST":
		q.body = url.Values{"account": {"acme"}, "for": {"1h"}}.Encode()
		q.header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return q
}

// TestEachRouteIsClosedToWhoMayNot walks the table of routes, so that none can
// be forgotten.
func TestEachRouteIsClosedToWhoMayNot(t *testing.T) {
	s := newStage(t, nil)
	closed := newStage(t, func(o *httpapi.Options) { o.Tokens = nil })
	cookies, csrf := s.signIn(t, operateToken)
	for _, r := range httpapi.Routes() {
		t.Run(r.Method+" "+r.Pattern, func(t *testing.T) {
			want := func(name string, on *stage, q request, status int, header string) {
				t.Helper()
				a := on.do(t, q)
				if err := secured(a); a.StatusCode != status || err != nil || !strings.Contains(a.Header.Get("Www-Authenticate"), header) {
					t.Errorf("%s: got %v, %v; want %d and %q", name, a, err, status, header)
				}
			}
			if r.Method != "GET" && r.Scope != "operate" && r.Pattern != "/login" && r.Pattern != "/logout" {
				t.Errorf("it changes something with the scope %s", r.Scope)
			}
			if r.Scope == "open" {
				if !slices.Contains([]string{"/healthz", "/login", "/static/{file...}"}, r.Pattern) {
					t.Errorf("%s is open", r.Pattern)
				}
				return
			}
			want("no token", s, ask(r, ""), 401, `Bearer realm="prowatch"`)
			want("a wrong token", s, ask(r, "canary-wrong"), 401, `error="invalid_token"`)
			want("an expired token", s, ask(r, oldToken), 401, "this token expired at 2026-11-25T11:02:00Z")
			basic := ask(r, "")
			basic.header.Set("Authorization", "Basic "+operateToken)
			want("another scheme", s, basic, 401, `error="invalid_request"`)
			want("no token is configured", closed, ask(r, operateToken), 403, "")
			if r.Scope == "operate" {
				want("a token for reading", s, ask(r, readToken), 403, `error="insufficient_scope", scope="operate"`)
			}
			if r.Method == "GET" && strings.HasPrefix(r.Pattern, "/") && !slices.Contains(r.Ways, "link") {
				link := ask(r, "")
				link.path += "?" + strings.SplitN(linkTo(t, s, "/calendar.ics"), "?", 2)[1]
				want("a link to something else", s, link, 401, "Bearer")
			}
			session := ask(r, "")
			session.header.Set("Cookie", cookies)
			switch {
			case len(r.Ways) == 0:
				session.header.Set("Sec-Fetch-Site", "same-origin")
				want("a session", s, session, 401, "Bearer")
			case r.Method == "POST":
				want("a session without the form's token", s, session, 403, "")
				session.body += "&csrf=" + csrf
				session.header.Set("Sec-Fetch-Site", "cross-site")
				want("a form of another site", s, session, 403, "")
				session.header.Set("Sec-Fetch-Site", "same-origin")
				want("the page's form", s, session, 303, "")
			}
		})
	}
}

func TestEachRouteAnswersToWhoMay(t *testing.T) {
	for _, r := range httpapi.Routes() {
		s := newStage(t, nil)
		s.check(t.Context(), nil)
		a := s.do(t, ask(r, operateToken))
		want := []int{200, 204, 303}
		if r.Pattern == "/login" && r.Method == "POST" {
			want = []int{403} // without its form
		}
		if err := secured(a); !slices.Contains(want, a.StatusCode) || err != nil {
			t.Errorf("%s %s: got %v, %v", r.Method, r.Pattern, a, err)
		}
		if r.Method == "GET" && a.body != "" {
			head := ask(r, operateToken)
			head.method = "HEAD"
			if h := s.do(t, head); h.StatusCode != a.StatusCode || h.body != "" || h.Header.Get("Content-Type") != a.Header.Get("Content-Type") {
				t.Errorf("HEAD %s: got %v, want as of GET", r.Pattern, h)
			}
		}
	}
}

func TestAMethodThatAPathDoesNotTake(t *testing.T) {
	s := newStage(t, nil)
	for _, tt := range []struct {
		method, path string
		status       int
		allow        string
	}{
		{"PUT", "/api/v1/accounts", 405, "GET, HEAD, OPTIONS"},
		{"GET", "/api/v1/accounts/acme/mute", 405, "POST, DELETE, OPTIONS"},
		{"HEAD", "/api/v1/check", 405, "POST, OPTIONS"},
		{"GET", "/logout", 405, "POST, OPTIONS"},
		{"TRACE", "/", 405, "GET, HEAD, OPTIONS"},
		{"OPTIONS", "/login", 204, "GET, HEAD, POST, OPTIONS"},
		{"OPTIONS", "/nothing", 404, ""},
		{"GET", "/nothing", 404, ""},
		{"GET", "/api/v1/accounts/", 404, ""},
		{"GET", "/api/v1//accounts", 404, ""},
		{"GET", "/badge/.svg", 404, ""},
		{"GET", "/badge/acme", 404, ""},
		{"GET", "/api/v1/accounts/../accounts", 404, ""},
	} {
		a := s.do(t, request{method: tt.method, path: tt.path, token: operateToken})
		if err := secured(a); a.StatusCode != tt.status || a.Header.Get("Allow") != tt.allow || err != nil {
			t.Errorf("%s %s: got %v, %v; want %d and Allow %q", tt.method, tt.path, a, err, tt.status, tt.allow)
		}
		if a.StatusCode >= 400 && tt.method != "HEAD" && a.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s %s: got %v, want a problem", tt.method, tt.path, a)
		}
	}
}

func TestWrongTokensAreLimitedByAddress(t *testing.T) {
	s := newStage(t, nil)
	try := func(from, token string) int {
		return s.do(t, request{method: "GET", path: "/api/v1/accounts", token: token, from: from}).StatusCode
	}
	const attacker, neighbour, other = "203.0.113.7", "203.0.113.7", "198.51.100.1"
	if got := try(neighbour, operateToken); got != 200 {
		t.Fatalf("got %d", got)
	}
	for i := range 10 {
		if got := try(attacker, fmt.Sprint("wrong", i)); got != 401 {
			t.Fatalf("attempt %d: got %d, want 401", i, got)
		}
	}
	a := s.do(t, request{method: "GET", path: "/api/v1/accounts", token: "wrong", from: attacker})
	if a.StatusCode != 429 || a.Header.Get("Retry-After") != "6" || a.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("got %v, want 429 for 6 seconds", a)
	}
	for _, tt := range []struct {
		name, from, token string
		want              int
	}{
		{"a right token that is new there", attacker, readToken, 429},
		{"a right token that was right there before", neighbour, operateToken, 200},
		{"a right token from elsewhere", other, readToken, 200},
		{"a right token from nobody knows where", "", readToken, 200},
		{"another wrong token from elsewhere", other, "wrong", 401},
	} {
		if got := try(tt.from, tt.token); got != tt.want {
			t.Errorf("%s: got %d, want %d", tt.name, got, tt.want)
		}
	}
	s.pass(7 * time.Second)
	if got := try(attacker, readToken); got != 200 {
		t.Errorf("after the wait: got %d, want 200", got)
	}
	if got := s.do(t, request{method: "GET", path: "/api/v1/accounts", from: attacker}).StatusCode; got != 401 {
		t.Errorf("no token: got %d, want 401", got)
	}
}

func TestWrongTokensOfAllAddressesAreLimited(t *testing.T) {
	s := newStage(t, nil)
	last := 0
	for i := range 101 {
		last = s.do(t, request{method: "GET", path: "/metrics", token: "wrong", from: fmt.Sprintf("2001:db8:0:%x::1", i)}).StatusCode
	}
	if last != 429 {
		t.Errorf("got %d for the wrong token 101, want 429", last)
	}
	if got := s.do(t, request{method: "GET", path: "/metrics", token: readToken, from: "2001:db8::1"}).StatusCode; got != 200 {
		t.Errorf("got %d for a right token, want 200", got)
	}
}

func TestTheAddressesOfOneNetworkAreOne(t *testing.T) {
	s := newStage(t, nil)
	last := 0
	for i := range 11 {
		last = s.do(t, request{method: "GET", path: "/metrics", token: "wrong", from: fmt.Sprintf("2001:db8::%x", i)}).StatusCode
	}
	if last != 429 {
		t.Errorf("got %d, want 429", last)
	}
}

func TestOnlyAConfiguredOriginIsAllowed(t *testing.T) {
	s := newStage(t, func(o *httpapi.Options) { o.CORS = []string{"https://board.example.com"} })
	none := newStage(t, nil)
	for _, tt := range []struct {
		name         string
		on           *stage
		path, origin string
		allowed      bool
	}{
		{"the origin", s, "/api/v1/accounts", "https://board.example.com", true},
		{"another", s, "/api/v1/accounts", "https://evil.example.com", false},
		{"null", s, "/api/v1/accounts", "null", false},
		{"none", s, "/api/v1/accounts", "", false},
		{"a page", s, "/", "https://board.example.com", false},
		{"a form", s, "/actions/check", "https://board.example.com", false},
		{"nothing configured", none, "/api/v1/accounts", "https://board.example.com", false},
	} {
		for _, method := range []string{"GET", "OPTIONS"} {
			h := http.Header{"Origin": {tt.origin}}
			if method == "OPTIONS" {
				h.Set("Access-Control-Request-Method", "GET")
			}
			a := tt.on.do(t, request{method: method, path: tt.path, token: operateToken, header: h})
			want := ""
			if tt.allowed {
				want = tt.origin
			}
			if got := a.Header.Get("Access-Control-Allow-Origin"); got != want || a.Header.Get("Access-Control-Allow-Credentials") != "" {
				t.Errorf("%s, %s: got %v", tt.name, method, a)
			}
			if preflight := a.Header.Get("Access-Control-Allow-Headers") != ""; preflight != (tt.allowed && method == "OPTIONS") {
				t.Errorf("%s, %s: got %v", tt.name, method, a)
			}
			if tt.on == s && strings.HasPrefix(tt.path, "/api") && !slices.Contains(a.Header.Values("Vary"), "Origin") {
				t.Errorf("%s: Vary is %q", tt.name, a.Header.Values("Vary"))
			}
		}
	}
}
