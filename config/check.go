package config

import (
	"net"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"prowatch/config/strict"
)

// required returns the value of a key that must be there and not be empty.
func (l *loader) required(what, key string, at strict.Pos, f *text) string {
	switch {
	case !f.Set():
		l.Addf(at, "%s lacks the key %s: add it", what, key)
	case f.Good() && strings.TrimSpace(f.Value) == "":
		l.Addf(f.Node.Pos, "%s is empty: set it, or check what its reference stands for", key)
	}
	return f.Value
}

// atLeast returns a number that is bounded below, or the default.
func (l *loader) atLeast(key string, f *number, least, fallback int) int {
	if !f.Set() {
		return fallback
	}
	if f.Good() && f.Value < least {
		l.Addf(f.Node.Pos, "%s must be at least %d", key, least)
	}
	return f.Value
}

// identifier is the form of ids and names: they become keys of records, parts
// of paths and of URLs.
var identifier = regexp.MustCompile(`^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$`)

const identifierMend = "write up to 64 of the characters A-Z a-z 0-9 . _ - and no leading dot"

// cronField is one field of a schedule, in the notation of cron.
var cronField = regexp.MustCompile(`^[0-9A-Za-z*/,?-]+$`)

// cron checks the form of a schedule; what runs it knows the rest.
func (l *loader) cron(key string, f *text) string {
	fields := strings.Fields(f.Value)
	ok := len(fields) == 5 || len(fields) == 1 && strings.HasPrefix(f.Value, "@")
	for _, field := range fields {
		ok = ok && cronField.MatchString(strings.TrimPrefix(field, "@"))
	}
	if f.Good() && !ok {
		l.Addf(f.Node.Pos, `%s is no schedule: write five cron fields, such as "17 * * * *" for each hour`, key)
	}
	return f.Value
}

// webURL checks a URL without quoting it: some are secrets.
func (l *loader) webURL(key string, f *text) string {
	if !f.Good() {
		return ""
	}
	u, err := url.Parse(f.Value)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		l.Addf(f.Node.Pos, "%s is no URL: write it whole, from https:// on", key)
	}
	return f.Value
}

// origin checks that a text is a scheme and a host alone, as a browser writes
// the origin of a page.
func (l *loader) origin(key string, f *text) string {
	if !f.Good() {
		return ""
	}
	u, err := url.Parse(f.Value)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || f.Value != strings.ToLower(u.Scheme+"://"+u.Host) {
		l.Addf(f.Node.Pos, "%s holds %s, which is no origin: write scheme and host alone, such as https://board.example.com", key, f.Node.Show())
	}
	return f.Value
}

func (l *loader) listen(f *text) string {
	if !f.Good() {
		return ""
	}
	_, port, err := net.SplitHostPort(f.Value)
	if _, bad := strconv.ParseUint(port, 10, 16); err != nil || bad != nil {
		l.Addf(f.Node.Pos, "listen is no address: write host:port, such as 127.0.0.1:8080")
	}
	return f.Value
}
