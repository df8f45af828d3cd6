package feishu

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"time"
)

// sign returns the time in seconds since 1970 and the signature, which go into
// the body and hold for an hour; both are "" without a secret. The time and the
// secret are the key here, and nothing is what it signs.
func sign(now time.Time, secret string) (stamp, signature string) {
	if secret == "" {
		return "", ""
	}
	stamp = strconv.FormatInt(now.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(stamp+"\n"+secret))
	return stamp, base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
