package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"prowatch/app"
	"prowatch/handlers"
	"prowatch/tcss"
	"prowatch/watch"
)

const checkHelp = `Check does one run: it asks the API about every account, compares the answer
with what it remembers, tells the channels what changed, and ends. It is made
for cron:

  17 * * * *  prowatch check --quiet

Its exit code says what it found, the worst first:
  2   a critical problem is open
  3   a check or a delivery failed or waits for the next run, or the run could
      not be done at all
  1   a warning is open, or an account's licence is still to be purchased
  0   all is well`

func (p *process) checkVerb() *cobra.Command {
	var accounts []string
	var dryRun, quiet bool
	var out output
	cmd := verb("check", "Check all accounts once and tell what changed", checkHelp, noArgs,
		func(cmd *cobra.Command, _ []string) error {
			if cmd.Flags().Changed("account") && len(accounts) == 0 || slices.Contains(accounts, "") {
				return usage(errors.New("--account is given without an id; leave it out to check all accounts"))
			}
			o := p.options(app.Keep)
			if dryRun {
				o.Use = app.Look
			}
			if out.json() {
				o.Stdout = p.stderr // the channel stdout gives way to the answer
			}
			a, err := app.New(cmd.Context(), o)
			if err != nil {
				return failed(err)
			}
			p.warn(a)
			a.Runner.DryRun = dryRun
			for _, id := range accounts {
				if !slices.Contains(a.Runner.AccountIDs(), id) {
					return usage(fmt.Errorf("no account %.64q is configured; there are %s", id, strings.Join(a.Runner.AccountIDs(), ", ")))
				}
			}
			report, err := p.watched(cmd.Context(), func(ctx context.Context) (*watch.Report, error) { return a.Run(ctx, accounts) })
			if err != nil {
				return failed(err)
			}
			handlers.LogRun(p.logger(), report, "", nil)
			code := exitCode(report)
			if err := p.printReport(a, report, &out, quiet && code == exitOK && len(report.Notices) == 0); err != nil {
				return failed(err)
			}
			if code != exitOK {
				return &exitError{code: code}
			}
			return nil
		})
	cmd.Example = "  prowatch check\n  prowatch check --account acme-prod --dry-run\n  prowatch check --output json"
	cmd.Flags().StringSliceVar(&accounts, "account", nil, "check only the account of this `id` (repeatable)")
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "ask and compare, but save nothing and tell nobody")
	cmd.Flags().BoolVar(&quiet, "quiet", false, "print nothing when all is well and nothing was told")
	out.add(cmd, "table", "json")
	return cmd
}

// exitCode says what a run found, the worst first.
func exitCode(r *watch.Report) int {
	code := exitOK
	for _, a := range r.Accounts {
		for _, problem := range a.Problems {
			if problem.Severity == watch.Critical {
				return exitCritical
			}
			if problem.Severity == watch.Warning {
				code = exitWarning
			}
		}
		if a.Status == watch.Pending {
			code = exitWarning
		}
	}
	c := r.Counts()
	if c.Failed > 0 || c.Skipped > 0 || c.Pending > 0 || len(r.Errs) > 0 || len(undelivered(r)) > 0 {
		return exitFailed
	}
	return code
}

// undelivered are the messages of the run that were not proved or accepted.
func undelivered(r *watch.Report) []watch.DeliveryReport {
	var lost []watch.DeliveryReport
	for _, d := range r.Deliveries {
		if d.Outcome.Result != watch.Sent && d.Outcome.Result != watch.Accepted {
			lost = append(lost, d)
		}
	}
	return lost
}

// watched runs with a sign of life on a terminal when it takes long.
func (p *process) watched(ctx context.Context, run func(context.Context) (*watch.Report, error)) (*watch.Report, error) {
	if p.stderrTerminal {
		began := time.Now()
		t := time.AfterFunc(2*time.Second, func() {
			fmt.Fprintf(p.stderr, "checking since %s …\n", began.Format(time.TimeOnly))
		})
		defer t.Stop()
	}
	return run(ctx)
}

// checkAnswer is what check --output json prints.
type checkAnswer struct {
	Counts      watch.Counts    `json:"counts"`
	DryRun      bool            `json:"dry_run"`
	Accounts    []accountAnswer `json:"accounts"`
	Notices     []watch.Notice  `json:"notices"`
	Undelivered []lostAnswer    `json:"undelivered"`
	Errors      []string        `json:"errors"`
}

