package httpapi_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"prowatch/handlers/httpapi"
)

// browse loads a page with the cookies.
func (s *stage) browse(t testing.TB, path, cookies string) answer {
	t.Helper()
	return s.do(t, request{method: "GET", path: path, header: http.Header{"Cookie": {cookies}, "Accept": {"text/html"}}})
}

func TestABrowserWithoutASessionIsShownWhereToSignIn(t *testing.T) {
	s := newStage(t, nil)
	a := s.browse(t, "/accounts/acme?lang=zh", "")
	if a.StatusCode != 401 || !strings.Contains(a.body, `value="/accounts/acme?lang=zh"`) || csrfOf(a.body) == "" || a.Header.Get("Www-Authenticate") == "" {
		t.Errorf("got %v, want the form", a)
	}
	in := s.do(t, form("/login", url.Values{"token": {readToken}, "csrf": {csrfOf(a.body)}, "next": {"/accounts/acme?lang=zh"}}, cookiesOf(a)))
	if in.StatusCode != 303 || in.Header.Get("Location") != "/accounts/acme?lang=zh" || !strings.Contains(in.body, `content="0; url=/accounts/acme?lang=zh"`) {
		t.Errorf("got %v, want back to the page", in)
	}
}

func TestASessionsCookie(t *testing.T) {
	for _, tt := range []struct {
		name, publicURL, host string
		want                  []string
	}{
		{"on this machine", "", "127.0.0.1:8080", []string{"prowatch=", "Path=/;", "Max-Age=43200", "HttpOnly", "SameSite=Lax"}},
		{"elsewhere", "", "watch.example.com", []string{"__Host-prowatch=", "Path=/;", "Secure"}},
		{"by https", "https://watch.example.com", "localhost", []string{"__Host-prowatch=", "Path=/;", "Secure"}},
		{"below a path", "https://watch.example.com/prod/", "watch.example.com", []string{"__Secure-prowatch=", "Path=/prod;", "Secure"}},
	} {
		s := newStage(t, func(o *httpapi.Options) { o.PublicURL = tt.publicURL })
		login := s.doHost(t, tt.host, request{method: "GET", path: "/login"})
		in := s.doHost(t, tt.host, form("/login", url.Values{"token": {readToken}, "csrf": {csrfOf(login.body)}}, cookiesOf(login)))
		got := in.Header.Get("Set-Cookie")
		for _, part := range tt.want {
			if !strings.Contains(got, part) || strings.Contains(got, "Secure") != strings.Contains(strings.Join(tt.want, ""), "Secure") {
				t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
			}
		}
		if strings.Contains(got, readToken) {
			t.Errorf("%s: the token is in %q", tt.name, got)
		}
		if hsts := in.Header.Get("Strict-Transport-Security") != ""; hsts != (tt.publicURL != "") {
			t.Errorf("%s: got %v", tt.name, in)
		}
	}
}

func TestASessionEnds(t *testing.T) {
	s := newStage(t, nil)
	cookies, _ := s.signIn(t, readToken)
	for name, other := range map[string]*stage{
		"another instance":      newStage(t, nil),
		"its token has gone":    newStage(t, func(o *httpapi.Options) { o.Tokens = o.Tokens[1:] }),
		"its token has expired": newStage(t, func(o *httpapi.Options) { o.Tokens[0].Expires = s.now().Add(-time.Second) }),
		"the key was rotated":   newStage(t, func(o *httpapi.Options) { o.SigningKey = "other" }),
	} {
		want := 401
		if name == "another instance" {
			want = 200
		}
		if a := other.browse(t, "/", cookies); a.StatusCode != want {
			t.Errorf("%s: got %v, want %d", name, a, want)
		}
	}
	for _, forged := range []string{"prowatch=", "prowatch=a.b.c.d", "prowatch=.", strings.Replace(cookies, ".1", ".2", 1), cookies[:len(cookies)-1]} {
		if a := s.browse(t, "/", forged); a.StatusCode != 401 {
			t.Errorf("%q: got %v", forged, a)
		}
	}
	s.pass(12*time.Hour - time.Second)
	if a := s.browse(t, "/", cookies); a.StatusCode != 200 {
		t.Errorf("got %v before its end", a)
	}
	s.pass(time.Second)
	if a := s.browse(t, "/", cookies); a.StatusCode != 401 {
		t.Errorf("got %v at its end", a)
	}
}

func TestASessionEndsWithItsToken(t *testing.T) {
	s := newStage(t, func(o *httpapi.Options) { o.Tokens[0].Expires = o.Now().Add(time.Hour) })
	cookies, _ := s.signIn(t, readToken)
	s.pass(time.Hour)
	if a := s.browse(t, "/", cookies); a.StatusCode != 401 {
		t.Errorf("got %v", a)
	}
}

func TestASessionMayDoWhatItsTokenMayDoNow(t *testing.T) {
	s := newStage(t, nil)
	cookies, csrf := s.signIn(t, operateToken)
	now := newStage(t, func(o *httpapi.Options) { o.Tokens[1].Scope = "read" })
	a := now.do(t, form("/actions/check", url.Values{"csrf": {csrf}}, cookies))
	if a.StatusCode != 403 {
		t.Errorf("got %v, want 403", a)
	}
}

