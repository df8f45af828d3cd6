package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"prowatch/app"
	"prowatch/watch"
)

const statusHelp = `Status prints what prowatch remembers: of each account the licence, the time
left, what is open since when, the last good check and the notices that wait or
died; of each channel whether it works. It asks no API and tells nobody.`

func (p *process) statusVerb() *cobra.Command {
	var out output
	cmd := verb("status", "Print what is remembered of accounts and channels", statusHelp, noArgs,
		func(cmd *cobra.Command, _ []string) error {
			a, err := app.New(cmd.Context(), p.options(app.Look))
			if err != nil {
				return failed(err)
			}
			p.warn(a)
			s, unread := p.statusOf(cmd, a)
			if out.json() {
				err = printJSON(p.stdout, s)
			} else {
				err = p.printStatus(a, s)
			}
			if err := errors.Join(err, unread); err != nil {
				return failed(err)
			}
			return nil
		})
	cmd.Example = "  prowatch status\n  prowatch status --output json"
	out.add(cmd, "table", "json")
	return cmd
}

// statusAnswer is what status --output json prints.
type statusAnswer struct {
	Accounts []accountStatus `json:"accounts"`
	Channels []channelStatus `json:"channels"`
	LastRun  *watch.Run      `json:"last_run,omitempty"`
}

type accountStatus struct {
	ID       string            `json:"id"`
	Labels   map[string]string `json:"labels,omitempty"`
	Edition  watch.Edition     `json:"edition"`
	EndTime  time.Time         `json:"end_time,omitzero"`
	DaysLeft *float64          `json:"days_left,omitempty"`
	SeenAt   time.Time         `json:"seen_at,omitzero"`
	GoodAt   time.Time         `json:"good_at,omitzero"`
	Failures int               `json:"failures"`
	Failure  *watch.Failure    `json:"failure,omitempty"`
	Problems []watch.Problem   `json:"problems"`
	Mute     *watch.Mute       `json:"mute,omitempty"`
	Waiting  int               `json:"waiting"` // receipts that are open
	Unsure   int               `json:"unsure"`  // receipts that are unknown
	Dead     int               `json:"dead"`    // receipts that are dead
}

type channelStatus struct {
	Name         string        `json:"name"`
	Type         string        `json:"type"`
	GoodAt       time.Time     `json:"good_at,omitzero"`
	Failures     int           `json:"failures"`
	FailingSince time.Time     `json:"failing_since,omitzero"`
	PausedUntil  time.Time     `json:"paused_until,omitzero"`
	LastError    watch.Outcome `json:"last_error,omitzero"`
	Mute         *watch.Mute   `json:"mute,omitempty"`
}

func (p *process) statusOf(cmd *cobra.Command, a *app.App) (*statusAnswer, error) {
	records, err1 := a.Records(cmd.Context())
	channels, err2 := a.ChannelRecords(cmd.Context())
	runs, err3 := a.Runs(cmd.Context())
	s := &statusAnswer{Accounts: []accountStatus{}, Channels: []channelStatus{}}
	for i, rec := range records {
		s.Accounts = append(s.Accounts, p.accountStatus(a.Runner.Accounts[i], rec))
	}
	for i, rec := range channels {
		s.Channels = append(s.Channels, channelStatus{Name: rec.Channel, Type: a.Settings.Channels[i].Type, GoodAt: rec.GoodAt, Failures: rec.Failures,
			FailingSince: rec.FailingSince, PausedUntil: rec.PausedUntil, LastError: rec.LastError, Mute: rec.Mute})
	}
	if n := len(runs.Last); n > 0 {
		s.LastRun = &runs.Last[n-1]
	}
	return s, errors.Join(err1, err2, err3)
}

func (p *process) accountStatus(acc watch.Account, rec watch.Record) accountStatus {
	s := accountStatus{ID: acc.ID, Labels: acc.Labels, Edition: rec.Believed, SeenAt: rec.SeenAt, GoodAt: rec.GoodAt,
		Failures: rec.Failures, Problems: rec.Problems, Mute: rec.Mute}
	if s.Problems == nil {
		s.Problems = []watch.Problem{}
	}
	if rec.Failures > 0 {
		s.Failure = &rec.LastFailure
	}
	if end, err := watch.ParseTime(rec.Believed.EndTime, acc.Policy.Zone); err == nil && !end.IsZero() {
		left := float64(end.Sub(p.now())/time.Minute) / (24 * 60)
		s.EndTime, s.DaysLeft = end, &left
	}
	for _, e := range rec.Ledger {
		for _, r := range e.Receipts {
			switch {
			case r.State.Open():
				s.Waiting++
			case r.State == watch.StateUnknown:
				s.Unsure++
			case r.State == watch.StateDead:
				s.Dead++
			}
		}
	}
	return s
}

