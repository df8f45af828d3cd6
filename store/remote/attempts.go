package remote

import (
	"context"
	"time"
)

// How a call is tried: a run has seconds, not minutes, and a server that is
// started again is back within about one.
const (
	maxAttempts = 5
	firstWait   = 100 * time.Millisecond // doubled each time, 1.5 s in all

	// attemptTimeout is how long one attempt may take, so that a connection
	// that went dead is tried anew. A call takes milliseconds.
	attemptTimeout = 10 * time.Second
)

// A Verdict is what an error says about a call.
type Verdict int

// The verdicts.
const (
	Final   Verdict = iota // another attempt would not help
	Refused                // nothing was done, and another attempt may help
	Unsure                 // the same, but it may have been done
)

// Try calls f until the verdict on its error is [Final] or ctx ends, at most
// five times. It returns the last error, that of ctx if it ended, and whether
// an attempt before the last one may have taken effect.
func Try(ctx context.Context, judge func(error) Verdict, f func(context.Context) error) (unsure bool, err error) {
	wait := firstWait
	for attempt := 1; ; attempt++ {
		err := once(ctx, f)
		if ctx.Err() != nil && err != nil {
			return unsure, ctx.Err()
		}
		verdict := Final
		if err != nil {
			verdict = judge(err)
		}
		if verdict == Final || attempt == maxAttempts {
			return unsure, err
		}
		unsure = unsure || verdict == Unsure
		select {
		case <-ctx.Done():
			return unsure, ctx.Err()
		case <-time.After(wait):
			wait *= 2
		}
	}
}

func once(ctx context.Context, f func(context.Context) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, attemptTimeout)
	defer cancel()
	return f(ctx)
}
