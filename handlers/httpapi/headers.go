package httpapi

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// What a browser may do with an answer that is no page, and with a page.
const (
	csp     = "default-src 'none'; frame-ancestors 'none'"
	pageCSP = "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; " +
		"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
	badgeCSP = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'" // a drawing has its style in it
)

// secure sets the headers of every answer.
func (a *api) secure(h http.Header) {
	h.Set("Content-Security-Policy", csp)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	if strings.HasPrefix(a.public, "https:") {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

// forPeople sets those of a page. To its own host a page says where a form was
// sent from: under no-referrer a browser calls that "null", and the check of the
// origin would refuse it.
func forPeople(h http.Header) {
	h.Set("Content-Security-Policy", pageCSP)
	h.Set("Referrer-Policy", "same-origin")
	h.Add("Vary", "Accept-Language")
	h.Add("Vary", "Cookie")
}

// json answers with v, which changes only when what is remembered does.
func (c *call) json(w http.ResponseWriter, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return c.cached(w, "application/json", append(body, '\n'))
}

// cached answers with the body, or says that the caller has it.
func (c *call) cached(w http.ResponseWriter, contentType string, body []byte) error {
	sum := sha256.Sum256(body)
	tag := `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
	h := w.Header()
	h.Set("ETag", tag)
	h.Set("Cache-Control", "private, no-cache")
	h.Add("Vary", "Authorization")
	h.Add("Vary", "Cookie")
	if c.has(tag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	return send(w, http.StatusOK, contentType, body)
}

// has reports whether the caller holds the answer with the tag, RFC 9110
// section 13.1.2.
func (c *call) has(tag string) bool {
	tags := strings.Split(strings.Join(c.Header.Values("If-None-Match"), ","), ",")
	return slices.ContainsFunc(tags, func(t string) bool {
		t = strings.TrimSpace(t)
		return t == "*" || strings.TrimPrefix(t, "W/") == tag
	})
}

// send answers with the body.
func send(w http.ResponseWriter, status int, contentType string, body []byte) error {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, err := w.Write(body)
	_ = err // the caller has left
	return nil
}

// allowOrigin lets the pages of an origin that is configured read the answer.
func (c *call) allowOrigin(h http.Header, shared bool) {
	if !shared || len(c.CORS) == 0 {
		return
	}
	h.Add("Vary", "Origin")
	if origin := c.Header.Get("Origin"); slices.Contains(c.CORS, origin) {
		h.Set("Access-Control-Allow-Origin", origin)
		h.Set("Access-Control-Expose-Headers", "ETag, Retry-After, WWW-Authenticate, X-Request-Id")
		h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	}
}

// options says what a path takes, to a browser that asks for a page of another
// origin too.
func (c *call) options(w http.ResponseWriter, found []*route, shared bool) error {
	h := w.Header()
	h.Set("Allow", strings.Join(methods(found), ", "))
	if h.Get("Access-Control-Allow-Origin") != "" && c.Header.Get("Access-Control-Request-Method") != "" {
		h.Set("Access-Control-Allow-Methods", strings.Join(methods(found), ", "))
		h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, If-None-Match")
		h.Set("Access-Control-Max-Age", "600")
		h.Add("Vary", "Access-Control-Request-Method")
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