func TestAFormOfAnotherSessionOrSiteIsRefused(t *testing.T) {
	s := newStage(t, nil)
	cookies, csrf := s.signIn(t, operateToken)
	_, others := s.signIn(t, operateToken)
	for _, tt := range []struct {
		name, csrf, site, origin string
		want                     int
	}{
		{"its own", csrf, "same-origin", "", 303},
		{"of a browser that does not say", csrf, "", "", 303},
		{"of an old browser", csrf, "", s.URL, 303},
		{"another session's", others, "same-origin", "", 403},
		{"none", "", "same-origin", "", 403},
		{"another site", csrf, "cross-site", "", 403},
		{"a sibling", csrf, "same-site", "", 403},
		{"another origin", csrf, "", "https://evil.example.com", 403},
	} {
		q := form("/actions/mute", url.Values{"csrf": {tt.csrf}, "account": {"acme"}, "for": {"1h"}, "next": {"/"}}, cookies)
		q.header["Sec-Fetch-Site"], q.header["Origin"] = []string{tt.site}, []string{tt.origin}
		if a := s.do(t, q); a.StatusCode != tt.want {
			t.Errorf("%s: got %v, want %d", tt.name, a, tt.want)
		}
	}
	login := s.do(t, request{method: "GET", path: "/login"})
	q := form("/login", url.Values{"csrf": {csrfOf(login.body)}, "token": {readToken}}, cookiesOf(login))
	q.header.Set("Sec-Fetch-Site", "cross-site")
	if a := s.do(t, q); a.StatusCode != 403 || len(a.Cookies()) > 1 {
		t.Errorf("signing in from another site: got %v", a)
	}
}

func TestTheFormsSayWhatWasDone(t *testing.T) {
	s := newStage(t, nil)
	cookies, csrf := s.signIn(t, operateToken)
	for _, tt := range []struct {
		path, fields, want string
	}{
		{"check", "next=/", "/?done=checked"},
		{"check", "account=acme&next=/accounts/acme%3Flang=zh%26failed=muted", "/accounts/acme?done=checked&lang=zh"},
		{"check", "account=nobody", "/?failed=checked"},
		{"mute", "account=acme&for=2h&reason=talks&all=on", "/?done=muted"},
		{"mute", "account=acme&for=", "/?done=muted"},
		{"mute", "channel=sec&for=2h", "/?done=muted"},
		{"mute", "account=acme&channel=sec&for=2h", "/?failed=muted"},
		{"mute", "for=2h", "/?failed=muted"},
		{"mute", "account=acme&for=soon", "/?failed=muted"},
		{"mute", "channel=nobody&for=2h", "/?failed=muted"},
		{"unmute", "account=acme", "/?done=unmuted"},
		{"unmute", "channel=sec", "/?done=unmuted"},
	} {
		fields, err := url.ParseQuery(tt.fields)
		if err != nil {
			t.Fatal(err)
		}
		fields.Set("csrf", csrf)
		if a := s.do(t, form("/actions/"+tt.path, fields, cookies)); a.StatusCode != 303 || a.Header.Get("Location") != tt.want {
			t.Errorf("%s %s: got %v, want %s", tt.path, tt.fields, a, tt.want)
		}
	}
}

func TestNextIsALocalPath(t *testing.T) {
	s := newStage(t, nil)
	login := s.do(t, request{method: "GET", path: "/login"})
	for next, want := range map[string]string{
		"":                          "/",
		"/accounts/acme?x=1":        "/accounts/acme?x=1",
		"https://evil.example.com/": "/",
		"//evil.example.com/":       "/",
		`/\evil.example.com`:        "/",
		`\\evil.example.com`:        "/",
		"/%5cevil.example.com":      "/",
		"/%2fevil.example.com":      "/",
		"/\t/evil.example.com":      "/",
		"javascript:alert(1)":       "/",
		"accounts":                  "/",
		"/x\r\nSet-Cookie: a=b":     "/",
		"/<b>\"?a=\"><script>":      `/%3Cb%3E%22?a="><script>`,
	} {
		a := s.do(t, form("/login", url.Values{"csrf": {csrfOf(login.body)}, "token": {readToken}, "next": {next}}, cookiesOf(login)))
		if got := a.Header.Get("Location"); a.StatusCode != 303 || got != want || strings.Contains(a.body, "<script") {
			t.Errorf("%q: got %v, want %s", next, a, want)
		}
	}
}

func TestSigningOutTakesTheCookieAway(t *testing.T) {
	s := newStage(t, nil)
	cookies, csrf := s.signIn(t, readToken)
	a := s.do(t, form("/logout", url.Values{"csrf": {csrf}}, cookies))
	if a.StatusCode != 303 || a.Header.Get("Location") != "/login" || !strings.Contains(a.Header.Get("Set-Cookie"), "prowatch=; Path=/; Max-Age=0") {
		t.Errorf("got %v", a)
	}
}
