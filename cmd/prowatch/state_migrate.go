package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"prowatch/app"
	"prowatch/store/transfer"
	"prowatch/watch"
)

const stateMigrateHelp = `Migrate copies all records from one state to another, and reads back what it
wrote. The first is left as it is. Stop the schedule before, and set the new state
after: a run beside it would tell what the copy does not know was told. While a run
is seen to be under way nothing is copied, unless --force says so.

A message that a run has claimed and did not come to send goes along: the first run
on the new state sends it, marked as a possible duplicate if it may have arrived.`

func (p *process) stateMigrateVerb() *cobra.Command {
	var o transfer.Options
	var out output
	var force bool
	cmd := verb("migrate FROM TO", "Copy all records to another state", stateMigrateHelp, wantArgs(2, 2, "two states, such as file:./state and dynamodb:prowatch"),
		func(cmd *cobra.Command, args []string) error {
			if args[0] == args[1] {
				return usage(errors.New("both states are the same"))
			}
			from, to, err := p.openBoth(cmd.Context(), args, o.DryRun)
			if err != nil {
				return err
			}
			if err := p.idle(cmd.Context(), from, force || o.DryRun); err != nil {
				return err
			}
			progress, stop := p.progress("copying")
			defer stop()
			o.Progress = progress
			result, err := transfer.Migrate(cmd.Context(), from, to, o)
			stop()
			if err == nil && result.Records == 0 {
				err = errors.New("there is no record in " + app.StateName(args[0]) + ": is it the right one?")
			}
			for _, d := range app.Doubts(cmd.Context(), to) {
				fmt.Fprintf(p.stderr, "prowatch: warning: state %s: %s\n", app.StateName(args[1]), d)
			}
			return p.moved(&out, result, err, o, "from "+app.StateName(args[0])+" to "+app.StateName(args[1]))
		})
	cmd.Example = "  prowatch state migrate file:./state dynamodb:prowatch --dry-run\n  prowatch state migrate 'redis://:password@host' 'postgres://user:password@host/db'"
	p.addMoving(cmd, &o, &out)
	cmd.Flags().BoolVar(&force, "force", false, "copy although a run is under way")
	return cmd
}

func (p *process) openBoth(ctx context.Context, names []string, dryRun bool) (from, to watch.Store, err error) {
	if _, from, err = p.openState(ctx, names[0], app.Look); err != nil {
		return nil, nil, err
	}
	use := app.Keep
	if dryRun {
		use = app.Look
	}
	_, to, err = p.openState(ctx, names[1], use)
	return from, to, err
}

// idle says if a run is under way on the store, and refuses to go on unless that
// is wanted all the same.
func (p *process) idle(ctx context.Context, s watch.Store, allTheSame bool) error {
	busy, err := transfer.Busy(ctx, s, p.now())
	switch text := strings.Join(busy, "; "); {
	case err != nil:
		return failed(err)
	case text != "" && !allTheSame:
		return failed(fmt.Errorf("%s; stop the schedule, wait until then and try again; --force does it now", text))
	case text != "":
		fmt.Fprintf(p.stderr, "prowatch: warning: %s\n", text)
	}
	return nil
}

// moved prints what became of the records.
func (p *process) moved(out *output, r transfer.Result, err error, o transfer.Options, where string) error {
	if err != nil {
		return failed(fmt.Errorf("after %s: %w", counts(r, o), err))
	}
	if out.json() {
		err = printJSON(p.stdout, struct {
			DryRun bool `json:"dry_run"`
			transfer.Result
		}{o.DryRun, r})
	} else if len(r.Differ) == 0 {
		_, err = fmt.Fprintf(p.stdout, "%s %s\n", counts(r, o), where)
	}
	if err != nil {
		return failed(err)
	}
	p.printFaults("not moved", r.Faults)
	if r.Others > 0 {
		fmt.Fprintf(p.stderr, "%s beside them: they stay\n", plural(r.Others, "other record"))
	}
	switch {
	case len(r.Differ) > 0:
		return failed(fmt.Errorf("%s there and differ, such as %s: nothing was written; --replace overwrites them", areThere(len(r.Differ)), r.Differ[0]))
	case len(r.Faults) > 0:
		return &exitError{code: exitFailed}
	}
	return nil
}

func areThere(n int) string {
	if n == 1 {
		return "1 record is"
	}
	return fmt.Sprint(n, " records are")
}

// counts writes the figures of a result.
func counts(r transfer.Result, o transfer.Options) string {
	s := fmt.Sprintf("%d created, %d replaced, %d unchanged of %s", r.Created, r.Replaced, r.Unchanged, plural(r.Records, "record"))
	if o.DryRun {
		return "would be " + s
	}
	return s
}

func (p *process) printFaults(what string, faults []transfer.Fault) {
	for _, f := range faults {
		fmt.Fprintf(p.stderr, "prowatch: %s: %s: %s\n", what, f.Key, f.Error)
	}
}

func kindOf(state string) string {
	kind, _, _ := strings.Cut(state, ":")
	return kind
}

// progress returns what says on a terminal how far work is that takes over two
// seconds, and what ends it, which may be called again.
func (p *process) progress(doing string) (say transfer.Progress, stop func()) {
	if !p.stderrTerminal {
		return nil, func() {}
	}
	next := time.Now().Add(2 * time.Second)
	said := false
	say = func(done, total int) {
		if time.Now().Before(next) {
			return
		}
		next, said = time.Now().Add(500*time.Millisecond), true
		fmt.Fprintf(p.stderr, "\r%s: %d of %d records", doing, done, total)
	}
	return say, func() {
		if said {
			fmt.Fprintln(p.stderr)
			said = false
		}
	}
}
