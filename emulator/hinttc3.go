package emulator

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// hintsTC3 tries the slips on a call whose signature is wrong.
func (c *call) hintsTC3(keys []otherKey) []Hint {
	right := c.recipeTC3(c.host, c.key)
	slips := slices.Concat(keySlips(keys), c.bodySlips(), c.querySlips(), c.headerSlips(), c.scopeSlips(), encodingSlips())
	return firstHint(c.addressSlips(), slips, func(s slip[recipeTC3]) (Hint, bool) {
		r := right
		s.change(&r)
		canonical := r.canonicalRequest()
		toSign := r.stringToSign(canonical)
		if r.signature(r.signingKey(), toSign) != c.signing.Signature {
			return Hint{}, false
		}
		return Hint{s.says, cut(canonical, 2*maxRecorded), cut(toSign, 2*maxRecorded)}, true
	})
}

// addressSlips are other hosts than the one in the request.
func (c *call) addressSlips() []slip[recipeTC3] {
	var slips []slip[recipeTC3]
	for _, h := range slices.Concat(vendorHosts, c.hosts(), []string{"localhost", "127.0.0.1"}) {
		slips = append(slips, slip[recipeTC3]{"signed for another host: " + h, func(r *recipeTC3) { r.set("host", h) }})
	}
	return slips
}

func keySlips(keys []otherKey) []slip[recipeTC3] {
	slips := []slip[recipeTC3]{
		{`derived the key without "TC3" before the secret key`, func(r *recipeTC3) { r.noPrefix = true }},
		{"took the hex text of a derived key for the key; each step takes the raw bytes", func(r *recipeTC3) { r.hexKeys = true }},
	}
	for _, k := range keys {
		slips = append(slips, slip[recipeTC3]{"signed with " + k.says, func(r *recipeTC3) { r.key = k.key }})
	}
	return slips
}

// bodySlips are other payload hashes than that of the bytes received.
func (c *call) bodySlips() []slip[recipeTC3] {
	slips := []slip[recipeTC3]{
		{"hashed the payload to upper-case hex", func(r *recipeTC3) { r.payload = strings.ToUpper(r.payload) }},
		{"signed the payload itself, not its hash", func(r *recipeTC3) { r.payload = string(c.body) }},
		{"signed the words UNSIGNED-PAYLOAD, not their hash", func(r *recipeTC3) { r.payload = unsignedPayload }},
		{"signed an unsigned payload without the header X-TC-Content-SHA256", func(r *recipeTC3) { r.payload = hexHash([]byte(unsignedPayload)) }},
	}
	for _, b := range c.otherBodies() {
		hash := hexHash([]byte(b.value))
		slips = append(slips, slip[recipeTC3]{"signed another body than it sent: " + b.key, func(r *recipeTC3) { r.payload = hash }})
	}
	return slips
}

// otherBodies are what a client may have hashed when it sent this body.
func (c *call) otherBodies() []param {
	bodies := []param{
		{"an empty one", ""}, {"{}", "{}"}, {"null", "null"},
		{"one with a line break at its end", string(c.body) + "\n"},
		{"one without the line break at its end", strings.TrimSuffix(string(c.body), "\n")},
		{"the query", c.query},
	}
	var compact bytes.Buffer
	if json.Compact(&compact, c.body) != nil {
		return bodies
	}
	return append(bodies,
		param{"the same JSON without blanks", compact.String()},
		param{"the same JSON with blanks after colons and commas, as Python writes it", spaced(compact.Bytes())})
}