type accountAnswer struct {
	ID       string          `json:"id"`
	Status   watch.Status    `json:"status"`
	Skipped  bool            `json:"skipped,omitempty"`
	Failure  *watch.Failure  `json:"failure,omitempty"`
	Mend     string          `json:"mend,omitempty"`
	Error    string          `json:"error,omitempty"`
	Problems []watch.Problem `json:"problems,omitempty"`
}

type lostAnswer struct {
	Channel string       `json:"channel"`
	ID      string       `json:"id"`
	Notices []string     `json:"notices"`
	Result  watch.Result `json:"result"`
	Code    string       `json:"code,omitempty"`
	Text    string       `json:"text,omitempty"`
}

func (p *process) printReport(a *app.App, r *watch.Report, out *output, quiet bool) error {
	if out.json() {
		return printJSON(p.stdout, answerOf(a, r))
	}
	if quiet {
		return nil
	}
	for _, acc := range r.Accounts {
		switch {
		case acc.Err != nil:
			fmt.Fprintf(p.stderr, "prowatch: account %s: %v\n", acc.Account, acc.Err)
		case acc.Failure != nil:
			fmt.Fprintf(p.stderr, "prowatch: account %s: the check failed: %s %s\n", acc.Account, sentence(acc.Failure.Error()), tcss.Mend(acc.Failure))
		case acc.Skipped:
			fmt.Fprintf(p.stderr, "prowatch: account %s: not checked: the run ended before its turn; it comes first in the next one\n", acc.Account)
		}
	}
	p.printLost(r)
	if a.Runner.DryRun {
		for _, n := range r.Notices {
			fmt.Fprintf(p.stdout, "would tell: %s %s %s\n", n.Account, n.Severity, n.Type)
		}
	}
	_, err := fmt.Fprintln(p.stdout, summary(r.Counts()))
	return err
}

// printLost says what was not delivered, and why.
func (p *process) printLost(r *watch.Report) {
	for _, d := range undelivered(r) {
		fmt.Fprintf(p.stderr, "prowatch: channel %s: %s: %s\n", d.Channel, d.Outcome.Result, strings.TrimPrefix(d.Outcome.Code+": "+d.Outcome.Text, ": "))
	}
	for _, w := range r.Paused {
		fmt.Fprintf(p.stderr, "prowatch: channel %s: paused until %s: %s %s\n", w.Channel, w.Until.Format("2006-01-02 15:04:05 -07:00"), w.Why.Code, w.Why.Text)
	}
	for _, err := range r.Errs {
		fmt.Fprintln(p.stderr, "prowatch:", err)
	}
}

// sentence ends s with one full stop.
func sentence(s string) string { return strings.TrimRight(s, ". ") + "." }

// summary is a run in a line.
func summary(c watch.Counts) string {
	s := fmt.Sprintf("%d of %s checked, %s, %d sent, %d pending", c.Checked, plural(c.Accounts, "account"), plural(c.Notices, "notice"), c.Sent, c.Pending)
	if c.Failed > 0 {
		s += fmt.Sprintf(", %d failed", c.Failed)
	}
	if c.Skipped > 0 {
		s += fmt.Sprintf(", %d skipped", c.Skipped)
	}
	return s
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func answerOf(a *app.App, r *watch.Report) checkAnswer {
	ans := checkAnswer{Counts: r.Counts(), DryRun: a.Runner.DryRun, Notices: r.Notices,
		Accounts: []accountAnswer{}, Undelivered: []lostAnswer{}, Errors: []string{}}
	if ans.Notices == nil {
		ans.Notices = []watch.Notice{}
	}
	for _, acc := range r.Accounts {
		one := accountAnswer{ID: acc.Account, Status: acc.Status, Skipped: acc.Skipped, Failure: acc.Failure, Problems: acc.Problems}
		if acc.Failure != nil {
			one.Mend = tcss.Mend(acc.Failure)
		}
		if acc.Err != nil {
			one.Error = acc.Err.Error()
		}
		ans.Accounts = append(ans.Accounts, one)
	}
	for _, d := range undelivered(r) {
		ans.Undelivered = append(ans.Undelivered, lostAnswer{d.Channel, d.ID, d.Notices, d.Outcome.Result, d.Outcome.Code, d.Outcome.Text})
	}
	for _, err := range r.Errs {
		ans.Errors = append(ans.Errors, err.Error())
	}
	return ans
}
