package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"prowatch/config"
	"prowatch/tcss"
	"prowatch/watch"
)

// listEvery is how old a list of the organisation's members may be when a run
// over all accounts begins.
const listEvery = time.Hour

// roster is who is watched where an organisation says so.
type roster struct {
	mu      sync.Mutex
	current *watch.Runner // nil before the second list: then it is App.Runner
	clients map[string]*tcss.Client
	listed  time.Time // when the last whole list was had
	self    string    // the number of the account that manages it, if that is watched

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
// than an hour old. Its error says why that failed, and holds no secret: the
// accounts are then those of the last list.
func (a *App) Refresh(ctx context.Context) error {
	if a.Settings.Organization == nil {
		return nil
	}
	select {
	case a.roster.turn <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-a.roster.turn }()
	if a.now().Sub(a.roster.listed) < listEvery {
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

// organization returns what is wrong with the settings of the organisation,
// beyond their form: its members could not be asked, whoever they are.
func (a *App) organization() error {
	o := a.Settings.Organization
	if o == nil {
		return nil
	}
	if _, _, err := a.open([]config.Account{o.Account("100000000001", "", "")}); err != nil {
		return fmt.Errorf("%s: organization: %w", o.Pos, errors.Unwrap(err))
	}
	return nil
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

// members returns the accounts that are listed in the configuration and those
// that the organisation has now.
func (a *App) members(ctx context.Context) ([]watch.Account, map[string]*tcss.Client, error) {
	o := a.Settings.Organization
	found, err := a.find(ctx, o)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: organization: %w", o.Pos, err)
	}
	all := slices.Clone(a.Settings.Accounts)
	for _, acc := range found {
		if !slices.ContainsFunc(a.Settings.Accounts, func(own config.Account) bool { return own.ID == acc.ID }) {
			all = append(all, acc)
		}
	}
	return a.open(all)
}

// setting returns the settings of an account, listed or found.
func (a *App) setting(id string) (config.Account, bool) {
	for _, acc := range a.Settings.Accounts {
		if acc.ID == id {
			return acc, true
		}
	}
	o := a.Settings.Organization
	if o == nil {
		return config.Account{}, false
	}
	uin := strings.TrimPrefix(id, o.IDPrefix)
	if uin == a.roster.self {
		return o.Self(uin), true
	}
	return o.Account(uin, "", ""), true
}

// find asks for the members and makes them accounts. A list without any is an
// error, since it is likelier that the key sees none than that all have left.
func (a *App) find(ctx context.Context, o *config.Organization) ([]config.Account, error) {
	base, err := a.keys.base(o.Key, "")
	if err != nil {
		return nil, err
	}
	sts, err := a.keys.sts(o.Key, base)
	if err != nil {
		return nil, err
	}
	members, err := tcss.Members(ctx, tcss.Options{
		Credentials: base.provide, Renew: base.renew, Site: o.Site, Beside: o.Endpoint, AllowHTTP: o.AllowHTTP,
		Transport: a.keys.transport, Limiters: a.limiters,
	})
	if err != nil {
		return nil, explained(err)
	}
	self, err := sts.Identity(ctx)
	if err != nil && o.IncludeSelf {
		return nil, fmt.Errorf("include_self: %w", explained(err))
	}
	var found []config.Account
	if o.IncludeSelf {
		a.roster.self = self
		found = append(found, o.Self(self))
	}
	for _, m := range members {
		if m.UIN != self && !slices.Contains(o.Exclude, m.UIN) {
			found = append(found, o.Account(m.UIN, m.Name, m.Department))
		}
	}
	if len(found) == 0 {
		return nil, errors.New("it has no member to watch: check that secret_id is of the account that manages it, and exclude")
	}
	return found, nil
}

// explained adds to a failure what to do about it.
func explained(err error) error {
	var f *watch.Failure
	if !errors.As(err, &f) {
		return err
	}
	return fmt.Errorf("%w: %s", f, tcss.Mend(f))
}
