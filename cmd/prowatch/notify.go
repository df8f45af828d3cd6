package main

import (
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
			a, err := app.New(cmd.Context(), p.options(app.Keep))
			if err != nil {
				return failed(err)
			}
			p.warn(a)
			channels := a.ChannelNames()
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
			return p.printTrial(entry, &out)
		})
	out.add(test, "table", "json")
	cmd.AddCommand(test)
	return cmd
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
