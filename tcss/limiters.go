package tcss

import (
	"context"
	"maps"
	"sync"

	"golang.org/x/time/rate"
)

// The API takes 20 requests a second of a credential
// (https://tencentcloud.com/document/product/1163/53124). A burst of 2 and
// 18 a second after it are at most 20 in any second, wherever it begins.
const (
	perSecond = 18
	burst     = 2

	// burstPart is which part of a higher rate may come at once.
	burstPart = 10
)

// maxLimiters is how many credentials are kept before idle ones are forgotten;
// temporary keys have a new id every hour.
const maxLimiters = 1024

// Limiters keep each credential within the API's rate. Clients that may share
// a credential should share one Limiters. The zero value is ready to use, by
// many goroutines.
type Limiters struct {
	mu   sync.Mutex
	byID map[string]*rate.Limiter

	perSecond rate.Limit // 0 is that of TCSS
}

// rate returns how many requests a second are let through, after a burst.
func (l *Limiters) rate() (rate.Limit, int) {
	if l.perSecond == 0 {
		return perSecond, burst
	}
	return l.perSecond, max(burst, int(l.perSecond/burstPart))
}

// Wait returns when a request with the credential may be sent. It returns an
// error at once if that would be after ctx ends.
func (l *Limiters) Wait(ctx context.Context, secretID string) error {
	return l.of(secretID).Wait(ctx)
}

func (l *Limiters) of(secretID string) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	if r := l.byID[secretID]; r != nil {
		return r
	}
	if l.byID == nil {
		l.byID = map[string]*rate.Limiter{}
	}
	if len(l.byID) >= maxLimiters {
		// A full one has forgotten every request, so a new one is its equal.
		maps.DeleteFunc(l.byID, func(_ string, r *rate.Limiter) bool { return r.Tokens() >= float64(r.Burst()) })
	}
	r := rate.NewLimiter(l.rate())
	l.byID[secretID] = r
	return r
}