func (p *process) printStatus(a *app.App, s *statusAnswer) error {
	rows := [][]string{{"ACCOUNT", "STATUS", "ENDS", "LEFT", "OPEN", "LAST GOOD CHECK", "WAITING", "UNSURE", "DEAD"}}
	for _, a := range s.Accounts {
		rows = append(rows, []string{a.ID, orDash(string(a.Edition.Status)), when(a.EndTime), daysLeft(a.DaysLeft), p.openProblems(a), p.ago(a.GoodAt), fmt.Sprint(a.Waiting), fmt.Sprint(a.Unsure), fmt.Sprint(a.Dead)})
	}
	if err := table(p.stdout, rows); err != nil {
		return err
	}
	fmt.Fprintln(p.stdout)
	rows = [][]string{{"CHANNEL", "TYPE", "LAST TOLD", "STATE"}}
	for _, c := range s.Channels {
		rows = append(rows, []string{c.Name, c.Type, p.ago(c.GoodAt), p.channelState(c)})
	}
	if err := table(p.stdout, rows); err != nil {
		return err
	}
	for i, acc := range s.Accounts {
		if acc.Edition.Status != watch.Normal || !acc.EndTime.IsZero() {
			continue
		}
		mend := "to take it from\nDescribePurchaseStateInfo instead, set policy.expiry_source: purchase_state"
		if a.Runner.Accounts[i].Policy.ExpirySource == watch.PurchaseState {
			mend = "neither does\nDescribePurchaseStateInfo, so only the status is"
		}
		fmt.Fprintf(p.stdout, "\n%s: the API gives no EndTime, so its expiry cannot be watched; %s.\n", acc.ID, mend)
	}
	return nil
}

func (p *process) openProblems(a accountStatus) string {
	var open []string
	for _, problem := range a.Problems {
		open = append(open, fmt.Sprintf("%s (%s, %s)", problem.Name, problem.Severity, p.ago(problem.Since)))
	}
	slices.Sort(open)
	if muted := p.muted(a.Mute); muted != "" {
		open = append(open, muted)
	}
	return orDash(strings.Join(open, ", "))
}

func (p *process) channelState(c channelStatus) string {
	var s []string
	if c.Failures > 0 {
		s = append(s, fmt.Sprintf("%d not proved since %s: %s", c.Failures, p.ago(c.FailingSince), strings.TrimSpace(c.LastError.Code+" "+c.LastError.Text)))
	}
	if c.PausedUntil.After(p.now()) {
		s = append(s, "paused until "+when(c.PausedUntil.Local()))
	}
	if muted := p.muted(c.Mute); muted != "" {
		s = append(s, muted)
	}
	switch {
	case len(s) > 0:
		return strings.Join(s, "; ")
	case c.GoodAt.IsZero():
		return "not used yet"
	}
	return "ok"
}

// muted says of a mute that holds until when and why, "" of any other.
func (p *process) muted(m *watch.Mute) string {
	if m == nil || !m.Until.IsZero() && !m.Until.After(p.now()) {
		return ""
	}
	s := "muted"
	if !m.Until.IsZero() {
		s += " until " + when(m.Until.Local())
	}
	if m.Reason != "" {
		s += ": " + m.Reason
	}
	return s
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

func when(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.Format("2006-01-02 15:04 -07:00")
}

func daysLeft(days *float64) string {
	if days == nil {
		return "-"
	}
	return fmt.Sprintf("%.1fd", *days)
}

// ago writes how long ago t was, in the largest unit.
func (p *process) ago(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	d := p.now().Sub(t)
	for _, u := range []struct {
		unit time.Duration
		name string
	}{{24 * time.Hour, "d"}, {time.Hour, "h"}, {time.Minute, "m"}} {
		if d >= u.unit {
			return fmt.Sprintf("%d%s ago", d/u.unit, u.name)
		}
	}
	return "just now"
}
