package tcss

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// hostname is a DNS name in lower case. The host is signed as it is written,
// so one that a proxy or server would rewrite cannot be used.
var hostname = regexp.MustCompile(`^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$`)

// endpoint is where the API is asked.
type endpoint struct {
	scheme string // "http" or "https"
	host   string // with the port where one was given
	path   string // "" or beginning with "/"
}

// parseEndpoint reads text, which is host[:port] or a URL; "" is the host of
// the site.
func parseEndpoint(text, site string, allowHTTP bool) (endpoint, error) {
	switch {
	case site != "" && site != "intl" && site != "cn":
		return endpoint{}, fmt.Errorf("site %.20q is unknown: use intl or cn", site)
	case text == "":
		return endpoint{scheme: "https", host: container.host(site)}, nil
	}
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	u, err := url.Parse(text)
	if err != nil { // not quoted: it may hold a password
		return endpoint{}, errors.New("endpoint cannot be read: write host, host:port or a URL")
	}
	if err := checkEndpoint(u, allowHTTP); err != nil {
		return endpoint{}, err
	}
	return endpoint{
		scheme: u.Scheme,
		host:   strings.ToLower(strings.TrimSuffix(u.Host, ":")),
		path:   strings.TrimSuffix(u.EscapedPath(), "/"),
	}, nil
}

func checkEndpoint(u *url.URL, allowHTTP bool) error {
	name := strings.ToLower(u.Hostname())
	_, notIP := netip.ParseAddr(name)
	_, badPort := strconv.ParseUint(u.Port(), 10, 16)
	switch {
	case u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return errors.New("endpoint holds a user, a query or a fragment: leave them out; the key goes into secret_id and secret_key")
	case u.Scheme != "https" && u.Scheme != "http":
		return fmt.Errorf("endpoint has the scheme %.20q: use https", u.Scheme)
	case notIP != nil && !hostname.MatchString(name):
		return errors.New("endpoint names no host: write host, host:port or a URL")
	case u.Port() != "" && badPort != nil:
		return errors.New("endpoint has a port that is none: use 1 to 65535")
	case u.Scheme == "http" && !allowHTTP && !loopback(name):
		return fmt.Errorf("endpoint http://%s is not encrypted: use https://, or set allow_http if that is meant", u.Host)
	}
	return nil
}

// loopback reports whether name is this machine by its name alone, RFC 6761.
func loopback(name string) bool {
	if ip, err := netip.ParseAddr(name); err == nil {
		return ip.Unmap().IsLoopback()
	}
	return name == "localhost" || strings.HasSuffix(name, ".localhost")
}
