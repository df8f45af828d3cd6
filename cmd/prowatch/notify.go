package main

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/spf13/cobra"

	"prowatch/app"
	"prowatch/watch"
)

const notifyTestHelp = `Test sends a test message to a channel, or to every channel, through all that a
real notice goes through, and prints the proof that it arrived, or the refusal
with what to do about it.`

func (p *process) notifyVerb() *cobra.Command {
	cmd := verb("notify", "Try the channels", "Notify tries the channels: see prowatch notify test.", noArgs,
		func(cmd *cobra.Command, _ []string) error { return cmd.Help() })
	var out output
	test := verb("test [CHANNEL]", "Send a test message and print its proof", notifyTestHelp, wantArgs(0, 1, "one channel's name at most"),
		func(cmd *cobra.Command, args []string) error {
			o := p.options(app.Keep)
			if out.json() {
				o.Stdout = p.stderr // the channel stdout gives way to the answer
			}
			a, err := app.New(cmd.Context(), o)
			if err != nil {
				return failed(err)
			}
			p.warn(a)
			channels := a.Runner.ChannelNames()
			if len(args) == 1 {
				if !slices.Contains(channels, args[0]) {
					return usage(fmt.Errorf("no channel %.64q is configured", args[0]))
				}
				channels = args
			}
			entry, err := a.Runner.Trial(cmd.Context(), channels...)
			if err != nil {
				return failed(err)
			}
			if err := p.explainWaiting(cmd.Context(), a, entry); err != nil {
				return failed(err)
			}
			return p.printTrial(entry, &out)
		})
	out.add(test, "table", "json")
	cmd.AddCommand(test)
	return cmd
}

// explainWaiting says of the receipts that are open why they are.
func (p *process) explainWaiting(ctx context.Context, a *app.App, e watch.Entry) error {
	records, err := a.Runner.ChannelRecords(ctx)
	for _, rec := range records {
		r, ok := e.Receipts[rec.Channel]
		if !ok || !r.State.Open() {
			continue
		}
		if rec.PausedUntil.After(p.now()) {
			r.Text = fmt.Sprintf("the channel is paused until %s: %s %s", when(rec.PausedUntil.Local()), rec.LastError.Code, rec.LastError.Text)
		} else if r.Text == "" {
			r.Text = "another run has the channel; the next run sends it"
		}
		e.Receipts[rec.Channel] = r
	}
	return err
}

func (p *process) printTrial(e watch.Entry, out *output) error {
	if out.json() {
		if err := printJSON(p.stdout, e); err != nil {
			return failed(err)
		}
	} else {
		rows := [][]string{{"CHANNEL", "RECEIPT"}}
		for _, name := range slices.Sorted(maps.Keys(e.Receipts)) {
			rows = append(rows, []string{name, receiptText(e.Receipts[name])})
		}
		if err := table(p.stdout, rows); err != nil {
			return failed(err)
		}
	}
	for _, r := range e.Receipts {
		if r.State != watch.StateSent && r.State != watch.StateAccepted {
			return &exitError{code: exitFailed}
		}
	}
	return nil
}
