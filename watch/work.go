package watch

import (
	"context"
	"fmt"
	"time"
)

// maxTells bounds the calls to tell that follow one another while a sweep goes
// on: as long as the next one waits for it.
const maxTells = int(sweepPatience / tellEvery)

// Work checks one batch of a sweep. What it makes owed is saved, and told by one
// worker for all: the one that completes the sweep, or every minute one that has
// something to tell. A batch that comes late, when its sweep is over, tells its
// own.
//
// An account that is not configured any more is left out; one that is not known
// to an Incomplete Runner is as one it did not come to. The error says that
// the batch is to be given to a worker again: what was done could not be
// written down, or time was short. Doing a batch twice does no harm.
func (r *Runner) Work(ctx context.Context, part Part, accounts ...string) (*Report, error) {
	if r.Store == nil {
		return nil, errNoStore
	}
	todo := make([]*Account, 0, len(accounts))
	byID := r.byID()
	var unknown []string
	for _, id := range accounts {
		if a := byID[id]; a != nil {
			todo = append(todo, a)
		} else if r.Incomplete {
			unknown = append(unknown, id)
		}
	}
	report := &Report{Began: r.now()}
	checks := r.checkAll(ctx, todo, 0)
	report.Accounts = make([]AccountReport, len(checks), len(checks)+len(unknown))
	var look []string
	for i := range checks {
		report.Accounts[i] = checks[i].AccountReport
		if len(checks[i].owes) > 0 || checks[i].Err != nil {
			look = append(look, checks[i].Account)
		}
	}
	for _, id := range unknown {
		report.Accounts = append(report.Accounts, AccountReport{Account: id, Skipped: true})
	}
	owed := report.take(checks)
	err := r.workDone(ctx, part, look, owed, report)
	report.Took = r.now().Sub(report.Began)
	if skipped := report.Counts().Skipped; err == nil && skipped > 0 {
		err = fmt.Errorf("%d of %d accounts were not come to: the batch is to be done again", skipped, len(accounts))
	}
	return report, err
}

// workDone writes down what was done of a batch, and tells if it is this
// worker's turn.
func (r *Runner) workDone(ctx context.Context, part Part, look []string, owed owing, report *Report) error {
	sweep, _, err := r.loadSweep(ctx)
	if err != nil {
		return err
	}
	if sweep.ID == "" || sweep.shares() == 0 || !sweep.Ended.IsZero() || sweep.ID < part.Sweep {
		r.tellAll(ctx, owed, report)
		return nil
	}
	complete, err := r.reported(ctx, &sweep, part, look, report)
	if err != nil {
		return err
	}
	if complete {
		i := part.Batch / size(sweep.batches())
		if sweep, err = r.changeSweep(ctx, sweep.ID, func(s *Sweep) bool {
			changed := !s.Done.has(i)
			s.Done.add(i)
			return changed
		}); err != nil {
			return err
		}
	}
	switch {
	case sweep.done() && sweep.Ended.IsZero():
		_, err = r.tellSweep(ctx, report, false)
	case len(owed) > 0 && r.myTurn(ctx, &sweep):
		_, err = r.tellSweep(ctx, report, false)
	}
	return err
}

// reported writes the batch into its share of the sweep, and reports whether
// that is complete. A batch of an older sweep leaves only whom to look at.
func (r *Runner) reported(ctx context.Context, s *Sweep, part Part, look []string, report *Report) (complete bool, err error) {
	own := s.ID == part.Sweep && part.Of == s.batches() && part.Batch < part.Of
	i := part.Batch / size(s.batches())
	if !own {
		i = part.Batch % s.shares()
	}
	from, to := s.span(i)
	c := report.Counts()
	key := shareKey(i)
	err = r.update(ctx, key, func(data []byte) ([]byte, error) {
		sh, err := decodeShare(data, key, s.ID)
		if err != nil {
			return nil, err
		}
		changed := sh.look(look)
		if own && c.Skipped == 0 && !sh.Done.has(part.Batch-from) {
			sh.Done.add(part.Batch - from)
			sh.Counts.Checked += c.Checked
			sh.Counts.Failed += c.Failed
			sh.Counts.Notices += c.Notices
			changed = true
		}
		complete = own && sh.Done.len() == to-from
		if !changed {
			return nil, nil
		}
		return encodeRecord(sh, key)
	})
	return complete, err
}

