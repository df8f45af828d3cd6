package httpapi

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"slices"
	"strings"
)

// keys are the signing keys, one for each use, so that what is signed for one
// is worth nothing for another.
type keys struct {
	token   []byte // names tokens in cookies
	session []byte
	form    []byte // against forged forms
	login   []byte // the same before there is a session
	link    []byte
}

// newKeys derives the keys from the configured one. Where there is none the
// tokens stand for it: they are the same in every instance and after a restart,
// and whoever holds all of them may sign anything.
func newKeys(signingKey string, tokens []Token) keys {
	root := []byte("key\n" + signingKey)
	if signingKey == "" {
		var sums []string
		for _, t := range tokens {
			sum := sha256.Sum256([]byte(t.Token))
			sums = append(sums, string(sum[:]))
		}
		slices.Sort(sums)
		root = []byte("tokens\n" + strings.Join(sums, ""))
	}
	derive := func(use string) []byte { return mac(root, "prowatch "+use) }
	return keys{token: derive("token"), session: derive("session"), form: derive("form"), login: derive("login"), link: derive("link")}
}

// mac is HMAC-SHA256.
func mac(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	io.WriteString(h, text)
	return h.Sum(nil)
}

// sign returns the signature of a text: 43 characters of a URL's alphabet.
func sign(key []byte, text string) string {
	return base64.RawURLEncoding.EncodeToString(mac(key, text))
}

// signed reports in constant time whether the signature is that of the text.
func signed(key []byte, text, signature string) bool {
	return hmac.Equal([]byte(sign(key, text)), []byte(signature))
}

// nonce returns random text of n bytes.
func (a *api) nonce(n int) string {
	b := make([]byte, n)
	if _, err := io.ReadFull(a.Random, b); err != nil {
		panic("no randomness: " + err.Error()) // crypto/rand ends the process in its place
	}
	return base64.RawURLEncoding.EncodeToString(b)
}
