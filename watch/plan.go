package watch

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
)

// Bounds of what one run sends to one channel; the rest waits for the next.
const (
	maxDigest  = 2000 // notices in a digest
	maxSingles = 2000 // messages to a channel that takes one notice each
)

// aside is a waiting notice that is not to be told now: superseded, or held.
type aside struct {
	notice string
	state  State
	by     string
}

// plan decides what to send: first what a run that was cut off left, as it was,
// then what waits.
func (d *delivery) plan(ctx context.Context) []Parcel {
	d.fresh()
	flight := d.flying()
	d.look(ctx, accountsOf(flight), func(rec *Record) {
		d.records[rec.Account] = slim(rec, func(e *Entry) bool { return flight[Member{rec.Account, e.Notice.ID}] })
	})
	var parcels []Parcel
	flying := map[Member]bool{}
	if d.rec.Flight != nil {
		for _, p := range d.rec.Flight.Parcels {
			if p, ok := d.leftover(p); ok {
				parcels = append(parcels, p)
				for _, m := range p.Members {
					flying[m] = true
				}
			}
		}
	}
	waiting := d.waiting(ctx, unique(append(accountsOf(flight), d.owing...)), flying)
	if d.ch.Single {
		for _, m := range waiting {
			parcels = append(parcels, Parcel{ID: m.Notice, Members: []Member{m}})
		}
	} else if len(waiting) > 0 {
		parcels = append(parcels, Parcel{ID: digestID(waiting), Members: waiting})
	}
	for i := range parcels {
		if parcels[i].Outcome == nil && d.atHand(parcels[i]) {
			parcels[i].Tries++
		}
	}
	return parcels
}

// How often a message goes out to a far side that cannot tell a duplicate: the
// second send without an answer is the last, and of runs that were cut off with
// a claim, which perhaps sent nothing, the third.
const (
	maxUnsure = 2
	maxTries  = 3
)

// leftover looks at a parcel of a flight that was left. It is dropped when all
// its receipts are written; it is settled when one is, for they have one fate,
// and when it may have arrived often enough, or long enough ago.
func (d *delivery) leftover(p Parcel) (Parcel, bool) {
	if p.Outcome != nil {
		return p, true
	}
	open := false
	for _, m := range p.Members {
		if d.unread[m.Account] {
			open = true
			continue
		}
		rec := d.records[m.Account]
		if rec == nil {
			continue
		}
		switch receipt := rec.receipt(m.Notice, d.ch.Name); {
		case receipt.State.Open():
			open = true
		case receipt.Message == p.ID && receipt.State != StateSuperseded:
			p.Outcome = &Outcome{Result: receipt.State.result(), Code: receipt.Code, Text: receipt.Text}
		}
	}
	enough := (p.Unsure >= maxUnsure || p.Tries >= maxTries) && !d.ch.Idempotent
	if open && p.Outcome == nil && d.atHand(p) && (enough || p.Unsure > 0 && d.overdue(&p)) {
		p.Outcome = &Outcome{Result: Unknown, Text: p.uncertainty()}
		d.reports = append(d.reports, d.report(&p, *p.Outcome, 0))
	}
	return p, open
}

// overdue reports whether all that the parcel carries waited too long.
func (d *delivery) overdue(p *Parcel) bool {
	now := d.now()
	return !slices.ContainsFunc(p.Members, func(m Member) bool {
		rec := d.records[m.Account]
		return rec != nil && now.Sub(earlier(rec.receipt(m.Notice, d.ch.Name).Since, now)) <= longestWait
	})
}

// uncertainty says why nobody knows whether the parcel arrived.
func (p *Parcel) uncertainty() string {
	said := "no answer"
	if p.Said != "" {
		said = p.Said
	}
	return clip(fmt.Sprintf("may have arrived: %d runs sent it, or were about to (%s); prowatch redrive sends it again", p.Tries, said), 2*maxText)
}

// atHand reports whether all that the parcel carries can be read; otherwise it
// stays as it is for a later run.
func (d *delivery) atHand(p Parcel) bool {
	return !slices.ContainsFunc(p.Members, func(m Member) bool { return d.unread[m.Account] })
}

// result is what a final state was made from.
func (s State) result() Result {
	switch s {
	case StateSent:
		return Sent
	case StateAccepted:
		return Accepted
	case StateUnknown:
		return Unknown
	}
	return Permanent
}

// receipt returns the receipt of a notice on a channel, zero if there is none.
func (r *Record) receipt(notice, channel string) Receipt {
	return r.entry(notice).Receipts[channel]
}

// entry returns the ledger's entry of a notice, zero if there is none.
func (r *Record) entry(notice string) Entry {
	for i := range r.Ledger {
		if r.Ledger[i].Notice.ID == notice {
			return r.Ledger[i]
		}
	}
	return Entry{}
}

// covering returns the id of a newer notice that the channel is or was told and
// that says all that n does, "" where there is none.
func (d *delivery) covering(rec *Record, n *Notice, flying map[Member]bool) string {
	for i := range rec.Ledger {
		newer := &rec.Ledger[i].Notice
		if newer.Seq <= n.Seq || !covers(newer, n) {
			continue
		}
		switch rec.Ledger[i].Receipts[d.ch.Name].State {
		case StateSent, StateAccepted, StateUnknown:
			return newer.ID
		case StatePending, StateHeld:
			if flying[Member{rec.Account, newer.ID}] || d.mute(rec, &rec.Ledger[i], d.now()) == tellIt {
				return newer.ID
			}
		}
	}
	return ""
}

// unmuted returns the notices of a record that wait, but for those that a mute
// holds back.
func (d *delivery) unmuted(rec *Record, flying map[Member]bool) []*Notice {
	var own []*Notice
	now := d.now()
	for i := range rec.Ledger {
		e := &rec.Ledger[i]
		state := e.Receipts[d.ch.Name].State
		if state != StatePending && state != StateHeld || flying[Member{rec.Account, e.Notice.ID}] {
			continue
		}
		switch d.mute(rec, e, now) {
		case tellIt:
			own = append(own, &e.Notice)
		case dropIt:
			d.aside[rec.Account] = append(d.aside[rec.Account], aside{e.Notice.ID, StateSuperseded, "mute"})
		case holdIt:
			if state != StateHeld {
				d.aside[rec.Account] = append(d.aside[rec.Account], aside{e.Notice.ID, StateHeld, ""})
			}
		}
	}
	return own
}

// covers reports whether a newer notice says all that an older one says of
// problems. One that speaks of none is covered by none: its facts are its own.
func covers(newer, older *Notice) bool {
	about := append(slices.Clone(older.Resolves), older.Opens, older.Problem)
	about = slices.DeleteFunc(about, func(name string) bool { return name == "" })
	if len(about) == 0 {
		return false
	}
	return !slices.ContainsFunc(about, func(name string) bool {
		again := older.Type == ProblemReminder && newer.Problem == name
		return newer.Opens != name && !slices.Contains(newer.Resolves, name) && !again
	})
}

// digestID returns the id of a message: the notice's own, or the start of the
// SHA-256 of the sorted ids, each followed by a newline.
func digestID(members []Member) string {
	if len(members) == 1 {
		return members[0].Notice
	}
	ids := make([]string, len(members))
	for i, m := range members {
		ids[i] = m.Notice + "\n"
	}
	slices.Sort(ids)
	sum := sha256.Sum256([]byte(strings.Join(ids, "")))
	return hex.EncodeToString(sum[:8])
}
