package emulator

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"hash"
	"net/http"
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
	c.secretID, c.token = c.value("SecretId"), c.value("Token")
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
func (c *call) verifyV1(key string) *refusal {
	for _, host := range c.hosts() {
		toSign := c.stringToSignV1(host)
		h := hmac.New(methodsV1[c.signing.Method], []byte(key))
		h.Write([]byte(toSign))
		want := base64.StdEncoding.EncodeToString(h.Sum(nil))
		ok := hmac.Equal([]byte(want), []byte(c.signing.Signature))
		if ok || c.signing.StringToSign == "" {
			c.signing.StringToSign, c.signing.Verified = toSign, ok
		}
		if ok {
			return nil
		}
	}
	return refuse(textSignatureFailure)
}

// stringToSignV1 joins everything but the signature, sorted, values as they
// are before escaping and empty ones too. The path is the real one.
func (c *call) stringToSignV1(host string) string {
	ps := slices.DeleteFunc(slices.Clone(c.form), func(p param) bool { return p.key == "Signature" })
	slices.SortFunc(ps, func(a, b param) int { return strings.Compare(a.key, b.key) })
	pairs := make([]string, len(ps))
	for i, p := range ps {
		pairs[i] = p.key + "=" + p.value
	}
	return c.method + host + c.path + "?" + strings.Join(pairs, "&")
}
