package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"prowatch/app"
	"prowatch/watch"
)

const historyHelp = `History prints what was told, the newest first, with a receipt for each channel:
whether it was proved, and the far side's own code and words. Of each account
the last 32 settled notices are remembered, and all that are still owed. Those of
the account .watch are about prowatch itself: the words of life of digest.

A receipt is one of
  pending     to be sent by the next run
  held        muted, to be told after the mute
  sent        proved by the far side
  accepted    queued by the far side, which proves no more
  unknown     it may have arrived, and is left so
  superseded  a newer notice said it
  dead        refused for good; prowatch redrive sends it again`

func (p *process) historyVerb() *cobra.Command {
	var out output
	var account string
	var limit int
	cmd := verb("history", "Print what was told, with receipts", historyHelp, noArgs,
		func(cmd *cobra.Command, _ []string) error {
			a, err := app.New(cmd.Context(), p.options(app.Look))
			if err != nil {
				return failed(err)
			}
			p.warn(a)
			entries, err := historyOf(cmd, a, account)
			if err != nil {
				return err
			}
			entries = entries[:min(len(entries), max(limit, 0))]
			if out.json() {
				return printJSON(p.stdout, entries)
			}
			return p.printHistory(entries)
		})
	cmd.Flags().StringVar(&account, "account", "", "only the account of this `id`, .watch for prowatch itself")
	cmd.Flags().IntVar(&limit, "limit", 50, "how many notices at the most")
	out.add(cmd, "table", "json")
	return cmd
}

// historyOf returns the notices of the accounts, the newest first.
func historyOf(cmd *cobra.Command, a *app.App, account string) ([]watch.Entry, error) {
	if account != "" && account != watch.WatchAccount {
		if _, err := a.Client(account); err != nil {
			return nil, usage(err)
		}
	}
	records, err := a.Runner.Records(cmd.Context())
	if err != nil {
		fmt.Fprintln(cmd.ErrOrStderr(), "prowatch:", err)
	}
	own, err := a.Runner.WatchRecord(cmd.Context())
	if err != nil {
		fmt.Fprintln(cmd.ErrOrStderr(), "prowatch:", err)
	}
	entries := []watch.Entry{}
	for _, rec := range append(records, own) {
		if account == "" || rec.Account == account {
			entries = append(entries, rec.Ledger...)
		}
	}
	slices.SortStableFunc(entries, func(a, b watch.Entry) int {
		return cmp.Or(b.Notice.At.Compare(a.Notice.At), cmp.Compare(a.Notice.Account, b.Notice.Account), cmp.Compare(b.Notice.Seq, a.Notice.Seq))
	})
	return entries, nil
}

func (p *process) printHistory(entries []watch.Entry) error {
	rows := [][]string{{"TIME", "ACCOUNT", "SEVERITY", "TYPE", "FACTS", "CHANNEL", "RECEIPT"}}
	for _, e := range entries {
		n := &e.Notice
		cells := []string{n.At.Local().Format("2006-01-02 15:04:05"), n.Account, string(n.Severity), string(n.Type), orDash(facts(n))}
		if len(e.Receipts) == 0 {
			rows = append(rows, append(cells, "-", "routed to no channel"))
		}
		for _, name := range slices.Sorted(maps.Keys(e.Receipts)) {
			rows = append(rows, append(slices.Clone(cells), name, receiptText(e.Receipts[name])))
			cells = []string{"", "", "", "", ""}
		}
	}
	return table(p.stdout, rows)
}

// receiptText is a receipt in a line.
func receiptText(r watch.Receipt) string {
	s := string(r.State)
	if r.By != "" {
		s += " by " + r.By
	}
	if detail := strings.TrimSpace(r.Code + " " + r.Text); detail != "" {
		s += ": " + detail
	}
	if r.Attempts > 1 {
		s += fmt.Sprintf(" (%d attempts)", r.Attempts)
	}
	return s
}
