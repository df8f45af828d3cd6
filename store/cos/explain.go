package cos

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"

	"github.com/tencentyun/cos-go-sdk-v5"

	"prowatch/store/remote"
)

// mends say what to do about the codes of COS.
// https://www.tencentcloud.com/document/product/436/7730
var mends = map[string]string{
	"NoSuchBucket":          "create the bucket, or check its name and region",
	"AccessDenied":          "grant name/cos:GetBucket, GetBucketVersioning, GetObject, PutObject and DeleteMultipleObjects on the bucket",
	"InvalidAccessKeyId":    "check the SecretId of the credentials",
	"SignatureDoesNotMatch": "check the SecretKey of the credentials",
	"InvalidSecurity":       "check the token of the credentials",
	"ExpiredToken":          "the credentials ran out: get new ones",
	"RequestTimeTooSkewed":  "the clock of this machine is wrong: set it",
	"RequestIsExpired":      "the clock of this machine is wrong: set it",
	"UserAccountArrears":    "the account is in arrears: top it up",
}

// inner returns what the SDK wrapped in a type of its own, which hides it.
func inner(err error) error {
	var retried *cos.RetryError
	if errors.As(err, &retried) && len(retried.Errs) > 0 {
		return retried.Errs[len(retried.Errs)-1]
	}
	return err
}

// codeOf returns the code of COS's answer, "" for any other error.
func codeOf(err error) string {
	var answer *cos.ErrorResponse
	if errors.As(inner(err), &answer) {
		return answer.Code
	}
	return ""
}

// judge says what an error tells about a call.
func judge(err error) remote.Verdict {
	err = inner(err)
	var answer *cos.ErrorResponse
	var untrusted *tls.CertificateVerificationError
	var op *net.OpError
	switch {
	case errors.As(err, &answer):
		return judgeStatus(answer.Response.StatusCode)
	case errors.Is(err, errCredentials), errors.As(err, &untrusted):
		return remote.Final
	case errors.As(err, &op) && op.Op == "dial":
		return remote.Refused
	}
	return remote.Unsure
}

func judgeStatus(status int) remote.Verdict {
	switch {
	case status == http.StatusTooManyRequests:
		return remote.Refused
	case status >= http.StatusInternalServerError:
		return remote.Unsure
	}
	return remote.Final
}

// explain says an error in plain words with its mend and without a secret. It
// returns nil for nil, and the error of ctx if that has ended.
func (s *Store) explain(ctx context.Context, err error) error {
	err = inner(err)
	var answer *cos.ErrorResponse
	var request *url.Error
	var untrusted *tls.CertificateVerificationError
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &answer):
		return s.explainAnswer(answer)
	case errors.As(err, &request):
		err = request.Err
	}
	text := remote.Quote(err.Error(), s.sign.secrets()...)
	if errors.Is(err, errCredentials) {
		return errors.New(text)
	}
	mend := "check the region, the endpoint and the way to it"
	if errors.As(err, &untrusted) {
		mend = "set ca_file if the authority is a private one"
	}
	return fmt.Errorf("no answer from COS at %s: %s; %s", s.host, text, mend)
}

func (s *Store) explainAnswer(answer *cos.ErrorResponse) error {
	text := answer.Code
	if text == "" {
		text = "no code"
	}
	if said := remote.Quote(answer.Message, s.sign.secrets()...); said != "" {
		text += ": " + said
	}
	if mend := mends[answer.Code]; mend != "" {
		text += "; " + mend
	}
	return fmt.Errorf("COS at %s answered %d %s", s.host, answer.Response.StatusCode, text)
}
