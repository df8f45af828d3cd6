package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Bounds of a key, in bytes, by the Standard Webhooks specification.
const (
	minKey = 24
	maxKey = 64
)

// secretPrefix begins a secret.
const secretPrefix = "whsec_"

// signer holds the keys that sign, each of them.
type signer [][]byte

// sign returns the webhook-signature header: for each key "v1," and the
// HMAC-SHA256 of id, time and body, with spaces between.
func (s signer) sign(id string, at time.Time, body []byte) string {
	signatures := make([]string, len(s))
	for i, key := range s {
		mac := hmac.New(sha256.New, key)
		fmt.Fprintf(mac, "%s.%d.%s", id, at.Unix(), body)
		signatures[i] = "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	}
	return strings.Join(signatures, " ")
}

// parseSecrets returns the keys of the setting, and the texts that must not be
// quoted: each secret with its prefix and without.
func parseSecrets(setting string) (signer, []string, error) {
	var keys signer
	var texts []string
	for secret := range strings.FieldsSeq(setting) {
		encoded, ok := strings.CutPrefix(secret, secretPrefix)
		if !ok {
			return nil, nil, errors.New(`secret: must begin with whsec_: make one with: echo "whsec_$(openssl rand -base64 32)"`)
		}
		key, err := base64.StdEncoding.DecodeString(encoded)
		if err != nil {
			return nil, nil, errors.New("secret: is no base64 after whsec_: check that it was copied whole")
		}
		if len(key) < minKey || len(key) > maxKey {
			return nil, nil, fmt.Errorf("secret: holds %d bytes, not %d to %d: make one with: echo \"whsec_$(openssl rand -base64 32)\"", len(key), minKey, maxKey)
		}
		keys = append(keys, key)
		texts = append(texts, secret, encoded)
	}
	return keys, texts, nil
}
