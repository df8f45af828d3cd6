package scftest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// authorization is the header of the signature's method 3.
var authorization = regexp.MustCompile(`^TC3-HMAC-SHA256 Credential=([^/]+)/(\d{4}-\d\d-\d\d)/scf/tc3_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$`)

// verify returns the code and message that a bad signature is refused with.
func (p *Platform) verify(r *http.Request, body []byte, now time.Time) (code, message string) {
	m := authorization.FindStringSubmatch(r.Header.Get("Authorization"))
	seconds, err := strconv.ParseInt(r.Header.Get("X-TC-Timestamp"), 10, 64)
	switch {
	case m == nil || r.Method != http.MethodPost || r.URL.Path != "/":
		return "AuthFailure.InvalidAuthorization", "the Authorization header is malformed"
	case err != nil || now.Sub(time.Unix(seconds, 0)).Abs() > 5*time.Minute || time.Unix(seconds, 0).UTC().Format(time.DateOnly) != m[2]:
		return "AuthFailure.SignatureExpire", "the timestamp is over five minutes off"
	case m[1] != p.SecretID:
		return "AuthFailure.SecretIdNotFound", "the SecretId is not found"
	case r.Header.Get("X-TC-Token") != p.Token:
		return "AuthFailure.TokenFailure", "the token is wrong"
	case m[4] != p.sign(r, body, m[2], m[3], seconds):
		return "AuthFailure.SignatureFailure", "the signature does not match"
	}
	return "", ""
}

func (p *Platform) sign(r *http.Request, body []byte, date, signedHeaders string, seconds int64) string {
	var headers strings.Builder
	for _, name := range strings.Split(signedHeaders, ";") {
		value := r.Header.Get(name)
		if name == "host" {
			value = r.Host
		}
		headers.WriteString(name + ":" + strings.ToLower(strings.TrimSpace(value)) + "\n")
	}
	canonical := strings.Join([]string{r.Method, r.URL.Path, r.URL.RawQuery, headers.String(), signedHeaders, hash(body)}, "\n")
	text := strings.Join([]string{"TC3-HMAC-SHA256", strconv.FormatInt(seconds, 10), date + "/scf/tc3_request", hash([]byte(canonical))}, "\n")
	key := []byte("TC3" + p.SecretKey)
	for _, part := range []string{date, "scf", "tc3_request", text} {
		h := hmac.New(sha256.New, key)
		h.Write([]byte(part))
		key = h.Sum(nil)
	}
	return hex.EncodeToString(key)
}

func hash(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
