package app

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/robfig/cron/v3"

	"prowatch/config"
	"prowatch/tcss"
	"prowatch/watch"
)

// Faults returns what is wrong with the settings beyond their form: each account
// and each channel is made on its own, so that no fault hides another. Nothing
// is opened and nobody is asked.
func Faults(s *config.Settings, o Options) []error {
	_, faults := parts(s, o, func(t http.RoundTripper) http.RoundTripper { return t })
	return slices.Concat(faults, scheduleFaults(s), heartbeatFaults(s), fanoutFaults(s))
}

// parts makes an App without a store of all accounts and channels that can be
// made, and says what is wrong with the others. The API is asked through what wrap
// makes of the transport.
func parts(s *config.Settings, o Options, wrap func(http.RoundTripper) http.RoundTripper) (*App, []error) {
	whole := shell(*s, o)
	t, err := transport(s, o)
	if err != nil {
		return whole, []error{err}
	}
	asking := wrap(t)
	if whole.accounts(asking, o) == nil && whole.channels(t, o) == nil && whole.organization() == nil {
		return whole, nil // as they are in a run, with one limit of their rate
	}
	whole = shell(*s, o)
	whole.keys, whole.limiters = newKeyring(asking, o), new(tcss.Limiters)
	var faults []error
	if err := whole.organization(); err != nil {
		faults = append(faults, err)
	}
	for _, acc := range s.Accounts {
		one := shell(config.Settings{Accounts: []config.Account{acc}, Policy: s.Policy}, o)
		if err := one.accounts(asking, o); err != nil {
			faults = append(faults, err)
			continue
		}
		whole.roster.clients[acc.ID] = one.roster.clients[acc.ID]
		whole.Runner.Accounts = append(whole.Runner.Accounts, one.Runner.Accounts...)
	}
	for _, ch := range s.Channels {
		one := shell(config.Settings{Channels: []config.Channel{ch}, Policy: s.Policy, HTTP: s.HTTP}, o)
		if err := one.channels(t, o); err != nil {
			faults = append(faults, err)
			continue
		}
		whole.Runner.Channels = append(whole.Runner.Channels, one.Runner.Channels...)
	}
	return whole, faults
}

// shell is an App of such settings with nothing in it yet.
func shell(s config.Settings, o Options) *App {
	return &App{
		Settings: &s, roster: roster{clients: map[string]*tcss.Client{}, turn: make(chan struct{}, 1)},
		Runner: &watch.Runner{Routes: s.Routes, Runbooks: s.Runbooks, Now: o.Now, Concurrency: s.Concurrency},
	}
}

// scheduleFaults are of schedules whose fields say no time.
func scheduleFaults(s *config.Settings) []error {
	var faults []error
	for _, f := range []struct{ key, cron string }{{"schedule", s.Schedule}, {"digest.cron", s.Digest.Cron}} {
		if f.cron == "" {
			continue
		}
		if _, err := cron.ParseStandard(f.cron); err != nil {
			faults = append(faults, cronFault(s.Origin, f.key, f.cron, err))
		}
	}
	return faults
}

func cronFault(origin, key, schedule string, err error) error {
	return fmt.Errorf(`%s: %s: %q is no schedule: %w: write five cron fields, such as "17 * * * *" for each hour`, origin, key, schedule, err)
}
