package httpapi_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"prowatch/handlers/httpapi"
	"prowatch/watch"
)

// covering notes which documented statuses occurred.
type covering struct {
	*document
	seen map[string]bool
}

// expect sends a request of the operation and holds the answer against the
// document.
func (c *covering) expect(t *testing.T, s *stage, o operation, q request, status int) answer {
	t.Helper()
	a := s.do(t, q)
	if err := c.conforms(o, a); err != nil || a.StatusCode != status {
		t.Errorf("%v: want %d and as documented: %v: %v", o, status, err, a)
	}
	if err := secured(a); err != nil {
		t.Errorf("%v: %v", o, err)
	}
	for _, secret := range []string{readToken, operateToken, oldToken, signingKey} {
		if strings.Contains(fmt.Sprint(a.Header, a.body), secret) {
			t.Errorf("%v: %s is in %v", o, secret, a)
		}
	}
	c.seen[fmt.Sprintf("%v %d", o, a.StatusCode)] = true
	return a
}

// TestEachDocumentedStatusOccursAsDocumented makes every status of every
// operation, from the table of routes where that is possible.
func TestEachDocumentedStatusOccursAsDocumented(t *testing.T) {
	c := &covering{readDocument(t), map[string]bool{}}
	s := newStage(t, nil)
	closed := newStage(t, func(o *httpapi.Options) { o.Tokens = nil })
	locked := newStage(t, nil)
	for range 10 {
		locked.do(t, request{method: "GET", path: "/metrics", token: "wrong", from: "203.0.113.7"})
	}
	broken := newStage(t, nil)
	broken.store.set(true)
	for _, r := range httpapi.Routes() {
		o := operation{r.Method, strings.ReplaceAll(r.Pattern, "...}", "}")}
		op := c.operations()[o]
		has := func(status int) bool { return op["responses"].(map[string]any)[fmt.Sprint(status)] != nil }
		right := ask(r, operateToken)
		if r.Pattern != "/login" || r.Method != "POST" {
			status := 200
			for _, other := range []int{204, 303} {
				if has(other) {
					status = other
				}
			}
			a := c.expect(t, s, o, right, status)
			if has(304) {
				same := right
				same.header = http.Header{"If-None-Match": {`"x", W/` + a.Header.Get("ETag")}}
				c.expect(t, s, o, same, 304)
			}
		}
		if r.Scope != "open" {
			c.expect(t, s, o, ask(r, "wrong"), 401)
			c.expect(t, closed, o, right, 403)
			wrong := ask(r, "wrong")
			wrong.from = "203.0.113.7"
			c.expect(t, locked, o, wrong, 429)
			if r.People {
				browser := ask(r, "")
				browser.header.Set("Accept", "text/html")
				c.expect(t, s, o, browser, 401)
				c.expect(t, closed, o, browser, 403)
			}
		}
		if has(503) && r.Pattern != "/healthz" {
			if r.Pattern == "/api/v1/check" {
				broken.check = func(context.Context, []string) (*watch.Report, error) {
					return &watch.Report{Accounts: []watch.AccountReport{{Account: "acme", Err: errBroken}}}, nil
				}
			}
			c.expect(t, broken, o, right, 503)
		}
		if has(404) && strings.Contains(r.Pattern, "{") {
			none := right
			none.path = strings.NewReplacer("acme", "nobody", "sec", "nobody", "page.css", "nobody").Replace(right.path)
			c.expect(t, s, o, none, 404)
		}
		if strings.HasPrefix(r.Pattern, "/api/") {
			odd := right
			odd.path += "?nothing=1"
			c.expect(t, s, o, odd, 400)
			odd.path = right.path + "?%zz"
			c.expect(t, s, o, odd, 400)
		}
		if has(413) {
			large := right
			large.body = `{"reason":"` + strings.Repeat("x", 65<<10) + `"}`
			if r.People {
				large.body = "reason=" + strings.Repeat("x", 65<<10)
			}
			c.expect(t, s, o, large, 413)
			plain := right
			plain.header = http.Header{"Content-Type": {"text/plain"}}
			c.expect(t, s, o, plain, 415)
		}
		if has(400) && r.People {
			bad := right
			bad.body = "%zz"
			c.expect(t, s, o, bad, 400)
		}
	}
	c.others(t, s)
	for o, op := range c.operations() {
		for status := range op["responses"].(map[string]any) {
			if !c.seen[fmt.Sprintf("%v %s", o, status)] {
				t.Errorf("%v: the status %s is documented and did not occur", o, status)
			}
		}
	}
}

