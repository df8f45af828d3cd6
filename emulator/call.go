package emulator

import (
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// Limits of the real service, in bytes: documented for GET and for a POST with
// either signature (https://cloud.tencent.com/document/product/1278/46710).
const (
	maxQuery   = 32 << 10
	maxV1Body  = 1 << 20
	maxTC3Body = 10 << 20
)

// formType is the content type of a form.
const formType = "application/x-www-form-urlencoded"

// call is one request of the API, taken apart.
type call struct {
	method, host string
	target       string // as it stood on the request line
	path, query  string // its two parts, as sent
	header       http.Header
	body         []byte
	size         int64 // of the body, known also when it was not read whole

	tc3       bool // signed, or to be signed, with TC3-HMAC-SHA256
	requestID string
	lang      language

	// The common parameters.
	action, version, timestamp, region, languageTag, token string
	secretID                                               string

	form    []param // of the query or the body, in the order sent
	signing Signing
	secrets []string // what in its answer must not be logged
	key     string   // of a call whose signature is wrong, to see why
}

// param is one parameter of a query or form, decoded.
type param struct{ key, value string }

// newCall reads r, of the body no more than the largest limit and one byte. Its
// error is that of reading the body.
func newCall(r *http.Request, requestID string) (*call, error) {
	c := &call{
		method: r.Method, host: r.Host, header: r.Header, target: r.RequestURI,
		path: r.URL.EscapedPath(), query: r.URL.RawQuery, requestID: requestID, lang: english,
	}
	if c.target == "" { // A request that did not come from a network.
		c.target = r.URL.RequestURI()
	}
	c.tc3 = isTC3(r)
	if c.tc3 {
		c.readHeader()
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxTC3Body+1))
	c.body, c.size = body, max(int64(len(body)), r.ContentLength)
	return c, err
}

// isTC3 reports which of the two protocols a request speaks: TC3 when its
// headers say so, and when it posts anything but a form.
func isTC3(r *http.Request) bool {
	return r.Header.Get("Authorization") != "" || r.Header.Get("X-TC-Action") != "" ||
		r.Method == http.MethodPost && mediaType(r.Header) != formType
}

// mediaType returns the content type without its parameters.
func mediaType(h http.Header) string {
	t, _, _ := strings.Cut(h.Get("Content-Type"), ";")
	return strings.ToLower(strings.TrimSpace(t))
}

// readHeader takes the common parameters of TC3 from their headers, whose names
// are as net/http has them.
func (c *call) readHeader() {
	c.action = c.header.Get("X-Tc-Action")
	c.version = c.header.Get("X-Tc-Version")
	c.timestamp = c.header.Get("X-Tc-Timestamp")
	c.region = c.header.Get("X-Tc-Region")
	c.token = c.header.Get("X-Tc-Token")
	c.setLanguage(c.header.Get("X-Tc-Language"))
}

// hide keeps secrets that an answer will hold out of the log.
func (c *call) hide(secrets ...string) { c.secrets = append(c.secrets, secrets...) }

func (c *call) setLanguage(tag string) {
	c.languageTag = tag
	if tag == string(chinese) {
		c.lang = chinese
	}
}

// checkShape refuses other methods and requests that are too big.
func (c *call) checkShape() *refusal {
	if c.method != http.MethodGet && c.method != http.MethodPost {
		return refuse(textUnsupportedProtocol)
	}
	if c.method == http.MethodGet {
		return tooBig(int64(len(c.target)), maxQuery)
	}
	if !c.tc3 && c.size > maxV1Body {
		return refuse(textSignatureTooBig)
	}
	return tooBig(c.size, maxTC3Body)
}

func tooBig(size, limit int64) *refusal {
	if size <= limit {
		return nil
	}
	return refuse(textSizeLimit, "{max}", strconv.FormatInt(limit, 10), "{size}", strconv.FormatInt(size, 10))
}

// checkLanguage refuses a language other than the two there are.
func (c *call) checkLanguage(name string) *refusal {
	switch language(c.languageTag) {
	case "", english, chinese:
		return nil
	}
	return refuse(textInvalidValue, "{parameter}", name)
}

// parseForm splits a query or form. Unlike [url.ParseQuery] it keeps the order
// and refuses what the service refuses.
func parseForm(raw string) ([]param, *refusal) {
	var ps []param
	seen := map[string]bool{}
	for piece := range strings.SplitSeq(raw, "&") {
		if piece == "" {
			continue
		}
		k, v, ok := strings.Cut(piece, "=")
		if !ok {
			return nil, refuse(textNoEquals)
		}
		key, err := url.QueryUnescape(k)
		if err != nil {
			return nil, refuse(textFormat, "{parameter}", k)
		}
		value, err := url.QueryUnescape(v)
		if err != nil {
			return nil, refuse(textFormat, "{parameter}", key)
		}
		if key == "" {
			return nil, refuse(textEmptyKey)
		}
		if seen[key] {
			return nil, refuse(textRepeated, "{parameter}", key)
		}
		seen[key] = true
		ps = append(ps, param{key, value})
	}
	return ps, nil
}

// checkNumber refuses a value that is no non-negative integer of 64 bits.
func checkNumber(name, value string) *refusal {
	if _, err := strconv.ParseUint(value, 10, 64); err != nil {
		return refuse(textTypeError, "{parameter}", name)
	}
	return nil
}
