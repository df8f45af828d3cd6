package watch

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"
)

// relist is after how long the store's accounts are listed again although the
// configuration has the same ones as then.
const relist = 24 * time.Hour

// A Listing remembers when the store's accounts were last compared with the
// configured ones. While the same ones are configured none can have left, so a
// quiet run need not list the store.
type Listing struct {
	At       time.Time `json:"at"`
	Accounts string    `json:"accounts"`         // fingerprint of the configured ids
	Leaving  int       `json:"leaving,omitzero"` // accounts that left and still owed something
}

// due reports whether the store's accounts are to be compared again.
func (l *Listing) due(fingerprint string, now time.Time) bool {
	return l.Accounts != fingerprint || l.Leaving > 0 || now.Sub(l.At) >= relist || now.Before(l.At)
}

// Compares reports whether the next run over all accounts is going to compare
// them with those of the store, so that its list had better be a new one: with
// an old one it would tell an account removed that another process has found.
func (r *Runner) Compares(ctx context.Context) bool {
	runs := r.lastRuns(ctx)
	return runs.Listing.due(r.fingerprint(), r.now())
}

// Lacks reports whether one of the accounts is not configured.
func (r *Runner) Lacks(accounts []string) bool {
	byID := r.byID()
	return slices.ContainsFunc(accounts, func(id string) bool { return byID[id] == nil })
}

// fingerprint names the set of configured ids, in their order.
func (r *Runner) fingerprint() string {
	h := sha256.New()
	for i := range r.Accounts {
		h.Write([]byte(r.Accounts[i].ID + "\n"))
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// leaving does that at the end of a run over all accounts, where it is due, and
// returns what is to be remembered of it.
func (r *Runner) leaving(ctx context.Context, runs *Runs, report *Report) ([]check, Listing) {
	now, fingerprint := r.now(), r.fingerprint()
	if !report.Whole || r.Incomplete || len(r.Accounts) == 0 || !enoughTime(ctx, lastMoments) || !runs.Listing.due(fingerprint, now) {
		return nil, runs.Listing
	}
	faults := len(report.Errs)
	left := r.leave(ctx, report)
	if len(report.Errs) > faults {
		return left, Listing{} // again in the next run
	}
	return left, Listing{At: now.UTC(), Accounts: fingerprint}
}

// leave finds the accounts that are in the store and not configured any more,
// and tells that they are removed. It returns what it found of each, to be told
// and then to be retired.
func (r *Runner) leave(ctx context.Context, report *Report) (left []check) {
	gone, err := r.gone(ctx)
	if err != nil {
		report.Errs = append(report.Errs, err)
		return nil
	}
	var mu sync.Mutex
	each(r.concurrency(), gone, func(id string) {
		c := r.remove(ctx, id)
		mu.Lock()
		defer mu.Unlock()
		if c.Err != nil {
			report.Errs = append(report.Errs, c.Err)
		}
		left = append(left, c)
	})
	slices.SortFunc(left, func(a, b check) int { return strings.Compare(a.Account, b.Account) })
	return left
}

// gone lists the accounts of the store that are not configured. Those with a
// leading dot never are; they are the house's own.
func (r *Runner) gone(ctx context.Context) ([]string, error) {
	configured := make(map[string]bool, len(r.Accounts))
	for i := range r.Accounts {
		configured[r.Accounts[i].ID] = true
	}
	var gone []string
	for key, err := range r.Store.List(ctx, accountKey("")) {
		if err != nil {
			return nil, err
		}
		if id := strings.TrimPrefix(key, accountKey("")); !configured[id] && !strings.HasPrefix(id, ".") {
			gone = append(gone, id)
		}
	}
	return gone, nil
}

// remove tells that an account left, once: it resolves whatever was open. The
// account's mute ends with it, since nobody can end it any more.
func (r *Runner) remove(ctx context.Context, id string) check {
	c := check{AccountReport: AccountReport{Account: id}}
	c.Err = r.update(ctx, accountKey(id), func(data []byte) ([]byte, error) {
		c.notices, c.owes = nil, nil
		if data == nil {
			return nil, nil
		}
		rec, err := DecodeRecord(data, id)
		if err != nil {
			return nil, err
		}
		changed := r.rehome(&rec)
		if rec.RemovedAt.IsZero() {
			c.notices, changed = r.tellRemoved(&rec), true
		}
		c.owes = rec.owes()
		if !changed || r.DryRun {
			return nil, nil
		}
		return rec.Encode()
	})
	return c
}

// tellRemoved makes the notice, if the account was ever spoken of.
func (r *Runner) tellRemoved(rec *Record) []Notice {
	now := r.now().Truncate(time.Millisecond)
	rec.RemovedAt, rec.Mute = now.UTC(), nil
	if rec.Seq == 0 {
		return nil
	}
	n := Notice{Type: AccountRemoved, Severity: Info}
	for _, p := range rec.Problems {
		n.Resolves = append(n.Resolves, p.Name)
	}
	last := &Account{ID: rec.Account, Policy: DefaultPolicy()}
	if k := len(rec.Ledger); k > 0 {
		last.Labels = rec.Ledger[k-1].Notice.Labels
	}
	return []Notice{r.tell(rec, n, last, now)}
}

// retire deletes the records of accounts that left and owe nothing any more, so
// that one that comes back begins with a baseline. It returns how many stay. One
// that was changed meanwhile stays, too: somebody watches it.
func (r *Runner) retire(ctx context.Context, left []check, report *Report) (stay int) {
	var mu sync.Mutex
	each(r.concurrency(), left, func(c check) {
		gone, err := r.retireOne(ctx, c.Account)
		mu.Lock()
		defer mu.Unlock()
		if !gone {
			stay++
		}
		if err != nil {
			report.Errs = append(report.Errs, err)
		}
	})
	return stay
}

func (r *Runner) retireOne(ctx context.Context, id string) (gone bool, err error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), saveTime)
	defer cancel()
	data, version, err := r.Store.Load(ctx, accountKey(id))
	if errors.Is(err, ErrNotFound) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	rec, err := DecodeRecord(data, id)
	if err != nil || rec.RemovedAt.IsZero() || len(rec.owes()) > 0 {
		return false, err
	}
	defer r.Recent.forget(accountKey(id))
	err = r.Store.Delete(ctx, accountKey(id), version)
	if errors.Is(err, ErrConflict) {
		return false, nil
	}
	if errors.Is(err, ErrNotFound) {
		return true, nil
	}
	return err == nil, err
}
