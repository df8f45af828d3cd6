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
			s, unread := a.Runner.Overview(cmd.Context())
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

func (p *process) printStatus(a *app.App, s *watch.Overview) error {
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

func (p *process) openProblems(a watch.AccountStatus) string {
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

func (p *process) channelState(c watch.ChannelStatus) string {
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
