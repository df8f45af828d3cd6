package events

import (
	"errors"
	"net/url"
	"path"
	"strings"
)

// path reads a path and cleans it.
func (r *requestReader) path(o *object, key string) string {
	raw := o.text(key)
	if raw == "" {
		r.fail(errors.New("it has no path"))
	}
	return cleanPath(raw)
}

// cleanPath decodes a path once and cleans it; a slash at its end stays. What
// cannot be decoded is taken literally.
func cleanPath(raw string) string {
	p, err := url.PathUnescape(raw)
	if err != nil {
		p = raw
	}
	clean := path.Clean("/" + p)
	if clean != "/" && strings.HasSuffix(p, "/") {
		clean += "/"
	}
	return clean
}

// routeBase returns what stands in a full path before the route that matched
// it, "" for nothing. Of the route itself nothing is base path. A route that is
// no path, $default, leaves the stage, which HTTP APIs hand on even on a domain
// that does not show it.
func (r *requestReader) routeBase(full, route, stage string) string {
	if strings.HasPrefix(route, "/") {
		if base, ok := baseOf(full, cleanPath(r.expand(route))); ok {
			return base
		}
	}
	if base := "/" + stage; stage != "" && stage != "$default" && strings.HasPrefix(full+"/", base+"/") {
		return base
	}
	return ""
}

// expand writes the path parameters into a route such as /accounts/{id} or
// /{proxy+}.
func (r *requestReader) expand(route string) string {
	parameters := map[string]string{}
	r.each(r.event, "pathParameters", func(name, value string) {
		parameters["{"+name+"}"], parameters["{"+name+"+}"] = value, value
	})
	segments := strings.Split(route, "/")
	for i, s := range segments {
		if value, ok := parameters[s]; ok {
			segments[i] = value
		}
	}
	return strings.Join(segments, "/")
}

// baseOf returns what stands before own in a full path, both of them clean; ok
// says whether full ends with own at all.
func baseOf(full, own string) (base string, ok bool) {
	return strings.CutSuffix(strings.TrimSuffix(full, "/"), strings.TrimSuffix(own, "/"))
}

// without returns a full path without its base.
func without(full, base string) string {
	if p := strings.TrimPrefix(full, base); p != "" {
		return p
	}
	return "/"
}
