package httpapi_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"prowatch/handlers/httpapi"
)

// linkTo returns the signed link of the path, as the page shows it.
func linkTo(t testing.TB, s *stage, path string) string {
	t.Helper()
	from := "/"
	if _, account, ok := strings.Cut(path, "/badge/"); ok {
		from = "/accounts/" + strings.TrimSuffix(account, ".svg")
	}
	page := s.get(t, from).body
	m := regexp.MustCompile(`"([^"]*` + regexp.QuoteMeta(path) + `\?[^"]*sig=[^"]*)"`).FindStringSubmatch(page)
	if m == nil {
		t.Fatalf("the page has no link to %s: %s", path, page)
	}
	return strings.ReplaceAll(m[1], "&amp;", "&")
}

func TestASignedLinkOpensItsPathAlone(t *testing.T) {
	s := newStage(t, nil)
	calendar, badge := linkTo(t, s, "/calendar.ics"), linkTo(t, s, "/badge/acme.svg")
	_, sig, _ := strings.Cut(calendar, "?")
	other := newStage(t, func(o *httpapi.Options) { o.SigningKey = "rotated" })
	for _, tt := range []struct {
		name string
		on   *stage
		path string
		want int
	}{
		{"the calendar", s, calendar, 200},
		{"the badge", s, badge, 200},
		{"a badge with the calendar's", s, "/badge/acme.svg?" + sig, 401},
		{"another account's badge", s, strings.Replace(badge, "acme", "beta", 1), 401},
		{"the API", s, "/api/v1/accounts?" + sig, 401},
		{"a changed one", s, calendar[:len(calendar)-2] + "AA", 401},
		{"an empty one", s, "/calendar.ics?sig=", 401},
		{"an added end", s, calendar + "&exp=9999999999", 401},
		{"with another key", other, calendar, 401},
	} {
		a := tt.on.do(t, request{method: "GET", path: tt.path})
		if a.StatusCode != tt.want || secured(a) != nil {
			t.Errorf("%s: got %v, want %d", tt.name, a, tt.want)
		}
	}
	if got := s.do(t, request{method: "POST", path: calendar}).StatusCode; got != 405 {
		t.Errorf("POST: got %d", got)
	}
}

func TestASignedLinkEndsAtItsTime(t *testing.T) {
	s := newStage(t, nil)
	link := httpapi.SignedLink(signingKey, "/calendar.ics", s.now().Add(time.Hour))
	if a := s.do(t, request{method: "GET", path: link}); a.StatusCode != 200 {
		t.Errorf("got %v, want 200", a)
	}
	later := strings.Replace(link, "exp=1", "exp=2", 1)
	if a := s.do(t, request{method: "GET", path: later}); a.StatusCode != 401 {
		t.Errorf("a later end: got %v, want 401", a)
	}
	s.pass(time.Hour)
	if a := s.do(t, request{method: "GET", path: link}); a.StatusCode != 401 || !strings.Contains(a.body, "expired") {
		t.Errorf("after its end: got %v, want 401", a)
	}
}

func TestWithoutASigningKeyTheTokensSign(t *testing.T) {
	tokens := func(tokens ...string) func(*httpapi.Options) {
		return func(o *httpapi.Options) {
			o.SigningKey, o.Tokens = "", nil
			for _, token := range append(tokens, readToken) {
				o.Tokens = append(o.Tokens, httpapi.Token{Token: token, Scope: "read"})
			}
		}
	}
	s := newStage(t, tokens("a", "b"))
	link := linkTo(t, s, "/calendar.ics")
	for _, tt := range []struct {
		name string
		on   *stage
		want int
	}{
		{"another instance, in another order", newStage(t, tokens("b", "a")), 200},
		{"a token was removed", newStage(t, tokens("a")), 401},
	} {
		if a := tt.on.do(t, request{method: "GET", path: link}); a.StatusCode != tt.want {
			t.Errorf("%s: got %v, want %d", tt.name, a, tt.want)
		}
	}
}

func TestALinkIsWholeWhereThePublicURLIsKnown(t *testing.T) {
	s := newStage(t, func(o *httpapi.Options) { o.PublicURL = "https://watch.example.com/prod/" })
	link, err := url.Parse(linkTo(t, s, "/badge/acme.svg"))
	if err != nil || link.Scheme+"://"+link.Host != "https://watch.example.com" || link.Path != "/prod/badge/acme.svg" {
		t.Fatalf("got %v, %v", link, err)
	}
	if a := s.do(t, request{method: "GET", path: link.RequestURI()}); a.StatusCode != 200 {
		t.Errorf("got %v", a)
	}
}
