package app

import (
	"context"
	"fmt"
	"sync"
	"time"

	"prowatch/tcss"
	"prowatch/watch"
)

// listEvery is how old a list of the organisation's members may be when a run
// over all accounts begins.
const listEvery = time.Hour

// listTwice is how old a list must be before it is had again for any reason.
const listTwice = time.Minute

// roster is who is watched where an organisation says so.
type roster struct {
	mu      sync.Mutex
	current *watch.Runner // nil before the second list: then it is App.Runner
	clients map[string]*tcss.Client
	listed  time.Time // when the last whole list was had
	self    string    // the number of the account that manages it, "" if unknown

	turn chan struct{} // holds a token while one run lists
}

// Current returns the Runner to use now. Where accounts are found in an
// organisation it is another one once they were listed anew; its accounts are
// always those of a list that was whole.
func (a *App) Current() *watch.Runner {
	a.roster.mu.Lock()
	defer a.roster.mu.Unlock()
	if a.roster.current != nil {
		return a.roster.current
	}
	return a.Runner
}

// Refresh lists the organisation's members anew where the last list is more
// than an hour old, or more than a minute if the run is to say who left. Its
// error says why that failed, and holds no secret: the accounts are then those
// of the last list.
func (a *App) Refresh(ctx context.Context) error {
	return a.relist(ctx, func(listed time.Time) bool {
		age := a.now().Sub(listed)
		return age >= listEvery || age >= listTwice && a.Current().Compares(ctx)
	})
}

// relist lists the organisation's members anew where that is due, by when the
// last list was had.
func (a *App) relist(ctx context.Context, due func(listed time.Time) bool) error {
	if a.Settings.Organization == nil {
		return nil
	}
	select {
	case a.roster.turn <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-a.roster.turn }()
	if !due(a.roster.listed) {
		return nil
	}
	runner := *a.Current()
	ctx, cancel := listingTime(ctx)
	defer cancel()
	accounts, clients, err := a.members(ctx)
	if err != nil {
		return fmt.Errorf("the accounts are those of %s: %w", a.roster.listed.UTC().Format(time.RFC3339), err)
	}
	runner.Accounts = accounts
	a.roster.mu.Lock()
	defer a.roster.mu.Unlock()
	a.roster.current, a.roster.clients, a.roster.listed = &runner, clients, a.now()
	return nil
}

// knowing returns the Runner for accounts that were named by somebody, perhaps by
// a process with a newer list: where one is unknown, and the list was had before
// since, the members are listed anew. Where that fails the Runner is one that
// knows that it may lack some.
func (a *App) knowing(ctx context.Context, accounts []string, since time.Time) (*watch.Runner, error) {
	runner := a.Current()
	if a.Settings.Organization == nil || !runner.Lacks(accounts) {
		return runner, nil
	}
	err := a.relist(ctx, func(listed time.Time) bool { return listed.Before(since) })
	return a.doubtful(err), err
}

// doubtful returns the Runner to use now, and where the accounts could not be
// listed one that takes none for removed.
func (a *App) doubtful(stale error) *watch.Runner {
	runner := a.Current()
	if stale == nil {
		return runner
	}
	lacking := *runner
	lacking.Incomplete = true
	return &lacking
}

// listingTime keeps two thirds of the time that is left for the run.
func listingTime(ctx context.Context) (context.Context, context.CancelFunc) {
	deadline, ok := ctx.Deadline()
	if !ok {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, time.Until(deadline)/3)
}

// list lists the organisation for the first time.
func (a *App) list(ctx context.Context) error {
	if a.Settings.Organization == nil {
		return nil
	}
	accounts, clients, err := a.members(ctx)
	if err != nil {
		return err
	}
	a.Runner.Accounts, a.roster.clients, a.roster.listed = accounts, clients, a.now()
	return nil
}

func (a *App) now() time.Time {
	if a.Runner.Now == nil {
		return time.Now()
	}
	return a.Runner.Now()
}
