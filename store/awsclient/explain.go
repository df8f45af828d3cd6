package awsclient

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/aws/smithy-go"
)

// maxText is how much of a service's own words an error quotes, in bytes.
const maxText = 300

// mend says what to do about the answers that every service gives. DynamoDB and
// S3 have different names for them.
func mend(code string) string {
	switch code {
	case "UnrecognizedClientException", "InvalidSignatureException", "MissingAuthenticationTokenException",
		"InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken", "InvalidClientTokenId":
		return "check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and AWS_SESSION_TOKEN with temporary ones"
	case "ExpiredTokenException", "ExpiredToken":
		return "the credentials ran out: get new ones"
	case "RequestTimeTooSkewed", "RequestExpired":
		return "the clock of this machine is wrong: set it"
	}
	return ""
}

// Explain returns the error of a call in plain words with its mend. Of what the
// service answered it quotes the code and the first line; own may know the mend,
// or return "". The error holds no secret; it is ctx's own if ctx has ended.
func (s *Session) Explain(ctx context.Context, err error, own func(code, message string) string) error {
	var none missing
	var api smithy.APIError
	var unreachable *url.Error
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &none):
		return none
	case errors.As(err, &api):
		return s.explainAnswer(api, own)
	case errors.As(err, &unreachable):
		return fmt.Errorf("no answer from %s: %s; check the region, the endpoint and the way to it", host(unreachable.URL), s.quote(unreachable.Err.Error()))
	}
	return errors.New(s.quote(err.Error()))
}

func (s *Session) explainAnswer(api smithy.APIError, own func(code, message string) string) error {
	text := api.ErrorCode()
	if said := s.quote(api.ErrorMessage()); said != "" && said != text {
		text += ": " + said
	}
	for _, m := range []string{own(api.ErrorCode(), api.ErrorMessage()), mend(api.ErrorCode())} {
		if m != "" {
			return errors.New(text + "; " + m)
		}
	}
	return errors.New(text)
}

// quote returns the first line of what somebody else wrote, cut and redacted.
func (s *Session) quote(text string) string {
	text, _, _ = strings.Cut(strings.TrimSpace(s.redact(text)), "\n")
	if len(text) > maxText {
		text = strings.ToValidUTF8(text[:maxText], "") + "…"
	}
	return text
}

func host(rawURL string) string {
	u, err := url.Parse(rawURL)
	if err != nil {
		return "the server"
	}
	return u.Host
}
