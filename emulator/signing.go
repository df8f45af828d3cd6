package emulator

import (
	"net"
	"strconv"
	"strings"
	"time"
)

// skew is how far a timestamp may be from the machine's clock, either way
// (https://tencentcloud.com/document/product/1209/56023).
const skew = 5 * time.Minute

// Signing is how a request was signed, step by step, as the emulator computed
// it. It holds neither a key nor the signature that would have been right.
type Signing struct {
	// Method is TC3-HMAC-SHA256, HmacSHA1 or HmacSHA256, or "" when the
	// request was refused before its method was known.
	Method string `json:"method,omitempty"`
	// SecretID names the account.
	SecretID string `json:"secret_id,omitempty"`
	// Scope is date/service/tc3_request (TC3 only).
	Scope string `json:"scope,omitempty"`
	// SignedHeaders are their names, as sent (TC3 only).
	SignedHeaders string `json:"signed_headers,omitempty"`
	// CanonicalRequest is the request in the form that is hashed (TC3 only).
	CanonicalRequest string `json:"canonical_request,omitempty"`
	// CanonicalHash is its SHA-256, in hex (TC3 only).
	CanonicalHash string `json:"canonical_hash,omitempty"`
	// StringToSign is what the key is applied to.
	StringToSign string `json:"string_to_sign,omitempty"`
	// Signature is the one the client sent.
	Signature string `json:"signature,omitempty"`
	// Verified says that the signature was right.
	Verified bool `json:"verified"`
	// Hints say what would have made a wrong signature right.
	Hints []Hint `json:"hints,omitempty"`
}

// authenticate runs the checks of either protocol up to the signature, and
// returns the credential that lookUp has for the call.
func (c *call) authenticate(now time.Time, lookUp func(id string) (credential, bool)) (credential, *refusal) {
	prepare, verify := c.prepareV1, c.verifyV1
	if c.tc3 {
		prepare, verify = c.prepareTC3, c.verifyTC3
	}
	if r := prepare(); r != nil {
		return credential{}, r
	}
	c.signing.SecretID = c.secretID
	if c.expired(now) {
		return credential{}, refuse(textSignatureExpire)
	}
	cred, ok := lookUp(c.secretID)
	if !ok {
		return credential{}, refuse(textSecretIDNotFound)
	}
	return cred, verify(cred)
}

// expired reports whether the timestamp, known to be a number, is too far off.
func (c *call) expired(now time.Time) bool {
	t, err := strconv.ParseInt(c.timestamp, 10, 64)
	if err != nil { // Beyond 63 bits: some billions of years from now.
		return true
	}
	return t < now.Add(-skew).Unix() || t > now.Add(skew).Unix()
}

// hosts are the values the client may have signed as its host: what the header
// says, and the same without the port, which the Node SDK leaves out; a version
// 6 address keeps its brackets.
func (c *call) hosts() []string {
	if name, port, err := net.SplitHostPort(c.host); err == nil && port != "" {
		if strings.Contains(name, ":") {
			name = "[" + name + "]"
		}
		return []string{c.host, name}
	}
	return []string{c.host}
}
