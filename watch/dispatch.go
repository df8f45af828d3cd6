package watch

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

const (
	// sweepPatience is how long an unfinished sweep keeps the next from
	// beginning, lest a queue that is slower than the schedule grow without end.
	// It is the longest that either cloud lets a worker live.
	sweepPatience = 15 * time.Minute

	// tellEvery is how long what a sweep found may wait to be told while the
	// sweep goes on.
	tellEvery = time.Minute

	putsAtOnce = 16 // calls of Queue.Put
)

var errNoFanout = errors.New("no fanout is configured: there is no queue to hand accounts to")

// Dispatch is a run over all accounts that hands them to workers by the queue of
// [Runner.Fanout], and checks none itself. Then it tells what the last sweep
// left: what is owed, accounts that nobody reached, and those that left the
// configuration. It hands out nothing while a sweep is under way.
//
// It returns an error when it could hand out nothing at all, and tells all the
// same: accounts that a broken queue keeps unchecked are to be told, too.
func (r *Runner) Dispatch(ctx context.Context) (*Report, error) {
	switch {
	case r.Store == nil:
		return nil, errNoStore
	case r.Fanout == nil:
		return nil, errNoFanout
	}
	report := &Report{Began: r.now(), Whole: true}
	old, version, err := r.loadSweep(ctx)
	if err != nil {
		return nil, err
	}
	shares, unread := r.loadShares(ctx, &old)
	if unread != nil {
		report.Errs = append(report.Errs, unread)
	}
	if old.Ended.IsZero() && old.ID != "" && report.Began.Sub(old.Began) < sweepPatience && !old.Began.After(report.Began) {
		report.Errs = append(report.Errs, fmt.Errorf("the sweep that began at %s is still under way: nothing was handed out; if it often is, hand out more accounts a batch or run less often", old.Began.Format(time.RFC3339)))
		return r.tellSweep(ctx, report, false)
	}
	next := r.nextSweep(&old, shares, report.Began)
	data, err := encodeRecord(next, sweepKey)
	if err == nil {
		_, err = r.save(ctx, sweepKey, data, version)
	}
	switch {
	case errors.Is(err, ErrConflict):
		return report, nil // another dispatcher was first
	case err != nil:
		return nil, err
	}
	err = r.handOut(ctx, &next, report)
	r.closeSweep(ctx, &old, shares, report)
	if unread != nil {
		report.Completed = nil // what is not known is not called unchecked
	}
	return report, err
}

// nextSweep returns the sweep after old. It begins with the first batch of old
// that was not done.
func (r *Runner) nextSweep(old *Sweep, shares []share, now time.Time) Sweep {
	s := Sweep{Format: format, ID: newSweepID(now, rand.Text()), Began: now.UTC(), Accounts: len(r.Accounts), IDs: r.fingerprint(),
		Batch: r.Fanout.batch(), TellAt: now.Add(tellEvery).UTC()}
	if old.IDs != s.IDs {
		return s
	}
	for i := range shares {
		from, to := old.span(i)
		for batch := from; batch < to; batch++ {
			if !shares[i].Done.has(batch - from) {
				s.First = (old.First + batch*old.Batch) % s.Accounts
				return s
			}
		}
	}
	return s
}

// handOut puts the batches on the queue, and behind them a call to tell.
func (r *Runner) handOut(ctx context.Context, s *Sweep, report *Report) error {
	checking, _, cancel := r.checkingTime(ctx)
	defer cancel()
	numbers := make([]int, s.batches())
	for i := range numbers {
		numbers[i] = i
	}
	var mu sync.Mutex
	var fault error
	failed := 0
	each(putsAtOnce, slices.Collect(slices.Chunk(numbers, r.Fanout.Queue.Limits().Calls)), func(some []int) {
		calls := make([]Call, len(some))
		for i, batch := range some {
			calls[i].Body = r.callOf(s, batch)
		}
		faults := r.put(checking, calls)
		mu.Lock()
		defer mu.Unlock()
		for i, err := range faults {
			if err != nil {
				failed, fault = failed+1, err
				continue
			}
			report.HandedOut += len(r.of(s, some[i]))
		}
	})
	if failed > 0 {
		fault = fmt.Errorf("handing out accounts: %d of %d batches were not taken by the queue: %w", failed, s.batches(), fault)
		report.Errs = append(report.Errs, fault)
	}
	if failed > 0 && failed == s.batches() {
		_, err := r.changeSweep(ctx, s.ID, func(s *Sweep) bool { s.Ended = r.now().UTC(); return true })
		return errors.Join(fault, err)
	}
	r.tellLater(ctx, s.ID)
	return nil
}

// put puts calls on the queue while there is time.
func (r *Runner) put(ctx context.Context, calls []Call) []error {
	if err := ctx.Err(); err != nil {
		return slices.Repeat([]error{fmt.Errorf("no time was left: %w", err)}, len(calls))
	}
	return r.Fanout.Queue.Put(ctx, calls)
}

func (r *Runner) callOf(s *Sweep, batch int) []byte {
	c := call{Action: "check", Part: &Part{Sweep: s.ID, Batch: batch, Of: s.batches()}}
	for _, a := range r.of(s, batch) {
		c.Accounts = append(c.Accounts, a.ID)
	}
	return c.encode()
}

// closeSweep tells what the last sweep left, and which accounts left.
func (r *Runner) closeSweep(ctx context.Context, s *Sweep, shares []share, report *Report) {
	same := s.IDs == r.fingerprint()
	look := r.toLook(s, shares)
	if same {
		for i := range shares {
			look = append(look, r.ofShare(s, i, &shares[i], false)...)
		}
	}
	since := time.Time{}
	if same {
		since = s.Began
	}
	some, cancel := quarter(ctx)
	defer cancel()
	found, errs := r.findStale(some, look, since)
	report.Errs = append(report.Errs, errs...)
	owed := report.take(found)
	runs := r.lastRuns(ctx)
	left, listing := r.leaving(ctx, &runs, report)
	owed.add(report.take(left))
	r.tellAll(ctx, owed, report)
	report.Took = r.now().Sub(report.Began)
	if len(left) > 0 {
		listing.Leaving = r.retire(ctx, left, report)
	}
	var unfinished *Run
	if s.ID != "" {
		run := sweepRun(s, shares, report)
		report.Completed = &run
		if s.Ended.IsZero() {
			unfinished = &run
		}
	}
	r.saveSweepRun(ctx, unfinished, &listing, report)
}

// toLook returns the accounts that may owe something, by what was reported of
// the sweep: all of them where it had others than are configured now.
func (r *Runner) toLook(s *Sweep, shares []share) []*Account {
	if s.ID == "" {
		return nil
	}
	if s.IDs != r.fingerprint() {
		all := make([]*Account, len(r.Accounts))
		for i := range r.Accounts {
			all[i] = &r.Accounts[i]
		}
		return all
	}
	byID := r.byID()
	var look []*Account
	for i := range shares {
		if shares[i].All {
			look = append(look, r.ofShare(s, i, &shares[i], true)...)
		}
		for _, id := range shares[i].Look {
			if a := byID[id]; a != nil {
				look = append(look, a)
			}
		}
	}
	return look
}

// strangers returns the accounts to look at that are not configured here: a
// worker with a newer list checked them. To be told they need only their ids.
func (r *Runner) strangers(shares []share) []*Account {
	byID := r.byID()
	var some []*Account
	for i := range shares {
		for _, id := range shares[i].Look {
			if byID[id] == nil {
				some = append(some, &Account{ID: id})
			}
		}
	}
	return some
}
