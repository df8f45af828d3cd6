package notify

import (
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"prowatch/watch"
)

// Address is the part of a channel's settings that says where it sends to.
// Embed it with `yaml:",inline"`.
type Address struct {
	// URL is the webhook. It is a secret.
	URL string `yaml:"url"`

	// AllowHTTP lets URL be http:// for a host other than this machine.
	AllowHTTP bool `yaml:"allow_http"`
}

// Parse returns the URL. An error names the key and the mend, never the URL.
func (a Address) Parse() (*url.URL, error) {
	return ParseURL("url", a.URL, a.AllowHTTP)
}

// ParseURL reads a URL of the configuration, whose key it is told for the
// error. It must be https, or http where the host is this machine (127.0.0.0/8,
// ::1, localhost, *.localhost) or allowHTTP is set.
func ParseURL(key, raw string, allowHTTP bool) (*url.URL, error) {
	raw = strings.TrimSpace(raw)
	if raw == "" {
		return nil, fmt.Errorf("%s: is missing: set it to the whole https:// URL", key)
	}
	u, err := url.Parse(raw)
	if err != nil || u.Hostname() == "" {
		return nil, fmt.Errorf("%s: is no URL: write it whole, from https:// on", key)
	}
	switch {
	case u.Scheme == "https", u.Scheme == "http" && (allowHTTP || Loopback(u.Hostname())):
		return u, nil
	case u.Scheme == "http":
		return nil, fmt.Errorf("%s: is http:// and would send its secret in the clear: use https://, or set allow_http: true", key)
	}
	return nil, fmt.Errorf("%s: must begin with https://", key)
}

// Loopback reports whether host names this machine, without asking the network.
func Loopback(host string) bool {
	if ip, err := netip.ParseAddr(host); err == nil {
		return ip.Unmap().IsLoopback()
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}

// Wording is the part of a channel's settings that says how it speaks. Embed
// it with `yaml:",inline"`.
type Wording struct {
	// Language is that of the messages: "en", which is the default, "zh", or
	// "both", which tells each notice in English and then in Chinese.
	Language string `yaml:"language"`

	// Templates are the owner's own words, by type of notice.
	Templates map[watch.Type]Template `yaml:"templates"`
}

// Voice returns the catalogues the settings ask for, and what else the words
// of a message depend on.
func (w Wording) Voice(d Deps) (Voice, error) {
	language := w.Language
	if language == "" {
		language = "en"
	}
	cs, ok := languages[language]
	if !ok {
		return Voice{}, fmt.Errorf("language: %.20q is not one of %s", language, strings.Join(slices.Sorted(maps.Keys(languages)), ", "))
	}
	own, err := w.templates()
	if err != nil {
		return Voice{}, err
	}
	return Voice{Catalogues: cs, Zone: d.Zone, Page: d.Page, templates: own}, nil
}

// Mention says whom a channel calls by name, by the severity of the message.
// What a name is differs by vendor.
type Mention map[watch.Severity][]string

// Check returns what is wrong with the settings.
func (m Mention) Check() error {
	for severity, names := range m {
		switch severity {
		case watch.Info, watch.Warning, watch.Critical:
		default:
			return fmt.Errorf("mention: %.20q is no severity: write critical, warning or info", string(severity))
		}
		if slices.ContainsFunc(names, func(s string) bool { return strings.TrimSpace(s) == "" }) {
			return errors.New("mention: holds an empty name: remove it, or check that its variable is set")
		}
	}
	return nil
}