// myTurn reports whether this worker is the one that tells before the sweep is
// over: the first that has something to tell a minute after the last did.
func (r *Runner) myTurn(ctx context.Context, s *Sweep) bool {
	now := r.now()
	if now.Before(s.TellAt) {
		return false
	}
	mine := false
	_, err := r.changeSweep(ctx, s.ID, func(s *Sweep) bool {
		if mine = !now.Before(s.TellAt); mine {
			s.TellAt = now.Add(tellEvery).UTC()
		}
		return mine
	})
	return err == nil && mine
}

// TellSweep tells what the sweep under way, or the last one, left owed. Where
// none ever was it is [Runner.Tell]. It is the answer to the call to tell that
// Dispatch puts behind the batches, so that what is found waits no longer than
// two minutes whatever becomes of the workers.
func (r *Runner) TellSweep(ctx context.Context) (*Report, error) {
	if r.Store == nil {
		return nil, errNoStore
	}
	if r.Fanout == nil {
		return r.Tell(ctx)
	}
	return r.tellSweep(ctx, &Report{Began: r.now()}, true)
}

// tellSweep tells, and ends the sweep if all of it was done before; else, if
// that was asked for, it puts the next call to tell on the queue.
func (r *Runner) tellSweep(ctx context.Context, report *Report, next bool) (*Report, error) {
	s, _, err := r.loadSweep(ctx)
	if err != nil {
		return nil, err
	}
	if s.ID == "" {
		return r.Tell(ctx)
	}
	shares, err := r.loadShares(ctx, &s)
	if err != nil {
		return nil, err
	}
	r.tellAll(ctx, r.owing(ctx, append(r.toLook(&s, shares), r.strangers(shares)...), report), report)
	report.Took = r.now().Sub(report.Began)
	switch {
	case !s.Ended.IsZero():
	case s.done():
		run := sweepRun(&s, shares, report)
		run.Took = r.now().Sub(s.Began)
		report.Completed = &run
		r.saveSweepRun(ctx, &run, nil, report)
		_, err = r.changeSweep(ctx, s.ID, func(s *Sweep) bool { s.Ended = r.now().UTC(); return true })
	case next:
		r.tellLater(ctx, s.ID)
	}
	return report, err
}

// tellLater puts a call to tell on the queue, to be delivered in a minute. A
// queue that cannot wait gets none: there the schedule makes the call.
func (r *Runner) tellLater(ctx context.Context, sweep string) {
	if r.Fanout == nil || !r.Fanout.Queue.Limits().Delay {
		return
	}
	again := false
	s, err := r.changeSweep(ctx, sweep, func(s *Sweep) bool {
		again = s.Tells < maxTells && s.Ended.IsZero()
		s.Tells++
		return again
	})
	if err == nil && again && s.ID == sweep {
		r.put(ctx, []Call{{Body: call{Action: "tell"}.encode(), After: tellEvery}})
	}
}

// sweepRun is a sweep in figures. What was not done of it was skipped.
func sweepRun(s *Sweep, shares []share, report *Report) Run {
	run := Run{Began: s.Began, Took: report.Took, Whole: true, Counts: Counts{Accounts: s.Accounts}}
	for i := range shares {
		c := &shares[i].Counts
		run.Checked += c.Checked
		run.Failed += c.Failed
		run.Notices += c.Notices
	}
	run.Counts.Skipped = max(0, s.Accounts-run.Checked-run.Failed)
	told := report.Counts()
	run.Sent, run.Pending = told.Sent, told.Pending
	return run
}

// saveSweepRun adds a sweep to the last runs, once, and remembers the listing.
// Either may be nil.
func (r *Runner) saveSweepRun(ctx context.Context, run *Run, listing *Listing, report *Report) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), saveTime)
	defer cancel()
	err := r.update(ctx, runsKey, func(data []byte) ([]byte, error) {
		runs, err := DecodeRuns(data)
		if err != nil {
			return nil, err
		}
		runs.Format = format
		if listing != nil {
			runs.Listing = *listing
		}
		if run != nil && !runs.has(run.Began) {
			runs.add(*run)
		}
		return encodeRecord(runs, runsKey)
	})
	if err != nil {
		report.Errs = append(report.Errs, err)
	}
}

// has reports whether a run over all accounts that began then is remembered.
func (r *Runs) has(began time.Time) bool {
	for i := range r.Last {
		if r.Last[i].Whole && r.Last[i].Began.Equal(began) {
			return true
		}
	}
	return false
}