// others makes the statuses that one operation alone has.
func (c *covering) others(t *testing.T, s *stage) {
	health := operation{"GET", "/healthz"}
	c.expect(t, newStage(t, nil), health, request{method: "GET", path: "/healthz"}, 200)
	s.pass(48 * time.Hour)
	c.expect(t, s, health, request{method: "GET", path: "/healthz"}, 503)

	check := operation{"POST", "/api/v1/check"}
	c.expect(t, s, check, request{method: "POST", path: "/api/v1/check?account=nobody", token: operateToken}, 404)
	c.expect(t, s, check, request{method: "POST", path: "/api/v1/check", token: operateToken, body: `{"accounts":["acme"]}`}, 400)
	s.check = func(ctx context.Context, accounts []string) (*watch.Report, error) {
		c.expect(t, s, check, request{method: "POST", path: "/api/v1/check", token: operateToken}, 409)
		return s.runner.Run(ctx, accounts...)
	}
	c.expect(t, s, check, request{method: "POST", path: "/api/v1/check?account=acme&account=gamma", token: operateToken}, 200)

	c.expect(t, s, operation{"GET", "/api/v1/notices"}, request{method: "GET", path: "/api/v1/notices?account=nobody", token: readToken}, 404)
	test := operation{"POST", "/api/v1/notify/test"}
	c.expect(t, s, test, request{method: "POST", path: "/api/v1/notify/test?channel=nobody", token: operateToken}, 404)
	c.expect(t, s, test, request{method: "POST", path: "/api/v1/notify/test?channel=sec", token: operateToken}, 200)

	bare := newStage(t, func(o *httpapi.Options) { o.Metrics = nil })
	c.expect(t, bare, operation{"GET", "/metrics"}, request{method: "GET", path: "/metrics", token: readToken}, 404)

	get, post := operation{"GET", "/login"}, operation{"POST", "/login"}
	login := c.expect(t, s, get, request{method: "GET", path: "/login"}, 200)
	closed := newStage(t, func(o *httpapi.Options) { o.Tokens = nil })
	c.expect(t, closed, get, request{method: "GET", path: "/login"}, 403)
	fields := url.Values{"csrf": {csrfOf(login.body)}, "token": {"wrong"}}
	q := form("/login", fields, cookiesOf(login))
	q.header.Set("X-Forwarded-For", "192.0.2.9")
	c.expect(t, closed, post, q, 403)
	for range 10 {
		c.expect(t, s, post, q, 401)
	}
	c.expect(t, s, post, q, 429)
	fields.Set("token", readToken)
	c.expect(t, s, post, form("/login", fields, cookiesOf(login)), 303)
	c.expect(t, s, post, form("/login", fields, ""), 403)
}

func TestABodyOfAMuteIsReadStrictly(t *testing.T) {
	c := &covering{readDocument(t), map[string]bool{}}
	s := newStage(t, nil)
	o := operation{"POST", "/api/v1/accounts/{id}/mute"}
	for body, want := range map[string]int{
		`{}`:            200,
		`{"for":"90m"}`: 200,
		`{"until":"2026-12-01T09:00:00+08:00","all":true,"reason":"续费"}`: 200,
		`{"for":"2h","until":"2026-12-01T09:00:00+08:00"}`:               400,
		`{"until":"2026-11-01T09:00:00+08:00"}`:                          400,
		`{"until":"tomorrow"}`:                                           400,
		`{"for":"0"}`:                                                    400,
		`{"for":""}`:                                                     400,
		`{"for":"-1h"}`:                                                  400,
		`{"for":2}`:                                                      400,
		`{"for":null}`:                                                   400,
		`{"For":"2h"}`:                                                   400,
		`{"reason":"a\nb"}`:                                              400,
		`{"reason":"` + strings.Repeat("x", 201) + `"}`:                  400,
		`{"all":"yes"}`:                                                  400,
		`{"forever":true}`:                                               400,
		`[]`:                                                             400,
		`null`:                                                           400,
		``:                                                               400,
		`{"for":"2h"} {}`:                                                400,
		"{\"reason\":\"\xff\"}":                                          400,
	} {
		c.expect(t, s, o, request{method: "POST", path: "/api/v1/accounts/acme/mute", token: operateToken, body: body,
			header: http.Header{"Content-Type": {"application/json; charset=utf-8"}}}, want)
	}
}

func TestAMuteIsRememberedAndTakenBack(t *testing.T) {
	s := newStage(t, nil)
	jsonBody := http.Header{"Content-Type": {"application/json"}}
	for _, path := range []string{"/api/v1/accounts/acme", "/api/v1/channels/sec"} {
		list := strings.Replace(path, "/sec", "", 1)
		if a := s.do(t, request{method: "POST", path: path + "/mute", token: operateToken, body: `{"for":"2h","reason":"talks"}`, header: jsonBody}); a.StatusCode != 200 {
			t.Fatal(a)
		}
		if a := s.get(t, list); !strings.Contains(a.body, `"until":"2026-11-25T14:02:00Z","reason":"talks"`) {
			t.Errorf("%s: got %v, want the mute", list, a)
		}
		if a := s.do(t, request{method: "DELETE", path: path + "/mute", token: operateToken}); a.StatusCode != 204 {
			t.Fatal(a)
		}
		if a := s.get(t, list); strings.Contains(a.body, `"mute"`) {
			t.Errorf("%s: got %v, want no mute", list, a)
		}
	}
}

func TestAQueryIsReadStrictly(t *testing.T) {
	c := &covering{readDocument(t), map[string]bool{}}
	s := newStage(t, nil)
	for query, want := range map[string]int{
		"accounts?limit=1": 200, "accounts?limit=0": 400, "accounts?limit=1001": 400, "accounts?limit=x": 400, "accounts?limit=": 400, "accounts?limit=1&limit=2": 400,
		"accounts?acount=a": 400, "accounts?cursor=zz": 200,
		"notices?since=2026-11-01T00:00:00%2B08:00": 200, "notices?since=2026-11-01T00:00:00+08:00": 200, "notices?since=yesterday": 400,
		"notices?cursor=zz": 400, "notices?cursor=": 400, "notices?account=acme&account=beta&account=acme": 200,
	} {
		path, _, _ := strings.Cut(query, "?")
		a := c.expect(t, s, operation{"GET", "/api/v1/" + path}, request{method: "GET", path: "/api/v1/" + query, token: readToken}, want)
		if want == 400 && !slices.ContainsFunc([]string{"must be", "no parameter", "given once"}, func(part string) bool { return strings.Contains(a.body, part) }) {
			t.Errorf("%s: got %v, want a mend", query, a)
		}
	}
}
