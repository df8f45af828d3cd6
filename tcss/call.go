package tcss

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"prowatch/watch"
)

const (
	// maxAttempts is how often one call asks, unless the options say fewer.
	maxAttempts = 3

	// defaultTimeout bounds one attempt; the API answers within a second.
	defaultTimeout = 10 * time.Second
)

// waits returns the longest wait before the second and the third attempt. The
// real one is anything from zero to that, so that many clients that failed
// together do not come back together.
func waits() [maxAttempts - 1]time.Duration {
	return [...]time.Duration{500 * time.Millisecond, 1500 * time.Millisecond}
}

// call asks for the Response of action, again where that may help: with another
// key, too, where the API does not take one that can be renewed. It returns
// soon after ctx ends, with the failure of the last attempt.
func (c *Client) call(ctx context.Context, action string, params map[string]any) (json.RawMessage, *watch.Failure) {
	cred, f := c.credentials(ctx)
	if f != nil {
		return nil, f
	}
	response, f := c.callWith(ctx, action, params, cred)
	if f == nil || c.renew == nil || !keyRefused(f) || !c.renew(ctx, cred.SecretID) {
		return response, f
	}
	if cred, f = c.credentials(ctx); f != nil {
		return nil, f
	}
	return c.callWith(ctx, action, params, cred)
}

// keyRefused reports whether the API does not take the key, whatever is asked.
func keyRefused(f *watch.Failure) bool {
	switch f.Code {
	case "AuthFailure.SignatureExpire", "AuthFailure.UnauthorizedOperation":
		return false
	}
	return strings.HasPrefix(f.Code, "AuthFailure")
}

// callWith is call with one key.
func (c *Client) callWith(ctx context.Context, action string, params map[string]any, cred Credentials) (response json.RawMessage, last *watch.Failure) {
	for n := range c.attempts {
		if n > 0 && !c.pause(ctx, waits()[n-1]) {
			break
		}
		if c.limiters.Wait(ctx, cred.SecretID) != nil {
			if last == nil {
				last = c.stopped(ctx)
			}
			break
		}
		response, f := c.attempt(ctx, action, params, cred)
		if f == nil {
			return response, nil
		}
		last = f
		if !passing(f) {
			break
		}
	}
	return nil, last
}

// passing reports whether the same question may have another answer soon.
func passing(f *watch.Failure) bool {
	if strings.HasPrefix(f.Code, "ResourceNotFound") || slices.Contains(roleRefused, f.Code) {
		return false
	}
	return f.Class == watch.Throttled || f.Class == watch.Unavailable
}

// pause waits for a random part of longest. It returns false, at once, if ctx
// ends before that.
func (c *Client) pause(ctx context.Context, longest time.Duration) bool {
	d := time.Duration(c.random() * float64(longest))
	if end, ok := ctx.Deadline(); ok && time.Until(end) <= d {
		return false
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}

// attempt asks once, signed anew.
func (c *Client) attempt(ctx context.Context, action string, params map[string]any, cred Credentials) (json.RawMessage, *watch.Failure) {
	limited, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	status, body, err := c.send(limited, action, params, cred)
	if err != nil && ctx.Err() != nil {
		return nil, c.stopped(ctx)
	}
	if err != nil {
		return nil, cred.hide(unavailable(c.explain(err)))
	}
	// At the door, so that nothing cut out of the body can hold half a secret.
	body = []byte(cred.redactor().Replace(string(body)))
	response, f := decodeEnvelope(status, body)
	if f != nil && f.Code == "" && c.product.secret {
		f.Message = fmt.Sprintf("HTTP %d, no API answer", status)
	}
	if f != nil {
		return nil, cred.hide(f)
	}
	return response, nil
}

func unavailable(message string) *watch.Failure {
	return &watch.Failure{Class: watch.Unavailable, Message: message}
}
