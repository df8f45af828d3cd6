package events

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// maxValues bounds the values of headers, of a query and of path parameters,
// each. Both clouds bound all headers to some 10 KB.
const maxValues = 4096

// each calls add for every value of a field that is an object, in order. A
// value is a string, a list of strings or, on SCF, true for a key that has none
// in the query. A field that is missing or null has no values.
func (r *requestReader) each(o *object, key string, add func(name, value string)) {
	raw := o.fields[key]
	if raw == nil || string(raw) == "null" {
		return
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		r.fail(fmt.Errorf("its %s are no object", key))
		return
	}
	for n := 0; d.More(); {
		name, err := d.Token()
		var raw json.RawMessage
		if err == nil {
			err = d.Decode(&raw)
		}
		values, ok := valuesOf(raw)
		if n += len(values); err != nil || !ok || n > maxValues {
			r.fail(fmt.Errorf("its %s hold what is no text, or over %d values", key, maxValues))
			return
		}
		for _, v := range values {
			add(name.(string), v)
		}
	}
}

// valuesOf reads one value of an object.
func valuesOf(raw json.RawMessage) (values []string, ok bool) {
	switch string(raw) {
	case "null":
		return nil, true
	case "true", "false":
		return []string{""}, true
	}
	if bytes.HasPrefix(raw, []byte{'['}) {
		err := json.Unmarshal(raw, &values)
		return values, err == nil
	}
	var s string
	err := json.Unmarshal(raw, &s)
	return []string{s}, err == nil
}

// readEither reads the first of two fields, or where it has no values, the
// second.
func (r *requestReader) readEither(first, second string, add func(name, value string)) {
	n := 0
	r.each(r.event, first, func(name, value string) {
		n++
		add(name, value)
	})
	if n == 0 {
		r.each(r.event, second, add)
	}
}

// list reads a field that is a list of strings.
func (r *requestReader) list(key string) []string {
	values, ok := valuesOf(r.event.fields[key])
	if r.event.has(key) && (!ok || len(values) > maxValues) {
		r.fail(fmt.Errorf("its %s are no list of texts, or over %d", key, maxValues))
		return nil
	}
	if !r.event.has(key) {
		return nil
	}
	return values
}

func (r *requestReader) addHeader(name, value string) {
	if !isToken(name) || strings.ContainsAny(value, "\r\n\x00") {
		r.fail(errors.New("its headers hold what HTTP does not allow"))
		return
	}
	r.Header.Add(name, value)
}

// isToken reports whether s may be a method or the name of a header, RFC 9110
// section 5.6.2.
func isToken(s string) bool {
	const marks = "!#$%&'*+-.^_`|~"
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	return s != "" && strings.Trim(s, letters+marks) == ""
}

// unescape decodes a part of a query; what cannot be decoded is literal.
func unescape(s string) string {
	if u, err := url.QueryUnescape(s); err == nil {
		return u
	}
	return s
}

// address returns the IP address that s is, without its port, "" for none.
func address(s string) string {
	if a, err := netip.ParseAddr(s); err == nil {
		return a.String()
	}
	if a, err := netip.ParseAddrPort(s); err == nil {
		return a.Addr().String()
	}
	return ""
}

// lastHop returns the last address of X-Forwarded-For, the one that the gateway
// itself wrote. Those before it are the caller's word.
func lastHop(h http.Header) string {
	values := h.Values("X-Forwarded-For")
	if len(values) == 0 {
		return ""
	}
	hops := strings.Split(values[len(values)-1], ",")
	return address(strings.TrimSpace(hops[len(hops)-1]))
}
