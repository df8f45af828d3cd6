package credentials

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"

	"prowatch/tcss"
)

const (
	// margin is how long before its end a key is no longer handed out: a
	// request that is under way must not outlive it.
	margin = time.Minute

	// early is how long before its end a key is renewed at the latest.
	early = 5 * time.Minute

	// pause is the least time between two attempts to renew a key that is good
	// still, and how old a key must be to be renewed because it was refused.
	pause = time.Minute

	// flightTime bounds one attempt to get a key, whoever waits for it.
	flightTime = 20 * time.Second
)

// A Leased keeps a temporary key and renews it in time. Its methods are safe
// for use by many goroutines: those that need a new key at once wait for one
// attempt.
type Leased struct {
	get    func(context.Context) (tcss.Lease, error)
	now    func() time.Time
	random func() float64

	mu     sync.Mutex
	lease  tcss.Lease
	since  time.Time // when it was had
	renew  time.Time // when to get the next
	flight *flight   // nil where none is under way
}

// flight is one attempt to get a key.
type flight struct {
	done  chan struct{} // closed at its end
	lease tcss.Lease
	err   error
}

// NewLeased keeps what get returns. get's context lives as long as the attempt,
// not as long as who waits for it.
func NewLeased(get func(context.Context) (tcss.Lease, error)) *Leased {
	return &Leased{get: get, now: time.Now, random: rand.Float64}
}

// Credentials returns a key that is good for a minute at least. Where it cannot
// be renewed it stays in use as long as it is good.
func (l *Leased) Credentials(ctx context.Context) (tcss.Credentials, error) {
	l.mu.Lock()
	now := l.now()
	if now.Before(l.renew) && l.good(now) {
		defer l.mu.Unlock()
		return l.lease.Credentials, nil
	}
	f := l.flight
	if f == nil {
		f = &flight{done: make(chan struct{})}
		l.flight = f
		go l.fly(context.WithoutCancel(ctx), f)
	}
	l.mu.Unlock()
	select {
	case <-f.done:
	case <-ctx.Done():
		return tcss.Credentials{}, ctx.Err()
	}
	return f.lease.Credentials, f.err
}

// good reports whether the key can be handed out. The lock is held.
func (l *Leased) good(now time.Time) bool {
	return l.lease.SecretID != "" && now.Before(l.lease.Ends.Add(-margin))
}

// fly gets a key for all who wait.
func (l *Leased) fly(ctx context.Context, f *flight) {
	ctx, cancel := context.WithTimeout(ctx, flightTime)
	defer cancel()
	lease, err := l.get(ctx)
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	switch {
	case err == nil:
		l.lease, l.since, l.renew = lease, now, l.renewal(now, lease.Ends)
		f.lease = lease
	case l.good(now):
		l.renew = now.Add(pause)
		f.lease = l.lease
	default:
		f.err = err
	}
	l.flight = nil
	close(f.done)
}

// renewal returns when a key is to be renewed: after two thirds of its life,
// less up to a tenth by chance so that those had together are not renewed
// together, and 5 minutes before its end at the latest.
func (l *Leased) renewal(now, ends time.Time) time.Time {
	life := ends.Sub(now)
	at := now.Add(life * 2 / 3).Add(-time.Duration(l.random() * float64(life/10)))
	if latest := ends.Add(-early); at.After(latest) {
		at = latest
	}
	return at
}

// Refused says that the API does not take the key with that id, and reports
// whether another will be had instead: not if it is so new that the next would
// be no better.
func (l *Leased) Refused(_ context.Context, secretID string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.lease.SecretID != secretID:
		return l.lease.SecretID != "" // it was renewed meanwhile
	case l.now().Sub(l.since) < pause:
		return false
	}
	l.lease, l.renew = tcss.Lease{}, time.Time{}
	return true
}
