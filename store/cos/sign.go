package cos

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/tencentyun/cos-go-sdk-v5"
)

// signedFor is how long a signature holds: long enough for a clock that is a
// little late, and far less than a day, so that no request can arrive after
// what it must not overwrite was removed.
const signedFor = 30 * time.Minute

// errCredentials is the kind of errors that come before a request.
var errCredentials = errors.New("no Tencent Cloud credentials")

// A signer signs requests and hands them on.
type signer struct {
	credentials func(context.Context) (Credentials, error)
	now         func() time.Time
	next        http.RoundTripper
	last        atomic.Pointer[Credentials] // to be kept out of errors
}

// RoundTrip implements [http.RoundTripper].
func (s *signer) RoundTrip(req *http.Request) (*http.Response, error) {
	c, err := s.credentials(req.Context())
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errCredentials, err)
	}
	if c.SecretID == "" || c.SecretKey == "" {
		return nil, fmt.Errorf("%w: give the function an execution role, or set them", errCredentials)
	}
	s.last.Store(&c)
	req = req.Clone(req.Context())
	begin := s.now()
	end := begin.Add(signedFor)
	cos.AddAuthorizationHeader(c.SecretID, c.SecretKey, c.Token, req,
		&cos.AuthTime{SignStartTime: begin, SignEndTime: end, KeyStartTime: begin, KeyEndTime: end})
	return s.next.RoundTrip(req)
}

// secrets returns what no error may hold.
func (s *signer) secrets() []string {
	if c := s.last.Load(); c != nil {
		return []string{c.SecretKey, c.Token}
	}
	return nil
}
