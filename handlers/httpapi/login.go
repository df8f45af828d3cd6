package httpapi

import (
	"bytes"
	"errors"
	"fmt"
	"html"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"prowatch/web"
)

// The words for what is wrong with an attempt to sign in, as the page knows them.
const (
	faultToken = "token"
	faultRate  = "rate"
	faultCSRF  = "csrf"
)

func (c *call) getLogin(w http.ResponseWriter) error {
	next := local(c.URL.Query().Get("next"))
	if len(c.tokens) == 0 {
		return c.signIn(w, http.StatusForbidden, next, "")
	}
	return c.signIn(w, http.StatusOK, next, "")
}

// signIn answers with the page to sign in at. Its cookie holds a nonce, and its
// form that nonce's signature, so that nobody signs a browser in but its user.
func (c *call) signIn(w http.ResponseWriter, status int, next, fault string) error {
	page := &web.Login{Base: c.base, Language: web.Language(c.Request), Next: next, Fault: fault, Closed: len(c.tokens) == 0}
	if !page.Closed {
		nonce := c.nonce(18)
		if cookie, err := c.Cookie(c.cookieName(loginCookie)); err == nil && len(cookie.Value) == len(nonce) {
			nonce = cookie.Value // another tab's form stays good
		}
		c.setCookie(w, loginCookie, nonce, c.now.Add(loginTime))
		page.CSRF = formToken(c.keys.login, nonce)
	}
	var b bytes.Buffer
	if err := web.WriteLogin(&b, page); err != nil {
		return err
	}
	return send(w, status, "text/html; charset=utf-8", b.Bytes())
}

func (c *call) postLogin(w http.ResponseWriter) error {
	if len(c.tokens) == 0 {
		return c.signIn(w, http.StatusForbidden, "/", "")
	}
	if err := c.parseForm(); err != nil {
		return err
	}
	next := local(c.PostForm.Get("next"))
	cookie, err := c.Cookie(c.cookieName(loginCookie))
	if err != nil || c.ownForm(c.keys.login, cookie.Value) != nil {
		return c.signIn(w, http.StatusForbidden, next, faultCSRF)
	}
	b, err := c.try(strings.TrimSpace(c.PostForm.Get("token")))
	var f *fault
	if errors.As(err, &f) {
		word := faultToken
		if f.status == http.StatusTooManyRequests {
			word = faultRate
		}
		for name, values := range f.header {
			w.Header()[name] = values
		}
		return c.signIn(w, f.status, next, word)
	}
	session, end := c.newSession(b)
	c.setCookie(w, sessionCookie, session, end)
	c.setCookie(w, loginCookie, "", time.Time{})
	return c.seeOther(w, next)
}

func (c *call) postLogout(w http.ResponseWriter) error {
	if err := c.parseForm(); err != nil {
		return err
	}
	c.setCookie(w, sessionCookie, "", time.Time{})
	return c.seeOther(w, "/login")
}

// parseForm reads a form of the body.
func (c *call) parseForm() error {
	if mediaType, _, _ := mime.ParseMediaType(c.Header.Get("Content-Type")); mediaType != "application/x-www-form-urlencoded" {
		return faultf(http.StatusUnsupportedMediaType, "the body must be a form: application/x-www-form-urlencoded")
	}
	err := c.ParseForm()
	var tooLarge *http.MaxBytesError
	if err != nil && !errors.As(err, &tooLarge) {
		return faultf(http.StatusBadRequest, "the form cannot be read: it must be in the form of a query")
	}
	return err
}

// local returns where to go to, if that is a path of this host, else "/".
func local(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || u.Opaque != "" ||
		!strings.HasPrefix(u.Path, "/") || strings.HasPrefix(u.Path, "//") || strings.ContainsFunc(u.Path, func(r rune) bool { return r == '\\' || r < ' ' }) {
		return "/"
	}
	return (&url.URL{Path: u.Path, RawQuery: u.RawQuery}).String()
}

// seeOther sends a browser on to a local path. Tencent's API Gateway drops the
// header, so the body leads there as well.
func (c *call) seeOther(w http.ResponseWriter, next string) error {
	if c.base != "" && (next == c.base || strings.HasPrefix(next, c.base+"/")) {
		next = "/" + strings.TrimPrefix(strings.TrimPrefix(next, c.base), "/")
	}
	target := c.base + next
	w.Header().Set("Location", target)
	target = html.EscapeString(target)
	body := fmt.Sprintf("<!doctype html>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"refresh\" content=\"0; url=%s\">\n<title>prowatch</title>\n<a href=\"%s\">prowatch</a>\n", target, target)
	return send(w, http.StatusSeeOther, "text/html; charset=utf-8", []byte(body))
}
