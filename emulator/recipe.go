package emulator

import (
	"encoding/hex"
	"slices"
	"strings"
)

// recipeTC3 is all that goes into a TC3 signature, so that each part can be
// changed to see what a client did.
type recipeTC3 struct {
	method, path, query string
	headers             []param // names in lower case and sorted, values trimmed
	payload             string  // the body's hash in hex
	timestamp           string
	date, service       string // of the scope
	key                 string

	// What a client may do wrong; right is the zero value.
	headerCase bool                // values left in the case they were sent in
	noBlank    bool                // no empty line after the headers
	unhashed   bool                // the canonical request itself signed
	noPrefix   bool                // the key without TC3 before it
	hexKeys    bool                // each derived key taken as its hex text
	encode     func([]byte) string // other than lower-case hex
}

// canonicalRequest is the text whose hash is signed.
func (r recipeTC3) canonicalRequest() string {
	var b strings.Builder
	b.Grow(256)
	for _, s := range []string{r.method, r.path, r.query} {
		b.WriteString(s)
		b.WriteByte('\n')
	}
	for _, h := range r.headers {
		v := h.value
		if !r.headerCase {
			v = strings.ToLower(v)
		}
		b.WriteString(h.key + ":" + v + "\n")
	}
	if !r.noBlank {
		b.WriteByte('\n')
	}
	for i, h := range r.headers {
		if i > 0 {
			b.WriteByte(';')
		}
		b.WriteString(h.key)
	}
	b.WriteString("\n" + r.payload)
	return b.String()
}

func (r recipeTC3) scope() string { return r.date + "/" + r.service + "/tc3_request" }

// stringToSign is what the derived key is applied to. canonical is what
// canonicalRequest returns.
func (r recipeTC3) stringToSign(canonical string) string {
	last := canonical
	if !r.unhashed {
		last = hexHash([]byte(canonical))
	}
	return methodTC3 + "\n" + r.timestamp + "\n" + r.scope() + "\n" + last
}

// derivation is one step from the secret key to the signing key.
type derivation struct {
	name, message string
	key           []byte // its result
}

// derive returns the steps to the signing key, which is the last one's.
func (r recipeTC3) derive() []derivation {
	key := []byte("TC3" + r.key)
	if r.noPrefix {
		key = []byte(r.key)
	}
	steps := []derivation{{name: "SecretDate", message: r.date}, {name: "SecretService", message: r.service}, {name: "SecretSigning", message: "tc3_request"}}
	for i := range steps {
		key = mac(key, steps[i].message)
		if r.hexKeys {
			key = []byte(hex.EncodeToString(key))
		}
		steps[i].key = key
	}
	return steps
}

func (r recipeTC3) signingKey() []byte {
	steps := r.derive()
	return steps[len(steps)-1].key
}

func (r recipeTC3) signature(signingKey []byte, toSign string) string {
	sum := mac(signingKey, toSign)
	if r.encode != nil {
		return r.encode(sum)
	}
	return hex.EncodeToString(sum)
}

// set changes the value of a header.
func (r *recipeTC3) set(name, value string) {
	r.headers = slices.Clone(r.headers)
	for i := range r.headers {
		if r.headers[i].key == name {
			r.headers[i].value = value
		}
	}
}
