package httpapi_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// form is a request with a form, from a browser with the cookies.
func form(path string, fields url.Values, cookies string) request {
	h := http.Header{"Content-Type": {"application/x-www-form-urlencoded"}, "Accept": {"text/html"}, "Sec-Fetch-Site": {"same-origin"}}
	if cookies != "" {
		h.Set("Cookie", cookies)
	}
	return request{method: "POST", path: path, body: fields.Encode(), header: h}
}

// cookiesOf returns the cookies of an answer as a browser sends them.
func cookiesOf(a answer) string {
	var all []string
	for _, c := range a.Cookies() {
		if c.MaxAge >= 0 {
			all = append(all, c.Name+"="+c.Value)
		}
	}
	return strings.Join(all, "; ")
}

var csrfField = regexp.MustCompile(`<input[^>]*\bname="?csrf"?[^>]*\bvalue="([^"]+)"`)

// csrfOf returns the token of a page's first form.
func csrfOf(page string) string {
	if m := csrfField.FindStringSubmatch(page); m != nil {
		return m[1]
	}
	return ""
}

// signIn returns the cookies of a browser that signed in, and its forms' token.
func (s *stage) signIn(t testing.TB, token string) (cookies, csrf string) {
	t.Helper()
	login := s.do(t, request{method: "GET", path: "/login"})
	in := s.do(t, form("/login", url.Values{"token": {token}, "csrf": {csrfOf(login.body)}, "next": {"/"}}, cookiesOf(login)))
	if in.StatusCode != http.StatusSeeOther {
		t.Fatalf("signing in: %s %s", in.Status, in.body)
	}
	cookies = cookiesOf(in)
	page := s.do(t, request{method: "GET", path: "/", header: http.Header{"Cookie": {cookies}}})
	if page.StatusCode != http.StatusOK {
		t.Fatalf("the page: %s %s", page.Status, page.body)
	}
	return cookies, csrfOf(page.body)
}
