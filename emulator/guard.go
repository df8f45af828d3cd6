package emulator

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// trespass says why a request may not use the admin API, and what would mend
// it; "" when it may. Only this machine may, and of its browser only pages of
// the emulator itself: the Host header stops names that were pointed at the
// loopback address, and Origin stops other sites.
func (e *Emulator) trespass(r *http.Request) (why, mend string) {
	const ask = "call it from this machine by localhost or 127.0.0.1, or let the emulator take admin calls from anywhere"
	if !e.adminAnywhere {
		if !isLoopback(hostOf(r.RemoteAddr)) {
			return "the admin API is for this machine only", ask
		}
		if !isLocalName(hostOf(r.Host)) {
			return "the admin API does not answer to this Host", ask
		}
	}
	for _, origin := range r.Header.Values("Origin") {
		if u, err := url.Parse(origin); err != nil || u.Host == "" || !strings.EqualFold(u.Host, r.Host) {
			return "the admin API does not answer pages of another origin", "call it from the emulator's own page or from no page"
		}
	}
	return "", ""
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
