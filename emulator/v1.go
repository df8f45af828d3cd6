package emulator

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"hash"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// methodsV1 are the hashes of the older signature. HmacSHA1 is the default.
var methodsV1 = map[string]func() hash.Hash{"HmacSHA1": sha1.New, "HmacSHA256": sha256.New}

// commonV1 are the parameters that belong to the protocol, not to an action.
var commonV1 = []string{
	"Action", "Version", "Timestamp", "Nonce", "SecretId", "Signature",
	"SignatureMethod", "Region", "Token", "Language", "RequestClient",
}

// prepareV1 checks the common parameters, without the key. A GET has them in
// its query and a POST in its body, never both.
func (c *call) prepareV1() *refusal {
	raw := c.query
	if c.method == http.MethodPost {
		raw = string(c.body)
	}
	form, r := parseForm(raw)
	if r != nil {
		return r
	}
	c.form = form
	c.action, c.version, c.timestamp = c.value("Action"), c.value("Version"), c.value("Timestamp")
	c.secretID, c.token, c.region = c.value("SecretId"), c.value("Token"), c.value("Region")
	c.setLanguage(c.value("Language"))
	c.signing.Signature = c.value("Signature")
	for _, name := range []string{"Action", "Version", "Timestamp", "Nonce", "SecretId", "Signature"} {
		if c.value(name) == "" {
			return refuse(textMissingParameter, "{parameter}", name)
		}
	}
	for _, name := range []string{"Timestamp", "Nonce"} {
		if r := checkNumber(name, c.value(name)); r != nil {
			return r
		}
	}
	if strings.Trim(c.value("Nonce"), "0") == "" {
		return refuse(textInvalidValue, "{parameter}", "Nonce")
	}
	if r := c.checkLanguage("Language"); r != nil {
		return r
	}
	return c.setMethodV1()
}

// value returns a parameter of the form, "" when it is not there.
func (c *call) value(key string) string {
	i := slices.IndexFunc(c.form, func(p param) bool { return p.key == key })
	if i < 0 {
		return ""
	}
	return c.form[i].value
}

func (c *call) setMethodV1() *refusal {
	m := c.value("SignatureMethod")
	if m == "" {
		m = "HmacSHA1"
	}
	if methodsV1[m] == nil {
		return refuse(textInvalidValue, "{parameter}", "SignatureMethod")
	}
	c.signing.Method = m
	return nil
}

// verifyV1 computes the signature and compares.
func (c *call) verifyV1(cred credential) *refusal {
	for _, host := range c.hosts() {
		r := c.recipeV1(host, cred.key)
		toSign := r.stringToSign()
		ok := hmac.Equal([]byte(r.signature(toSign)), []byte(c.signing.Signature))
		if ok || c.signing.StringToSign == "" {
			c.signing.StringToSign, c.signing.Verified = toSign, ok
		}
		if ok {
			return nil
		}
	}
	return refuse(textSignatureFailure)
}

// recipeV1 is how the call should have been signed. The path is the real one.
func (c *call) recipeV1(host, key string) recipeV1 {
	ps := slices.DeleteFunc(slices.Clone(c.form), func(p param) bool { return p.key == "Signature" })
	slices.SortFunc(ps, func(a, b param) int { return strings.Compare(a.key, b.key) })
	return recipeV1{method: c.method, host: host, path: c.path, pairs: ps, hash: c.signing.Method, key: key}
}

// recipeV1 is all that goes into an older signature.
type recipeV1 struct {
	method, host, path string
	pairs              []param // all but the signature, sorted
	hash               string  // HmacSHA1 or HmacSHA256
	key                string

	// What a client may do wrong; right is the zero value.
	escaped bool // values as they are in the URL
	encode  func([]byte) string
}

// stringToSign joins everything but the signature, values as they are before
// escaping and empty ones too.
func (r recipeV1) stringToSign() string {
	var b strings.Builder
	b.WriteString(r.method + r.host + r.path)
	for i, p := range r.pairs {
		b.WriteByte("?&"[min(i, 1)])
		v := p.value
		if r.escaped {
			v = url.QueryEscape(v)
		}
		b.WriteString(p.key + "=" + v)
	}
	return b.String()
}

func (r recipeV1) signature(toSign string) string {
	h := hmac.New(methodsV1[r.hash], []byte(r.key))
	h.Write([]byte(toSign))
	if r.encode != nil {
		return r.encode(h.Sum(nil))
	}
	return base64.StdEncoding.EncodeToString(h.Sum(nil))
}
