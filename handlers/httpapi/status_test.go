package httpapi_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
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

// stages are APIs in the states that statuses need.
type stages struct{ usual, closed, locked, broken *stage }

// lockedOut is an address that sent too many wrong tokens to stages.locked.
const lockedOut = "203.0.113.7"

func newStages(t *testing.T) stages {
	s := stages{newStage(t, nil), newStage(t, func(o *httpapi.Options) { o.Tokens = nil }), newStage(t, nil), newStage(t, nil)}
	for range 10 {
		s.locked.do(t, request{method: "GET", path: "/metrics", token: "wrong", from: lockedOut})
	}
	s.broken.store.set(true)
	s.broken.check = func(context.Context, []string) (*watch.Report, error) {
		return &watch.Report{Accounts: []watch.AccountReport{{Account: "acme", Err: errBroken}}}, nil
	}
	return s
}

// TestEachDocumentedStatusOccursAsDocumented makes every status of every
// operation, from the table of routes where that is possible.
func TestEachDocumentedStatusOccursAsDocumented(t *testing.T) {
	c := &covering{readDocument(t), map[string]bool{}}
	s := newStages(t)
	for _, r := range httpapi.Routes() {
		o := operation{r.Method, strings.ReplaceAll(r.Pattern, "...}", "}")}
		has := func(status int) bool { v, _ := c.at(o.keys("responses", fmt.Sprint(status))...); return v != nil }
		c.right(t, s, r, o, has)
		c.refused(t, s, r, o)
		c.wrong(t, s, r, o, has)
	}
	c.others(t, s.usual)
	for o, op := range c.operations() {
		for status := range op["responses"].(map[string]any) {
			if !c.seen[fmt.Sprintf("%v %s", o, status)] {
				t.Errorf("%v: the status %s is documented and did not occur", o, status)
			}
		}
	}
}

// right makes the statuses of a right request.
func (c *covering) right(t *testing.T, s stages, r httpapi.Route, o operation, has func(int) bool) {
	if o == (operation{"POST", "/login"}) {
		return // needs its form
	}
	q := ask(r, operateToken)
	status := 200
	for _, other := range []int{204, 303} {
		if has(other) {
			status = other
		}
	}
	a := c.expect(t, s.usual, o, q, status)
	if has(304) {
		q.header = http.Header{"If-None-Match": {`"x", W/` + a.Header.Get("ETag")}}
		c.expect(t, s.usual, o, q, 304)
	}
	if has(503) && r.Pattern != "/healthz" {
		c.expect(t, s.broken, o, ask(r, operateToken), 503)
	}
}

// refused makes the statuses of a caller that may not come in.
func (c *covering) refused(t *testing.T, s stages, r httpapi.Route, o operation) {
	if r.Scope == "open" {
		return
	}
	c.expect(t, s.usual, o, ask(r, "wrong"), 401)
	c.expect(t, s.closed, o, ask(r, operateToken), 403)
	wrong := ask(r, "wrong")
	wrong.from = lockedOut
	c.expect(t, s.locked, o, wrong, 429)
	if r.People {
		browser := ask(r, "")
		browser.header.Set("Accept", "text/html")
		c.expect(t, s.usual, o, browser, 401)
		c.expect(t, s.closed, o, browser, 403)
	}
}

// wrong makes the statuses of a request that asks for what is not there, or
// cannot be read.
func (c *covering) wrong(t *testing.T, s stages, r httpapi.Route, o operation, has func(int) bool) {
	right := ask(r, operateToken)
	if has(404) && strings.Contains(r.Pattern, "{") {
		none := right
		none.path = strings.NewReplacer("acme", "nobody", "sec", "nobody", "style.css", "nobody").Replace(right.path)
		c.expect(t, s.usual, o, none, 404)
	}
	if strings.HasPrefix(r.Pattern, "/api/") {
		for _, query := range []string{"?nothing=1", "?%zz"} {
			odd := right
			odd.path += query
			c.expect(t, s.usual, o, odd, 400)
		}
	}
	if has(413) {
		large := right
		large.body = map[bool]string{true: "reason=", false: `{"reason":"`}[r.People] + strings.Repeat("x", 65<<10)
		c.expect(t, s.usual, o, large, 413)
		plain := right
		plain.header = http.Header{"Content-Type": {"text/plain"}}
		c.expect(t, s.usual, o, plain, 415)
	}
	if has(400) && r.People {
		bad := right
		bad.body = "%zz"
		c.expect(t, s.usual, o, bad, 400)
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
