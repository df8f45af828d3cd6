package httpapi_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"path"
	"strings"
	"testing"
)

// FuzzRequests holds the same for any path, body and header on its own.
func FuzzRequests(f *testing.F) {
	s := newStage(f, nil)
	g := newGenerator(f, 1)
	f.Add(uint8(8), "/api/v1/notices?since=2026-11-01T00:00:00Z", "Bearer "+readToken, "{}")
	f.Add(uint8(0), "/badge/acme.svg?sig=x&exp=1", "", "")
	f.Add(uint8(2), "/api/v1/accounts/acme/mute", "Bearer "+operateToken, `{"for":"2h","reason":"x"}`)
	f.Add(uint8(9), "/actions/mute", "Bearer "+operateToken, "account=acme&for=2h&next=//x")
	f.Fuzz(func(t *testing.T, kind uint8, target, authorization, body string) {
		u, err := url.ParseRequestURI(target)
		if err != nil || u.Host != "" {
			t.Skip("no target of a request")
		}
		r := httptest.NewRequest([]string{"GET", "POST", "DELETE"}[kind%3], "/", strings.NewReader(body))
		r.URL, r.RequestURI = u, u.RequestURI()
		r.Header = http.Header{"Content-Type": {[]string{"application/json", "application/x-www-form-urlencoded", ""}[kind/3%3]}, "Authorization": {authorization}}
		o := operation{path: u.Path}
		for _, known := range g.operations {
			if ok, _ := path.Match(strings.NewReplacer("{id}", "*", "{name}", "*", "{account}", "*").Replace(known.path), u.Path); ok {
				o = known
			}
		}
		if strings.HasPrefix(u.Path, "/static/") || u.Path == "/metrics" || strings.Contains(target, "canary") {
			t.Skip("another's answers")
		}
		if err := g.holds(s.handler, o, r); err != nil {
			t.Error(err)
		}
	})
}
