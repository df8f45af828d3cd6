package awsclient

import (
	"errors"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
)

// Attempts is the retryer of one call. It notes whether an attempt that may
// have taken effect was followed by another, which then met its own work.
type Attempts struct {
	aws.RetryerV2
	unsure bool
}

// Attempts returns the retryer of one call. All share one quota of retries, so
// that a service which is down is not asked five times by everybody.
func (s *Session) Attempts() *Attempts { return &Attempts{RetryerV2: s.retryer} }

// Unsure reports whether an earlier attempt may have taken effect.
func (a *Attempts) Unsure() bool { return a.unsure }

// RetryDelay implements [aws.Retryer]: it is asked before each further attempt.
func (a *Attempts) RetryDelay(attempt int, err error) (time.Duration, error) {
	a.unsure = a.unsure || !refused(err)
	return a.RetryerV2.RetryDelay(attempt, err)
}

// refused reports whether the service certainly did nothing.
func refused(err error) bool {
	var answer *awshttp.ResponseError
	if !errors.As(err, &answer) {
		return false
	}
	throttled := retry.IsErrorThrottles(retry.DefaultThrottles).IsErrorThrottle(err).Bool()
	return throttled || answer.HTTPStatusCode()/100 == http.StatusBadRequest/100
}