// spaced puts a blank after each colon and comma of compact JSON.
func spaced(compact []byte) string {
	var b strings.Builder
	quoted, escaped := false, false
	for _, ch := range compact {
		b.WriteByte(ch)
		switch {
		case escaped:
			escaped = false
		case ch == '\\':
			escaped = true
		case ch == '"':
			quoted = !quoted
		case !quoted && (ch == ':' || ch == ','):
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// querySlips are other paths and queries.
func (c *call) querySlips() []slip[recipeTC3] {
	pieces := strings.Split(c.query, "&")
	slices.Sort(pieces)
	sorted := strings.Join(pieces, "&")
	return []slip[recipeTC3]{
		{"signed the real path; it is always / in this signature", func(r *recipeTC3) { r.path = c.path }},
		{"signed an empty path; it is always / in this signature", func(r *recipeTC3) { r.path = "" }},
		{"signed the query of a POST, or left that of a GET out", func(r *recipeTC3) {
			if r.query == "" {
				r.query = c.query
			} else {
				r.query = ""
			}
		}},
		{"sorted the query; it is signed as it is sent", func(r *recipeTC3) { r.query = sorted }},
		{"escaped blanks as %20 in what was signed and as + in what was sent", func(r *recipeTC3) { r.query = strings.ReplaceAll(r.query, "+", "%20") }},
		{"signed the query unescaped", func(r *recipeTC3) {
			if q, err := url.QueryUnescape(r.query); err == nil {
				r.query = q
			}
		}},
		{"signed another method", func(r *recipeTC3) { r.method = map[string]string{"GET": "POST", "POST": "GET"}[r.method] }},
		{"signed the method in lower case", func(r *recipeTC3) { r.method = strings.ToLower(r.method) }},
	}
}

// headerSlips are other forms of the signed headers.
func (c *call) headerSlips() []slip[recipeTC3] {
	slips := []slip[recipeTC3]{
		{"signed header values in the case they were sent in; they are signed in lower case", func(r *recipeTC3) { r.headerCase = true }},
		{"left out the empty line after the headers", func(r *recipeTC3) { r.noBlank = true }},
	}
	types := []string{"application/json", "application/json; charset=utf-8", "application/json;charset=utf-8", formType, "text/plain", ""}
	for _, t := range types {
		slips = append(slips, slip[recipeTC3]{fmt.Sprintf("signed the content type %q and sent %q", t, c.header.Get("Content-Type")),
			func(r *recipeTC3) { r.set("content-type", t) }})
	}
	return slips
}

// scopeSlips are other times and services.
func (c *call) scopeSlips() []slip[recipeTC3] {
	var slips []slip[recipeTC3]
	for _, s := range append([]string{"tcss", "sts", "cvm", "tencentcloudapi", ""}, c.hostLabels()...) {
		slips = append(slips, slip[recipeTC3]{fmt.Sprintf("used the service %q in the scope it signed", s), func(r *recipeTC3) { r.service = s }})
	}
	stamp, _ := strconv.ParseInt(c.timestamp, 10, 64) // It was checked before.
	for _, d := range []int64{-3, -2, -1, 1, 2, 3} {
		slips = append(slips, slip[recipeTC3]{fmt.Sprintf("signed a timestamp %+d s from the one in X-TC-Timestamp", d),
			func(r *recipeTC3) { r.timestamp = strconv.FormatInt(stamp+d, 10) }})
	}
	for _, d := range []int{-1, 1} {
		day := time.Unix(stamp, 0).UTC().AddDate(0, 0, d).Format(time.DateOnly)
		slips = append(slips, slip[recipeTC3]{"signed the local date " + day + "; it is the UTC one", func(r *recipeTC3) { r.date = day }})
	}
	return slips
}

// encodingSlips are other forms of the hashes.
func encodingSlips() []slip[recipeTC3] {
	return []slip[recipeTC3]{
		{"put the canonical request itself into the string to sign, not its hash", func(r *recipeTC3) { r.unhashed = true }},
		{"encoded the signature in base64; it is lower-case hex", func(r *recipeTC3) { r.encode = base64.StdEncoding.EncodeToString }},
		{"encoded the signature in upper-case hex; it is lower-case", func(r *recipeTC3) {
			r.encode = func(b []byte) string { return strings.ToUpper(hex.EncodeToString(b)) }
		}},
	}
}
