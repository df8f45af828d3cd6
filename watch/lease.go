package watch

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// leaseKey is the record of the lease.
const leaseKey = "run/lease"

// LeaseTime is how long a lease lasts unless it is renewed: longer than a
// failover of the stores takes, and short beside a schedule.
const LeaseTime = 30 * time.Second

// ErrLeaseLost is the cause that ends the context of [Lease.Keep] early.
var ErrLeaseLost = errors.New("the lease was lost")

// A Lease lets one of several processes over a store do what one is enough for.
// Of any number of them at most one holds it at a time, and when that one dies
// another can have it [LeaseTime] later.
//
// No process compares its clock with another's. The holder's time is counted from
// before it wrote the record; the others count theirs from when they saw that
// write, and take the lease over when they have seen no newer one for as long.
// So clocks may be wrong, or jump, as long as they run at one speed. A process
// that comes new to a lease that nobody gave back waits once for that time.
//
// A Lease is of one process and is used by one goroutine at a time.
type Lease struct {
	Store  Store
	Holder string // this process, unlike any other's

	// Time is as [LeaseTime], its default; all processes must have the same.
	Time time.Duration

	// Now is the clock of the record's times, which are for people. It defaults
	// to time.Now.
	Now func() time.Time

	until  time.Time // when this process holds it no more, if it does not renew
	seen   string    // the version that another wrote last
	seenAt time.Time // since when it is known
}

// leaseRecord is what the store keeps. One that was given back has no Until.
type leaseRecord struct {
	Format int       `json:"format"`
	Holder string    `json:"holder"`
	Since  time.Time `json:"since"`
	Until  time.Time `json:"until,omitzero"`
}

// HeldError says that another process holds the lease.
type HeldError struct {
	Holder string
	Since  time.Time // by its own clock
}

// Error writes the error for a person.
func (e *HeldError) Error() string {
	return fmt.Sprintf("the lease is held by %.128q since %s", e.Holder, e.Since.Format(time.RFC3339))
}

// Acquire takes the lease, or renews it. The error is a [*HeldError] while
// another holds it. Any other is the store's: then this process holds the lease
// no longer than it did before, though its record may say so.
func (l *Lease) Acquire(ctx context.Context) error {
	for {
		began := time.Now()
		rec, version, err := l.load(ctx)
		if err != nil {
			return err
		}
		if rec.Holder != l.Holder && !rec.Until.IsZero() && !l.expired(version) {
			l.until = time.Time{}
			return &HeldError{rec.Holder, rec.Since}
		}
		now := l.now()
		if rec.Holder != l.Holder || rec.Until.IsZero() {
			rec.Holder, rec.Since = l.Holder, now
		}
		rec.Until = now.Add(l.time())
		err = l.save(ctx, rec, version)
		if err == nil {
			l.until = began.Add(l.time())
		}
		if !errors.Is(err, ErrConflict) {
			return err
		}
	}
}

// expired reports whether the version was the record's for as long as a lease
// lasts.
func (l *Lease) expired(version string) bool {
	if version != l.seen {
		l.seen, l.seenAt = version, time.Now()
	}
	return time.Since(l.seenAt) >= l.time()
}

// Held reports whether this process holds the lease now.
func (l *Lease) Held() bool { return time.Now().Before(l.until) }

// Keep renews a lease that was acquired until stop is called. The context that it
// returns ends when ctx does, or with the cause [ErrLeaseLost] when the lease is
// another's or has run out for want of the store.
func (l *Lease) Keep(ctx context.Context) (_ context.Context, stop func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		every := l.time() / 4
		for wait(ctx, min(every, time.Until(l.until))) {
			if err := l.renew(ctx, every); !l.Held() {
				cancel(errors.Join(ErrLeaseLost, err))
			}
		}
	}()
	return ctx, func() {
		cancel(context.Canceled)
		<-done
	}
}

// renew ends in time for another try, and no later than the lease.
func (l *Lease) renew(ctx context.Context, limit time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, min(limit, time.Until(l.until)))
	defer cancel()
	return l.Acquire(ctx)
}

// Release gives the lease back, if this process has it, so that no other waits.
func (l *Lease) Release(ctx context.Context) error {
	l.until = time.Time{}
	rec, version, err := l.load(ctx)
	if err != nil || rec.Holder != l.Holder || rec.Until.IsZero() {
		return err
	}
	rec.Until = time.Time{}
	if err := l.save(ctx, rec, version); !errors.Is(err, ErrConflict) {
		return err
	}
	return nil // another took it over
}

func (l *Lease) load(ctx context.Context) (rec leaseRecord, version string, err error) {
	data, version, err := l.Store.Load(ctx, leaseKey)
	switch {
	case errors.Is(err, ErrNotFound):
		return rec, "", nil
	case err != nil:
		return rec, "", err
	}
	return rec, version, decodeRecord(data, &rec, leaseKey)
}

func (l *Lease) save(ctx context.Context, rec leaseRecord, version string) error {
	rec.Format = format
	data, err := encodeRecord(rec, leaseKey)
	if err != nil {
		return err
	}
	_, err = l.Store.Save(ctx, leaseKey, data, version)
	return err
}

func (l *Lease) time() time.Duration {
	if l.Time == 0 {
		return LeaseTime
	}
	return l.Time
}

func (l *Lease) now() time.Time {
	if l.Now == nil {
		return time.Now().Round(0).UTC()
	}
	return l.Now().Round(0).UTC()
}
