package httpapi

import (
	"cmp"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

const (
	sessionTime = 12 * time.Hour
	loginTime   = time.Hour // to fill in the form
)

// The cookies, before their prefixes.
const (
	sessionCookie = "prowatch"
	loginCookie   = "prowatch-login"
)

// A session is a cookie "<token's id>.<end>.<nonce>.<signature>": who signed in
// and until when. What its holder may do is looked up at each request, so that a
// session ends with its token.

// newSession returns a session of the bearer and its end.
func (c *call) newSession(b *bearer) (value string, end time.Time) {
	end = c.now.Add(sessionTime)
	if !b.expires.IsZero() && b.expires.Before(end) {
		end = b.expires
	}
	text := b.id + "." + strconv.FormatInt(end.Unix(), 10) + "." + c.nonce(12)
	return text + "." + sign(c.keys.session, text), end
}

// bySession looks at the cookie, and where form is set at the form's token, too.
func (c *call) bySession(form bool) error {
	cookie, err := c.Cookie(c.cookieName(sessionCookie))
	if err != nil {
		return challenge("", askDetail)
	}
	b := c.sessionOf(cookie.Value)
	if b == nil {
		return challenge("", "the session has ended: sign in again at /login")
	}
	c.scope, c.who, c.cookie = b.scope, b.id, cookie.Value
	if form {
		return c.ownForm(c.keys.form, cookie.Value)
	}
	return nil
}

// sessionOf returns whose session it is, nil where it has ended or is none.
func (c *call) sessionOf(value string) *bearer {
	i := strings.LastIndexByte(value, '.')
	if i < 0 || !signed(c.keys.session, value[:i], value[i+1:]) {
		return nil
	}
	parts := strings.Split(value[:i], ".")
	if len(parts) != 3 {
		return nil
	}
	end, err := strconv.ParseInt(parts[1], 10, 64)
	if err != nil || !c.now.Before(time.Unix(end, 0)) {
		return nil
	}
	for i := range c.tokens {
		if b := &c.tokens[i]; b.id == parts[0] && !b.expired(c.now) {
			return b
		}
	}
	return nil
}

// formToken is what a form must bring back beside the cookie.
func formToken(key []byte, cookie string) string { return sign(key, cookie) }

// ownForm checks that a form was sent by a page of this API: by what the browser
// says of its origin, and by the token, which only such a page can read.
func (c *call) ownForm(key []byte, cookie string) error {
	if err := c.origins.Check(c.Request); err != nil {
		return faultf(http.StatusForbidden, "the form came from a page of another origin")
	}
	if err := c.parseForm(); err != nil {
		return err
	}
	if !signed(key, cookie, c.PostForm.Get("csrf")) {
		return faultf(http.StatusForbidden, "the form's token is not that of this session: load the page anew and send it again")
	}
	return nil
}

// setCookie sets a cookie until end; a zero end takes it away. It comes with a
// link from a chat, too, but not with a form of another site.
func (c *call) setCookie(w http.ResponseWriter, name, value string, end time.Time) {
	cookie := &http.Cookie{Name: c.cookieName(name), Value: value, Path: cmp.Or(c.base, "/"), MaxAge: -1,
		HttpOnly: true, Secure: c.isSecure(), SameSite: http.SameSiteLaxMode}
	if !end.IsZero() {
		cookie.MaxAge = max(1, int(end.Sub(c.now)/time.Second))
	}
	http.SetCookie(w, cookie)
}

// cookieName adds the prefix by which a browser refuses the cookie from anybody
// else (RFC 6265bis section 4.1.3).
func (c *call) cookieName(name string) string {
	switch {
	case !c.isSecure():
		return name
	case c.base == "":
		return "__Host-" + name
	}
	return "__Secure-" + name
}

// isSecure reports whether the browser came by https, as it must unless it is
// on this machine.
func (c *call) isSecure() bool {
	if c.TLS != nil || strings.HasPrefix(c.public, "https:") {
		return true
	}
	host := c.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	addr, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return !(err == nil && addr.IsLoopback() || host == "localhost" || strings.HasSuffix(host, ".localhost"))
}
