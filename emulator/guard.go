package emulator

import (
	"crypto/hmac"
	"encoding/hex"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// trespass says why a request may not use the admin API; nil when it may.
// Without a token only this machine may, and of its browser only pages of the
// emulator itself: the Host header stops names that were pointed at the
// loopback address, and Origin stops other sites.
func (e *Emulator) trespass(r *http.Request) *adminError {
	const ask = "call it from this machine by localhost or 127.0.0.1, or give the emulator an admin token"
	switch {
	case foreignPage(r):
		return forbidden("the admin API does not answer pages of another origin", "call it from the emulator's own page or from no page")
	case e.adminToken != "":
		if !open(r) && !e.hasToken(r) {
			return &adminError{http.StatusUnauthorized, "the admin API needs its token", "send it as Authorization: Bearer, or sign in at " + adminRoot}
		}
	case !isLoopback(hostOf(r.RemoteAddr)):
		return forbidden("the admin API is for this machine only", ask)
	case !isLocalName(hostOf(r.Host)):
		return forbidden("the admin API does not answer to this Host", ask)
	case forwarded(r):
		return forbidden("the admin API does not answer what a proxy forwards", "call it without the proxy, or give the emulator an admin token")
	}
	return nil
}

// forwarded reports whether a proxy says that it passes r on: the loopback
// address is then the proxy's.
func forwarded(r *http.Request) bool {
	return slices.ContainsFunc([]string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip"}, func(name string) bool {
		return len(r.Header.Values(name)) > 0
	})
}

func forbidden(why, mend string) *adminError {
	return &adminError{http.StatusForbidden, why, mend}
}

// foreignPage reports whether a browser sent r for a page of another origin.
func foreignPage(r *http.Request) bool {
	for _, origin := range r.Header.Values("Origin") {
		if u, err := url.Parse(origin); err != nil || u.Host == "" || !strings.EqualFold(u.Host, r.Host) {
			return true
		}
	}
	return false
}

// cookieName is that of the cookie which a browser has once it is signed in.
const cookieName = "prowatch_emulator"

// hasToken reports whether r carries the token, or the cookie made of it.
func (e *Emulator) hasToken(r *http.Request) bool {
	scheme, token, ok := strings.Cut(r.Header.Get("Authorization"), " ")
	if ok && strings.EqualFold(scheme, "Bearer") {
		return e.isToken(strings.TrimSpace(token))
	}
	c, err := r.Cookie(cookieName)
	return err == nil && hmac.Equal([]byte(c.Value), []byte(e.cookieValue()))
}

func (e *Emulator) isToken(token string) bool {
	return hmac.Equal(mac([]byte(cookieName), token), mac([]byte(cookieName), e.adminToken))
}

// cookieValue proves the token without holding it.
func (e *Emulator) cookieValue() string {
	return hex.EncodeToString(mac([]byte(e.adminToken), cookieName))
}

// hostOf returns host or host:port without the port and without brackets.
func hostOf(hostport string) string {
	if h, _, err := net.SplitHostPort(hostport); err == nil {
		return h
	}
	return strings.Trim(hostport, "[]")
}

func isLoopback(host string) bool {
	a, err := netip.ParseAddr(host)
	return err == nil && a.Unmap().IsLoopback()
}

func isLocalName(host string) bool {
	h := strings.ToLower(strings.TrimSuffix(host, "."))
	return h == "localhost" || strings.HasSuffix(h, ".localhost") || isLoopback(h)
}
