package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
	"github.com/spf13/cobra"

	"prowatch/app"
	"prowatch/watch"
)

const forecastHelp = `Forecast prints what would be said, to whom and when, in the next days if nothing
changes: if the API goes on to answer what it answered last. It plays the rules
forward over the times of the schedule, or over each hour where none is set, and
asks nobody.

A notice that a mute would hold, or a reminder that it would drop, is marked so.
What is owed already is said by the next run, and stands first.`

// hourly is when a forecast checks where no schedule is set.
const hourly = "17 * * * *"

// maxForecast is how many days can be forecast, a century.
const maxForecast = 36500

func (p *process) forecastVerb() *cobra.Command {
	var days int
	var account string
	var out output
	cmd := verb("forecast", "Print what would be said in the next days", forecastHelp, noArgs,
		func(cmd *cobra.Command, _ []string) error {
			if days < 1 || days > maxForecast {
				return usage(fmt.Errorf("--days %d cannot be forecast: use 1 to %d", days, maxForecast))
			}
			a, err := app.New(cmd.Context(), p.options(app.Look))
			if err != nil {
				return failed(err)
			}
			p.warn(a)
			if err := knownAccount(a, account); err != nil {
				return err
			}
			f, err := p.foresee(cmd, a, account, days)
			if err != nil {
				return failed(err)
			}
			if out.json() {
				err = f.printLines(p)
			} else {
				err = f.print(p)
			}
			if err := errors.Join(err, f.unread); err != nil {
				return failed(err)
			}
			return nil
		})
	cmd.Example = "  prowatch forecast\n  prowatch forecast --days 365 --account acme-prod --output jsonl"
	cmd.Flags().IntVar(&days, "days", 40, "how `many` days")
	cmd.Flags().StringVar(&account, "account", "", "only the account of this `id`")
	out.add(cmd, "table", "jsonl")
	return cmd
}

// knownAccount refuses an id that no account has; "" stands for all.
func knownAccount(a *app.App, id string) error {
	if id == "" || slices.Contains(a.Runner.AccountIDs(), id) {
		return nil
	}
	return usage(fmt.Errorf("no account %.64q is configured; there are %s", id, strings.Join(a.Runner.AccountIDs(), ", ")))
}

// forecast is what would be said.
type forecast struct {
	days   int
	lines  []forecastLine
	quiet  []string // a sentence for each account of which nothing would be said
	unread error    // records that could not be read
}

// forecastLine is a notice that would be said. Its At is when it would be made,
// and Tell when it would be told; it has no id before it is made.
type forecastLine struct {
	Tell time.Time `json:"tell"`
	watch.Notice
	Hearers []hearer `json:"channels"`
}

// foresee plays the accounts, or the one named, forward.
func (p *process) foresee(cmd *cobra.Command, a *app.App, account string, days int) (*forecast, error) {
	spec := a.Settings.Schedule
	if spec == "" {
		spec = hourly
	}
	schedule, err := cron.ParseStandard(spec)
	if err != nil {
		return nil, fmt.Errorf("reading the schedule %q: %w", spec, err)
	}
	records, err1 := a.Runner.Records(cmd.Context())
	channels, err2 := a.Runner.ChannelRecords(cmd.Context())
	f := &forecast{days: days, unread: errors.Join(err1, err2)}
	for i, rec := range records {
		if account != "" && rec.Account != account {
			continue
		}
		s := seer{account: a.Runner.Accounts[i], routes: a.Runner.Routes, channels: channels, rec: rec}
		lines := s.play(schedule, p.now(), p.now().AddDate(0, 0, days))
		switch {
		case rec.SeenAt.IsZero() && err1 != nil: // it may be the one that could not be read
		case len(lines) == 0:
			f.quiet = append(f.quiet, s.silence(p.now(), days))
		}
		f.lines = append(f.lines, lines...)
	}
	if account == "" {
		own, err := a.Runner.WatchRecord(cmd.Context())
		f.unread = errors.Join(f.unread, err)
		f.lines = append(f.lines, lives(a.Life(), own.SeenAt, schedule, p.now(), p.now().AddDate(0, 0, days))...)
	}
	slices.SortStableFunc(f.lines, func(a, b forecastLine) int { return a.Tell.Compare(b.Tell) })
	return f, nil
}

func (f *forecast) printLines(p *process) error {
	e := json.NewEncoder(p.stdout)
	e.SetEscapeHTML(false)
	for _, l := range f.lines {
		if err := e.Encode(l); err != nil {
			return err
		}
	}
	for _, sentence := range f.quiet {
		fmt.Fprintln(p.stderr, "prowatch:", sentence)
	}
	return nil
}

func (f *forecast) print(p *process) error {
	if len(f.lines) > 0 {
		rows := [][]string{{"WHEN", "ACCOUNT", "SEVERITY", "TYPE", "FACTS", "CHANNELS"}}
		for _, l := range folded(f.lines) {
			rows = append(rows, []string{when(l.Tell.Local()), l.Account, string(l.Severity), string(l.Type), orDash(l.facts), hearersText(l.Hearers)})
		}
		if err := table(p.stdout, rows); err != nil {
			return err
		}
	}
	for _, sentence := range f.quiet {
		if _, err := fmt.Fprintln(p.stdout, sentence); err != nil {
			return err
		}
	}
	return nil
}

// foldedLine is a line, or a row of reminders that differ in their count only.
type foldedLine struct {
	forecastLine
	facts string
}

// folded makes one line of the reminders of a problem that follow each other.
func folded(lines []forecastLine) []foldedLine {
	var out []foldedLine
	open := map[string]int{} // by account and problem, the line in out
	for _, l := range lines {
		key := l.Account + "\n" + l.Problem
		if l.Type != watch.ProblemReminder {
			delete(open, l.Account+"\n"+l.Opens)
			out = append(out, foldedLine{l, facts(&l.Notice)})
			continue
		}
		i, ok := open[key]
		if !ok || hearersText(out[i].Hearers) != hearersText(l.Hearers) {
			open[key] = len(out)
			out = append(out, foldedLine{l, facts(&l.Notice)})
			continue
		}
		first := &out[i]
		first.facts = fmt.Sprintf("%s, reminders %d to %d, the last on %s", l.Problem, first.Count, l.Count, l.Tell.Local().Format(time.DateOnly))
	}
	return out
}
