package dingtalk

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// secretPrefix begins every secret that DingTalk gives out.
const secretPrefix = "SEC"

// parseSecret returns the secret of the setting, "" for none. One of another
// robot or a keyword in its place would be found out at the first alarm only.
func parseSecret(setting string) (string, error) {
	secret := strings.TrimSpace(setting)
	if secret != "" && !strings.HasPrefix(secret, secretPrefix) {
		return "", errors.New("secret: must begin with SEC: copy it whole from the robot's security setting 加签 (signature)")
	}
	return secret, nil
}

// signed returns u with the time and the signature in the query, which the
// robot takes for an hour.
func signed(u *url.URL, now time.Time, secret string) *url.URL {
	if secret == "" {
		return u
	}
	stamp := strconv.FormatInt(now.UnixMilli(), 10)
	q := u.Query()
	q.Set("timestamp", stamp)
	q.Set("sign", sign(stamp, secret))
	s := *u
	s.RawQuery = q.Encode()
	return &s
}

// sign returns the signature of a time in milliseconds since 1970.
func sign(stamp, secret string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(stamp + "\n" + secret))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
