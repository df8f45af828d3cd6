package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"prowatch/config"
	"prowatch/tcss"
	"prowatch/watch"
)

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
	if o.IncludeSelf && uin == a.roster.self {
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
	if self, err := sts.Identity(ctx); err == nil {
		a.roster.self = self
	} else if a.roster.self == "" && o.IncludeSelf {
		return nil, fmt.Errorf("include_self: %w", explained(err))
	}
	var found []config.Account
	if o.IncludeSelf {
		found = append(found, o.Self(a.roster.self))
	}
	for _, m := range members {
		if m.UIN != a.roster.self && !slices.Contains(o.Exclude, m.UIN) {
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
