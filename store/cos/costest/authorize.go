package costest

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tencentyun/cos-go-sdk-v5"
)

// authorize checks a signature by making it again with the SDK. It returns the
// code and the text of a refusal.
// https://www.tencentcloud.com/document/product/436/7778
func (b *Bucket) authorize(req *http.Request) (code, text string) {
	given := req.Header.Get("Authorization")
	if given == "" {
		return "AccessDenied", "Access Denied."
	}
	fields := map[string]string{}
	for pair := range strings.SplitSeq(given, "&") {
		name, value, _ := strings.Cut(pair, "=")
		fields[name] = value
	}
	signed, ok := parseTimes(fields["q-sign-time"], fields["q-key-time"])
	switch {
	case !ok:
		return "InvalidArgument", "q-sign-time or q-key-time"
	case fields["q-ak"] != b.SecretID:
		return "InvalidAccessKeyId", "The access key Id format you provided is invalid."
	case b.now().Before(signed.SignStartTime.Add(-clockSkew)):
		return "RequestTimeTooSkewed", "The difference between the request time and the current time is too large."
	case b.now().After(signed.SignEndTime):
		return "RequestIsExpired", "Request has expired"
	case req.Header.Get("x-cos-security-token") != b.Token:
		return "InvalidSecurity", "The token is invalid."
	}
	if b.sign(req, fields["q-header-list"], signed) != given {
		return "SignatureDoesNotMatch", "The Signature you specified is invalid."
	}
	return "", ""
}

// clockSkew is how far ahead a client's clock may be.
const clockSkew = 15 * time.Minute

// sign returns the Authorization that the request should have, over the headers
// that it says it signed.
func (b *Bucket) sign(req *http.Request, headers string, at cos.AuthTime) string {
	again := req.Clone(req.Context())
	again.Header = http.Header{}
	names := strings.Split(headers, ";")
	for name, values := range req.Header {
		if slices.Contains(names, strings.ToLower(name)) {
			again.Header[name] = values
		}
	}
	if slices.Contains(names, "content-length") {
		again.Header.Set("Content-Length", strconv.FormatInt(req.ContentLength, 10))
	}
	cos.AddAuthorizationHeader(b.SecretID, b.SecretKey, b.Token, again, &at)
	return again.Header.Get("Authorization")
}

func parseTimes(sign, key string) (at cos.AuthTime, ok bool) {
	var err error
	for _, f := range []struct {
		span       string
		begin, end *time.Time
	}{{sign, &at.SignStartTime, &at.SignEndTime}, {key, &at.KeyStartTime, &at.KeyEndTime}} {
		begin, end, found := strings.Cut(f.span, ";")
		if *f.begin, err = parseUnix(begin); err != nil || !found {
			return at, false
		}
		if *f.end, err = parseUnix(end); err != nil {
			return at, false
		}
	}
	return at, true
}

func parseUnix(text string) (time.Time, error) {
	seconds, err := strconv.ParseInt(text, 10, 64)
	return time.Unix(seconds, 0), err
}
