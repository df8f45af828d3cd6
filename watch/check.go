package watch

import (
	"context"
	"errors"
	"time"
)

// askEnough is how much of a run a source must have used to have failed, rather
// than to have been cut off.
const askEnough = 5 * time.Second

// check is what phase one found of an account.
type check struct {
	AccountReport
	notices []Notice
	owes    []string // channels, one for each open receipt
}

// check loads, asks, steps and saves. A lost race starts over from a fresh
// load, with what was seen: the other run's step may have made it stale. The
// record may be loaded already; nil if it is not.
func (r *Runner) check(ctx context.Context, a *Account, least time.Duration, loaded func() *Loaded) check {
	c := check{AccountReport: AccountReport{Account: a.ID}}
	began := time.Now()
	if !enoughTime(ctx, least) {
		c.Skipped = true
		return c
	}
	var obs *Observation
	c.Err = r.updateFrom(ctx, accountKey(a.ID), loaded(), func(data []byte) ([]byte, error) {
		rec, err := r.recordOf(data, a.ID)
		if err != nil {
			return nil, err
		}
		if obs == nil {
			if obs = r.ask(ctx, a); obs == nil {
				c.Skipped = true
				return nil, nil
			}
			c.Failure = obs.Failure
		}
		next, changed := r.step(rec, *obs, a, &c)
		if !changed || r.DryRun {
			return nil, nil
		}
		return next.Encode()
	})
	if c.Err != nil {
		c.notices, c.owes = nil, nil
	}
	c.Took = time.Since(began)
	return c
}

// enoughTime reports whether an account may still be started.
func enoughTime(ctx context.Context, least time.Duration) bool {
	deadline, ok := ctx.Deadline()
	return ctx.Err() == nil && (!ok || time.Until(deadline) >= least)
}

// recordOf decodes the record of a configured account; no data is a new record.
// An account that had left and came back is new but for what it still owes.
func (r *Runner) recordOf(data []byte, id string) (Record, error) {
	if data == nil {
		return NewRecord(id), nil
	}
	rec, err := DecodeRecord(data, id)
	if err == nil && !rec.RemovedAt.IsZero() {
		back := NewRecord(id)
		back.Seq, back.Ledger = rec.Seq, rec.Ledger
		return back, nil
	}
	return rec, err
}

// ask observes the account, nil where the run was stopped meanwhile.
func (r *Runner) ask(ctx context.Context, a *Account) *Observation {
	obs := &Observation{At: r.now().Truncate(time.Millisecond)}
	began := time.Now()
	reading, err := a.Source.Read(ctx)
	switch {
	case err == nil:
		obs.Reading = reading
	case ctx.Err() != nil && !(errors.Is(ctx.Err(), context.DeadlineExceeded) && time.Since(began) >= askEnough):
		return nil
	default:
		obs.Failure = failureOf(err)
	}
	return obs
}

// step applies the rules, and writes what they said into the ledger.
func (r *Runner) step(rec Record, obs Observation, a *Account, c *check) (Record, bool) {
	s := step{Record: rec, obs: obs, pol: &a.Policy, now: obs.At}
	changed := s.run()
	changed = r.rehome(&s.Record) || changed
	for i := range s.notices {
		s.notices[i].Labels = a.Labels
		r.owe(&s.Record, &s.notices[i], rec.Problems, "")
	}
	s.trim()
	c.notices, c.owes = s.notices, s.owes()
	c.Status, c.Problems, c.Dead = s.Believed.Status, s.Problems, s.dead()
	if s.Believed.EndTime != "" {
		c.EndTime = s.end(s.Believed.EndTime)
	}
	return s.Record, changed
}

func accountKey(id string) string { return "account/" + id }
