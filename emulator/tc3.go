package emulator

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// methodTC3 is the name of signature version 3.
const methodTC3 = "TC3-HMAC-SHA256"

// unsignedPayload stands for the hash of a body that is not signed.
const unsignedPayload = "UNSIGNED-PAYLOAD"

// contentHash is the header in which a client may say what its body hashes to.
const contentHash = "X-Tc-Content-Sha256"

// headersTC3 are the common parameters, each of which may stand once.
var headersTC3 = []string{
	"X-TC-Action", "X-TC-Version", "X-TC-Timestamp", "X-TC-Region", "X-TC-Token", "X-TC-Language", "Authorization",
}

// prepareTC3 checks the headers, without the key.
func (c *call) prepareTC3() *refusal {
	c.signing.Method = methodTC3
	auth := c.header.Get("Authorization")
	for _, name := range headersTC3 {
		if len(c.header.Values(name)) > 1 {
			return refuse(textRepeated, "{parameter}", name)
		}
	}
	for _, p := range []param{
		{"X-TC-Action", c.action}, {"X-TC-Version", c.version},
		{"X-TC-Timestamp", c.timestamp}, {"Authorization", auth},
	} {
		if p.value == "" {
			return refuse(textMissingHeader, "{parameter}", p.key)
		}
	}
	if r := checkNumber("X-TC-Timestamp", c.timestamp); r != nil {
		return r
	}
	if r := c.checkLanguage("X-TC-Language"); r != nil {
		return r
	}
	return c.parseAuthorization(auth)
}

// parseAuthorization takes the header apart and checks each part's form.
func (c *call) parseAuthorization(auth string) *refusal {
	rest, ok := strings.CutPrefix(auth, methodTC3+" ")
	if !ok {
		return badAuthorization("`Algorithm`")
	}
	credential, rest, ok := cutPart(rest, "Credential=")
	if !ok {
		return badAuthorization("`Credential`")
	}
	headers, rest, ok := cutPart(rest, "SignedHeaders=")
	if !ok {
		return badAuthorization("`SignedHeaders`")
	}
	signature, rest, ok := cutPart(rest, "Signature=")
	if !ok || rest != "" || signature == "" || strings.HasSuffix(auth, ",") {
		return badAuthorization("`Signature`")
	}
	c.signing.SignedHeaders, c.signing.Signature = headers, signature
	if r := c.parseCredential(credential); r != nil {
		return r
	}
	return c.checkSignedHeaders()
}

func badAuthorization(part string) *refusal {
	return refuse(textInvalidAuthorization, "{part}", part)
}

// cutPart takes name and its value, up to the comma, off the front of s.
func cutPart(s, name string) (value, rest string, ok bool) {
	s, ok = strings.CutPrefix(strings.TrimLeft(s, " "), name)
	value, rest, _ = strings.Cut(s, ",")
	return strings.TrimSpace(value), rest, ok
}

// parseCredential checks SecretId/date/service/tc3_request.
func (c *call) parseCredential(credential string) *refusal {
	p := strings.Split(credential, "/")
	if len(p) != 4 || p[0] == "" || p[3] != "tc3_request" {
		return badAuthorization("`Credential`")
	}
	c.secretID = p[0]
	c.signing.Scope = strings.Join(p[1:], "/")
	seconds, err := strconv.ParseInt(c.timestamp, 10, 64)
	if err == nil && p[1] != time.Unix(seconds, 0).UTC().Format(time.DateOnly) {
		return badAuthorization("`Date` in Credential")
	}
	if !isService(p[2]) && !slices.Contains(c.hostLabels(), p[2]) {
		return badAuthorization("`Service` in Credential")
	}
	return nil
}

// hostLabels are what an SDK that takes the service from its endpoint would
// take: the first label, with the port when there is no other.
func (c *call) hostLabels() []string {
	var labels []string
	for _, h := range c.hosts() {
		label, _, _ := strings.Cut(h, ".")
		labels = append(labels, label)
	}
	return labels
}

// checkSignedHeaders refuses a list without the two that must be signed, with
// one that the request does not have, or that is not sorted and without
// repetition.
func (c *call) checkSignedHeaders() *refusal {
	names := strings.Split(c.signing.SignedHeaders, ";")
	if !slices.Contains(names, "content-type") || !slices.Contains(names, "host") {
		return badAuthorization("`SignedHeaders`")
	}
	for i, n := range names {
		if i > 0 && names[i-1] >= n {
			return badAuthorization("`SignedHeaders`")
		}
		if n != "host" && len(c.header.Values(n)) == 0 {
			return badAuthorization("`SignedHeaders`")
		}
	}
	return nil
}

// verifyTC3 computes the signature and compares.
func (c *call) verifyTC3(cred credential) *refusal {
	for _, host := range c.hosts() {
		r := c.recipeTC3(host, cred.key)
		canonical := r.canonicalRequest()
		toSign := r.stringToSign(canonical)
		ok := hmac.Equal([]byte(r.signature(cred.derived.of(r), toSign)), []byte(c.signing.Signature))
		if ok || c.signing.StringToSign == "" {
			c.signing.CanonicalRequest, c.signing.CanonicalHash = canonical, hexHash([]byte(canonical))
			c.signing.StringToSign, c.signing.Verified = toSign, ok
		}
		if ok {
			return c.checkContentHash()
		}
	}
	return refuse(textSignatureFailure)
}

// recipeTC3 is how the call should have been signed. The path is always a
// slash, and the query is taken as it was sent.
func (c *call) recipeTC3(host, key string) recipeTC3 {
	date, rest, _ := strings.Cut(c.signing.Scope, "/")
	service, _, _ := strings.Cut(rest, "/")
	r := recipeTC3{
		method: c.method, path: "/", payload: c.payloadHash(), timestamp: c.timestamp,
		date: date, service: service, key: key,
	}
	if c.method == http.MethodGet {
		r.query = c.query
	}
	names := strings.Split(strings.ToLower(c.signing.SignedHeaders), ";")
	slices.Sort(names)
	for _, n := range slices.Compact(names) {
		v := host
		if n != "host" {
			v = strings.Join(c.header.Values(n), ",")
		}
		r.headers = append(r.headers, param{n, strings.TrimSpace(v)})
	}
	return r
}

// payloadHash is the hash of the body, of nothing for a GET, or of the word
// that says the body is not signed.
func (c *call) payloadHash() string {
	switch {
	case c.header.Get(contentHash) == unsignedPayload:
		return hexHash([]byte(unsignedPayload))
	case c.method == http.MethodGet:
		return hexHash(nil)
	}
	return hexHash(c.body)
}

// checkContentHash refuses a body hash that the client gave and got wrong.
func (c *call) checkContentHash() *refusal {
	if h := c.header.Get(contentHash); h != "" && h != unsignedPayload && h != c.payloadHash() {
		return refuse(textContentHash)
	}
	return nil
}

func mac(key []byte, s string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(s))
	return h.Sum(nil)
}

func hexHash(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
