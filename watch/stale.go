package watch

import (
	"context"
	"sync"
	"time"
)

// known takes in that the account was checked: it is not new any more, and not
// stale.
func (s *step) known() {
	s.KnownAt = time.Time{}
	if s.find(ProblemStale) >= 0 {
		s.emit(Notice{Type: AccountChecked, Severity: Info, Resolves: []string{ProblemStale}})
	}
}

// overdue reports whether the account went unchecked for longer than its policy
// allows, and nobody was told.
func (r *Record) overdue(pol *Policy, now time.Time) bool {
	last := r.SeenAt
	if last.IsZero() {
		last = r.KnownAt
	}
	return !last.IsZero() && now.Sub(last) >= time.Duration(pol.StaleAfter) && r.find(ProblemStale) < 0
}

// unchecked looks at the accounts that this run did not come to, or could not
// keep the check of. It has a part of the time that is left.
func (r *Runner) unchecked(ctx context.Context, todo []*Account, report *Report) []check {
	var left []*Account
	for i := range report.Accounts {
		if a := &report.Accounts[i]; a.Skipped || a.Err != nil {
			left = append(left, todo[i])
		}
	}
	if len(left) == 0 {
		return nil
	}
	ctx, cancel := quarter(ctx)
	defer cancel()
	// What cannot be read is in the report already, as the check's own fault.
	found, _ := r.findStale(ctx, left, report.Began)
	return found
}

// quarter returns ctx with a quarter of the time that is left.
func quarter(ctx context.Context) (context.Context, context.CancelFunc) {
	deadline, ok := ctx.Deadline()
	if !ok {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, time.Until(deadline)/4)
}

// findStale looks at accounts that nobody checked: it tells those that went
// unchecked for too long, and writes down since when one waits that has no
// record yet, if that is known. It returns what it found of each: the notice, and
// what the account owes. It goes as far as its time lets it.
func (r *Runner) findStale(ctx context.Context, accounts []*Account, since time.Time) (found []check, errs []error) {
	byKey := make(map[string]*Account, len(accounts))
	keys := make([]string, len(accounts))
	for i, a := range accounts {
		keys[i] = accountKey(a.ID)
		byKey[keys[i]] = a
	}
	now := r.now().Truncate(time.Millisecond)
	var act []*Account
	loadMany(ctx, r.Store, r.concurrency(), keys, func(key string, data []byte, err error) {
		a := byKey[key]
		rec, err := r.recordOr(data, a.ID, err)
		switch {
		case err != nil:
			if ctx.Err() == nil {
				errs = append(errs, err)
			}
		case data == nil && !since.IsZero(), data != nil && rec.overdue(&a.Policy, now):
			act = append(act, a)
		default:
			found = append(found, check{AccountReport: AccountReport{Account: a.ID}, owes: rec.owes()})
		}
	})
	var mu sync.Mutex
	each(r.concurrency(), act, func(a *Account) {
		c := r.tellStale(ctx, a, now, since)
		mu.Lock()
		defer mu.Unlock()
		if c.Err == nil {
			found = append(found, c)
		} else if ctx.Err() == nil {
			errs = append(errs, c.Err)
		}
	})
	return found, errs
}

// recordOr decodes a record that was loaded, or hands on why it was not.
func (r *Runner) recordOr(data []byte, id string, err error) (Record, error) {
	if err != nil {
		return Record{}, err
	}
	return r.recordOf(data, id)
}

// tellStale writes what findStale found of one account into its record, as it is
// by then.
func (r *Runner) tellStale(ctx context.Context, a *Account, now, since time.Time) check {
	c := check{AccountReport: AccountReport{Account: a.ID}}
	if ctx.Err() != nil {
		c.Err = ctx.Err()
		return c
	}
	c.Err = r.update(ctx, accountKey(a.ID), func(data []byte) ([]byte, error) {
		c.notices = nil
		rec, err := r.recordOf(data, a.ID)
		switch {
		case err != nil:
			return nil, err
		case data == nil:
			rec.KnownAt = since.UTC()
		case rec.overdue(&a.Policy, now):
			c.notices = []Notice{r.tell(&rec, Notice{Type: AccountStale, Severity: Warning, Opens: ProblemStale}, a, now)}
		}
		c.owes = rec.owes()
		if r.DryRun || data != nil && c.notices == nil {
			return nil, nil
		}
		return rec.Encode()
	})
	return c
}

// tell makes a notice that no observation makes, and enters it into the ledger.
func (r *Runner) tell(rec *Record, n Notice, a *Account, now time.Time) Notice {
	before := rec.Problems
	n.EndTime, _ = ParseTime(rec.Believed.EndTime, a.Policy.Zone)
	n = rec.tell(n, now, now.UTC())
	n.Labels = a.Labels
	r.owe(rec, &n, before, "")
	rec.trim()
	return n
}
