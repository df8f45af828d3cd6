package watch

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// An Account is one that is watched.
type Account struct {
	ID      string
	Labels  map[string]string
	Policy  Policy
	Source  Source
	Console string // the page where its licence is renewed, a URL
}

// A Channel is a destination that is configured.
type Channel struct {
	Name     string
	Type     string // as the configuration names it, such as "wecom"
	Notifier Notifier

	// Single says that the channel takes one notice a message, no digests.
	Single bool

	// Idempotent says that the far side drops a message whose id it has seen,
	// so that one whose outcome is unknown can be sent again at once.
	Idempotent bool
}

// A Runner checks accounts and tells channels; see the package's doc. Its
// fields are set before the first run and not changed after it.
type Runner struct {
	Accounts []Account
	Channels []Channel
	Routes   Routes
	Runbooks map[Type]string // URLs
	Store    Store

	// Now returns the present time. It defaults to time.Now.
	Now func() time.Time

	// Random returns a number in [0, 1), for jitter. It defaults to
	// rand.Float64.
	Random func() float64

	// Concurrency is how many accounts are checked at once. It defaults to 16.
	Concurrency int

	// Recent keeps what Records reads for a moment; nil keeps nothing.
	Recent *Recent

	// Incomplete says that Accounts may lack some that are watched, as when an
	// organisation could not be listed: then none is taken for removed.
	Incomplete bool

	// Fanout hands the accounts of [Runner.Dispatch] to workers; nil where there
	// are none.
	Fanout *Fanout

	// DryRun asks and compares, but saves nothing and tells nobody.
	DryRun bool
}

// How a run divides its time; they matter only where ctx has a deadline.
const (
	reserveMost = 30 * time.Second // kept for telling, at the most; else a third
	startMost   = 2 * time.Second  // an account is not started with less left; else a quarter
)

var errNoStore = errors.New("no store: a run without memory would tell everything every time")

// Run does one run over the accounts named, or over all where none is. A name
// that is not configured is an error, as is a Runner with no store; what goes
// wrong with one account or channel is in the report and stops no other.
//
// Where ctx has a deadline the run ends before it. When ctx is cancelled the
// accounts under way are saved, and nothing more is started.
func (r *Runner) Run(ctx context.Context, accounts ...string) (*Report, error) {
	todo, err := r.choose(accounts)
	if err != nil {
		return nil, err
	}
	report := &Report{Began: r.now(), Whole: len(accounts) == 0}
	runs := r.lastRuns(ctx)
	first := 0
	if report.Whole {
		first = indexOf(todo, runs.Next)
	}
	checks := r.checkAll(ctx, todo, first)
	report.Accounts = make([]AccountReport, len(checks))
	for i := range checks {
		report.Accounts[i] = checks[i].AccountReport
	}
	owing := report.take(checks)
	owing.add(report.take(r.unchecked(ctx, todo, report)))
	left, listing := r.leaving(ctx, &runs, report)
	owing.add(report.take(left))
	if !r.DryRun {
		r.tellAll(ctx, owing, report)
	}
	report.Took = r.now().Sub(report.Began)
	if !r.DryRun {
		if len(left) > 0 {
			listing.Leaving = r.retire(ctx, left, report)
		}
		r.saveRun(ctx, report, nextOf(report, first), listing)
	}
	return report, nil
}

// Tell does the second phase of a run alone: it asks no API, and sends what the
// accounts owe.
func (r *Runner) Tell(ctx context.Context) (*Report, error) {
	todo, err := r.choose(nil)
	if err != nil {
		return nil, err
	}
	report := &Report{Began: r.now()}
	owing := r.owing(ctx, todo, report)
	r.tellAll(ctx, owing, report)
	report.Took = r.now().Sub(report.Began)
	return report, nil
}

// choose returns the accounts of a run.
func (r *Runner) choose(names []string) ([]*Account, error) {
	if r.Store == nil {
		return nil, errNoStore
	}
	todo := make([]*Account, 0, len(r.Accounts))
	for i := range r.Accounts {
		if a := &r.Accounts[i]; len(names) == 0 || slices.Contains(names, a.ID) {
			todo = append(todo, a)
		}
	}
	for _, name := range names {
		if !slices.ContainsFunc(todo, func(a *Account) bool { return a.ID == name }) {
			return nil, fmt.Errorf("no account %.64q is configured", name)
		}
	}
	return todo, nil
}

// checkAll checks the accounts many at a time, from the first-th on and then
// those before it, and returns what it found in the order of todo.
func (r *Runner) checkAll(ctx context.Context, todo []*Account, first int) []check {
	ctx, least, cancel := r.checkingTime(ctx)
	defer cancel()
	turns, keys := make([]int, len(todo)), make([]string, len(todo))
	for turn := range turns {
		turns[turn], keys[turn] = turn, accountKey(todo[(first+turn)%len(todo)].ID)
	}
	records := r.newAhead(keys)
	defer records.wait()
	checks := make([]check, len(todo))
	each(r.concurrency(), turns, func(turn int) {
		i := (first + turn) % len(todo)
		checks[i] = r.check(ctx, todo[i], least, func() *Loaded { return records.take(ctx, turn) })
	})
	return checks
}

// checkingTime keeps a part of the time that is left for telling. least is what
// must be left of the rest to start an account.
func (r *Runner) checkingTime(ctx context.Context) (_ context.Context, least time.Duration, cancel context.CancelFunc) {
	deadline, ok := ctx.Deadline()
	if !ok {
		ctx, cancel = context.WithCancel(ctx)
		return ctx, 0, cancel
	}
	left := time.Until(deadline)
	checking := left - min(reserveMost, left/3)
	ctx, cancel = context.WithTimeout(ctx, checking)
	return ctx, min(startMost, checking/4), cancel
}

// each calls do for every value, at most n at a time, and waits for the last. A
// panic of one becomes the caller's, once the others are done.
func each[T any](n int, values []T, do func(T)) {
	var wg sync.WaitGroup
	var panicked atomic.Pointer[any]
	guarded := func(v T) {
		defer func() {
			if p := recover(); p != nil {
				panicked.Store(&p)
			}
		}()
		do(v)
	}
	next := make(chan T)
	for range min(n, len(values)) {
		wg.Go(func() {
			for v := range next {
				guarded(v)
			}
		})
	}
	for _, v := range values {
		next <- v
	}
	close(next)
	wg.Wait()
	if p := panicked.Load(); p != nil {
		panic(*p)
	}
}

func (r *Runner) now() time.Time {
	if r.Now == nil {
		return time.Now().Round(0)
	}
	return r.Now().Round(0)
}

func (r *Runner) random() float64 {
	if r.Random == nil {
		return rand.Float64()
	}
	return r.Random()
}

func (r *Runner) concurrency() int {
	if r.Concurrency < 1 {
		return 16
	}
	return r.Concurrency
}

// wait sleeps for d, or until ctx ends; it reports whether it slept.
func wait(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
