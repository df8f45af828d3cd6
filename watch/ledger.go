package watch

import (
	"fmt"
	"maps"
	"slices"
)

// owe enters the notice into the ledger, to be told to the channels that its
// routes name and to those that were told of a problem it resolves. before are
// the problems as they were before the notice. A channel's own notice is owed
// to the others, to all of them where its routes name no other.
func (r *Runner) owe(rec *Record, n *Notice, before []Problem, not string) {
	channels := r.Routes.Channels(n)
	for _, p := range before {
		if slices.Contains(n.Resolves, p.Name) {
			for _, name := range p.Told {
				channels = addName(channels, name)
			}
		}
	}
	channels = r.others(channels, not)
	if not != "" && len(channels) == 0 {
		channels = r.others(r.channelNames(), not)
	}
	rec.enter(n, channels, urgent(n, before))
}

// rehome gives up what is owed to channels that are not configured any more,
// and owes it to those that the routes name now and that know nothing of it.
func (r *Runner) rehome(rec *Record) (changed bool) {
	known := r.channelNames()
	for i := range rec.Ledger {
		receipts := rec.Ledger[i].Receipts
		for name, receipt := range receipts {
			if !receipt.State.Open() || slices.Contains(known, name) {
				continue
			}
			if !changed {
				rec.Ledger, changed = slices.Clone(rec.Ledger), true
			}
			e := &rec.Ledger[i]
			e.Receipts = maps.Clone(e.Receipts)
			receipt.State, receipt.Text = StateDead, "the channel is not configured any more"
			e.Receipts[name] = receipt
			for _, other := range r.others(r.Routes.Channels(&e.Notice), "") {
				if _, ok := e.Receipts[other]; !ok {
					e.Receipts[other] = Receipt{State: StatePending, Since: receipt.Since}
				}
			}
		}
	}
	return changed
}

// others returns the configured ones of the channels, without one.
func (r *Runner) others(names []string, not string) []string {
	known := r.channelNames()
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		return name == not || !slices.Contains(known, name)
	})
}

func (r *Runner) channelNames() []string {
	names := make([]string, len(r.Channels))
	for i := range r.Channels {
		names[i] = r.Channels[i].Name
	}
	return names
}

// urgent reports whether the notice opens a problem or raises it to critical.
func urgent(n *Notice, before []Problem) bool {
	i := slices.IndexFunc(before, func(p Problem) bool { return p.Name == n.Opens })
	return n.Opens != "" && (i < 0 || n.Severity == Critical && before[i].Severity != Critical)
}

// enter adds a notice that is owed to the channels, and remembers that they are
// told of its problem.
func (r *Record) enter(n *Notice, channels []string, urgent bool) {
	e := Entry{Notice: *n, Urgent: urgent, Receipts: map[string]Receipt{}}
	for _, name := range channels {
		e.Receipts[name] = Receipt{State: StatePending, Since: n.At}
	}
	r.Ledger = slices.Concat(r.Ledger, []Entry{e})
	about := n.Opens
	if about == "" {
		about = n.Problem
	}
	if i := r.find(about); i >= 0 {
		p := r.change(i)
		p.Told = slices.Clone(p.Told)
		for _, name := range channels {
			p.Told = addName(p.Told, name)
		}
		slices.Sort(p.Told)
	}
}

// trim bounds the ledger: of the settled notices the last are kept, and of
// those that are owed, should they ever be so many, the oldest are given up.
func (r *Record) trim() {
	settled, owed := 0, 0
	for i := range r.Ledger {
		if r.Ledger[i].Open() {
			owed++
		} else {
			settled++
		}
	}
	if settled <= maxTold && owed <= maxOwed {
		return
	}
	kept := make([]Entry, 0, len(r.Ledger))
	for _, e := range r.Ledger {
		if e.Open() && owed > maxOwed {
			e = e.giveUp(fmt.Sprintf("more than %d notices were waiting", maxOwed))
			owed, settled = owed-1, settled+1
		}
		if e.Open() || settled <= maxTold {
			kept = append(kept, e)
		} else {
			settled--
		}
	}
	r.Ledger = kept
}

// giveUp returns the entry with every open receipt dead.
func (e Entry) giveUp(why string) Entry {
	receipts := maps.Clone(e.Receipts)
	for name, r := range receipts {
		if r.State.Open() {
			r.State, r.Text = StateDead, why
			receipts[name] = r
		}
	}
	e.Receipts = receipts
	return e
}

// owes lists a channel for each open receipt.
func (r *Record) owes() []string {
	var names []string
	for i := range r.Ledger {
		for name, receipt := range r.Ledger[i].Receipts {
			if receipt.State.Open() {
				names = append(names, name)
			}
		}
	}
	return names
}

// dead counts the receipts that are dead.
func (r *Record) dead() (n int) {
	for i := range r.Ledger {
		for _, receipt := range r.Ledger[i].Receipts {
			if receipt.State == StateDead {
				n++
			}
		}
	}
	return n
}
