package watch

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"
)

// The channel's own pause after failures in a row, where it asked for none.
// Runs are far apart, so the first failures make none.
const (
	patientFailures = 3
	firstPause      = time.Minute
	longestPause    = 15 * time.Minute
)

// settle writes down what became of the flight: first in the channel's record,
// so that it is known whatever happens next, then a receipt for each notice in
// its account's record, then it ends the flight. When the claim was lost only
// receipts are written, and only good ones: they hold whoever sends now.
func (d *delivery) settle(ctx context.Context, kept bool) {
	if !kept {
		d.spread(ctx, Sent, Accepted)
		return
	}
	d.judge()
	if err := d.saveRecord(ctx); err != nil {
		d.errs = append(d.errs, err)
	}
	d.land(d.spread(ctx, Sent, Accepted, Retry, Unknown, Permanent))
	if err := d.saveRecord(ctx); err != nil {
		d.errs = append(d.errs, err)
	}
}

// judge draws from the outcomes what they mean for the channel.
func (d *delivery) judge() {
	now := d.now()
	before := d.rec.Outage
	for i := range d.rec.Flight.Parcels {
		p := &d.rec.Flight.Parcels[i]
		switch {
		case p.Outcome == nil && p.Unsure == 0:
		case p.Outcome == nil:
			d.failing(Outcome{Result: Unknown, Text: p.Said}, now)
		case p.Outcome.Result == Sent, p.Outcome.Result == Accepted:
			d.rec.Failures, d.rec.FailingSince, d.rec.LastError = 0, time.Time{}, Outcome{}
			d.rec.PausedUntil, d.rec.GoodAt = time.Time{}, now
			if before != nil {
				before.Over = true
			}
		default:
			if p.Outcome.Result == Retry {
				d.rec.PausedUntil = now.Add(d.pause(p.Outcome.After))
			}
			d.failing(*p.Outcome, now)
			d.outage(p, now)
		}
	}
}

// failing counts a message that was not proved.
func (d *delivery) failing(out Outcome, now time.Time) {
	if d.rec.Failures++; d.rec.Failures == 1 {
		d.rec.FailingSince = now.UTC()
	}
	d.rec.LastError = out
}

// outage begins one, or lets it go on, where a notice of the parcel died, or is
// left without knowing whether it arrived. Who sends a test message sees its refusal.
func (d *delivery) outage(p *Parcel, now time.Time) {
	for _, m := range p.Members {
		rec := d.records[m.Account]
		if rec == nil || m.Account == TrialAccount || !lost(d.receipt(rec.receipt(m.Notice, d.ch.Name), p, now).State) {
			continue
		}
		if d.rec.Outage == nil {
			d.rec.Outage = &Outage{Account: m.Account, Since: now.UTC(), Why: *p.Outcome}
		}
		d.rec.Outage.Over = false
	}
}

func lost(s State) bool { return s == StateDead || s == StateUnknown }

// pause is how long the channel is left alone after a refusal.
func (d *delivery) pause(asked time.Duration) time.Duration {
	if asked > 0 {
		return min(asked, longestWait)
	}
	n := d.rec.Failures + 1 - patientFailures
	if n < 0 {
		return 0
	}
	pause := min(firstPause<<min(n, 10), longestPause)
	return time.Duration(float64(pause) * (0.8 + 0.4*d.random()))
}

// receipt returns what the parcel's outcome makes of a notice's receipt. One
// that is final already gives way only to proof.
func (d *delivery) receipt(r Receipt, p *Parcel, now time.Time) Receipt {
	out := p.Outcome
	if out == nil {
		if r.State.Open() {
			r.Attempts, r.At, r.Text = p.Tries, now.UTC(), clip("may have arrived, and will be sent again, marked: "+p.Said, 2*maxText)
		}
		return r
	}
	proved := out.Result == Sent || out.Result == Accepted
	if !r.State.Open() && (!proved || r.State == StateSent || r.State == StateAccepted) {
		return r
	}
	r.At, r.Message, r.Code, r.Text = now.UTC(), p.ID, out.Code, out.Text
	r.Attempts++
	switch out.Result {
	case Sent:
		r.State = StateSent
	case Accepted:
		r.State = StateAccepted
	case Unknown:
		r.State = StateUnknown
	case Permanent:
		r.State = StateDead
	case Retry:
		if r.State == StateHeld {
			r.State, r.Since = StatePending, now.UTC()
		}
		if now.Sub(earlier(r.Since, now)) > longestWait {
			r.State = StateDead
			r.Text = clip(fmt.Sprintf("not taken for %s: %s", Duration(longestWait), out.Text), 2*maxText)
		}
	}
	return r
}

// spread writes the receipts of the parcels with such an outcome, each account
// on its own, and returns the accounts whose record could not be written.
func (d *delivery) spread(ctx context.Context, results ...Result) (failed map[string]bool) {
	byAccount := map[string][]*Parcel{}
	accounts := slices.Collect(maps.Keys(d.aside))
	for i := range d.rec.Flight.Parcels {
		p := &d.rec.Flight.Parcels[i]
		if p.Outcome == nil && p.Unsure == 0 || p.Outcome != nil && !slices.Contains(results, p.Outcome.Result) {
			continue
		}
		for _, m := range p.Members {
			byAccount[m.Account] = append(byAccount[m.Account], p)
			accounts = append(accounts, m.Account)
		}
	}
	if o := d.rec.Outage; o != nil && (o.Over || !o.Told) {
		accounts = append(accounts, o.Account)
	}
	slices.Sort(accounts)
	accounts = slices.Compact(accounts)
	var mu sync.Mutex
	failed = map[string]bool{}
	each(d.concurrency(), accounts, func(id string) {
		rec, notices, err := d.write(ctx, id, byAccount[id])
		mu.Lock()
		defer mu.Unlock()
		if err != nil {
			failed[id] = true
			d.errs = append(d.errs, err)
			return
		}
		d.open[id] = 0
		if rec != nil {
			d.open[id] = rec.openOn(d.ch.Name)
			d.tellOthers(rec, notices)
		}
	})
	return failed
}

// write writes an account's receipts into its record.
func (d *delivery) write(ctx context.Context, id string, parcels []*Parcel) (written *Record, notices []Notice, err error) {
	err = d.update(context.WithoutCancel(ctx), accountKey(id), func(data []byte) ([]byte, error) {
		written, notices = nil, nil
		if data == nil {
			return nil, nil
		}
		rec, err := DecodeRecord(data, id)
		if err != nil {
			return nil, err
		}
		written = &rec
		d.receipts(&rec, parcels)
		notices = d.ofOutage(&rec)
		rec.trim()
		return rec.Encode()
	})
	return written, notices, err
}

// receipts puts the parcels' outcomes into the record's ledger.
func (d *delivery) receipts(rec *Record, parcels []*Parcel) {
	now := d.now()
	parcelOf := map[string]*Parcel{}
	for _, p := range parcels {
		for _, m := range p.Members {
			if m.Account == rec.Account {
				parcelOf[m.Notice] = p
			}
		}
	}
	for i := range rec.Ledger {
		e := &rec.Ledger[i]
		r, ok := e.Receipts[d.ch.Name]
		if !ok {
			continue
		}
		if p := parcelOf[e.Notice.ID]; p != nil {
			e.Receipts[d.ch.Name] = d.receipt(r, p, now)
			continue
		}
		for _, a := range d.aside[rec.Account] {
			if a.notice == e.Notice.ID && r.State.Open() {
				r.State, r.By, r.At = a.state, a.by, now.UTC()
				e.Receipts[d.ch.Name] = r
			}
		}
	}
}

// ofOutage makes the notice that the channel fails, or succeeds again, in the
// record of the account that tells of it.
func (d *delivery) ofOutage(rec *Record) []Notice {
	o := d.rec.Outage
	if o == nil || o.Account != rec.Account {
		return nil
	}
	name := deliveryProblem(d.ch.Name)
	open := rec.find(name) >= 0
	var n Notice
	switch {
	case o.Over && open:
		n = Notice{Type: DeliveryRecovered, Severity: Info, Resolves: []string{name}, Message: d.ch.Name}
	case !o.Over && !open:
		n = Notice{Type: DeliveryFailed, Severity: Warning, Opens: name, Code: o.Why.Code, Message: o.Why.Text, Failures: d.rec.Failures}
	default:
		return nil
	}
	before := rec.Problems
	n = rec.tell(n, d.now().Truncate(time.Millisecond), d.now().UTC())
	n.Labels = d.labels(rec.Account)
	d.owe(rec, &n, before, d.ch.Name)
	return []Notice{n}
}

func (d *delivery) labels(account string) map[string]string {
	if a := d.accounts[account]; a != nil {
		return a.Labels
	}
	return nil
}

// tellOthers leaves the channel's own notices to the second pass.
func (d *delivery) tellOthers(rec *Record, notices []Notice) {
	for _, n := range notices {
		d.notices = append(d.notices, n)
		for name := range rec.entry(n.ID).Receipts {
			if d.also == nil {
				d.also = owing{}
			}
			d.also[name] = append(d.also[name], n.Account)
		}
	}
}

// land takes out of the flight what is settled, and ends it when nothing is
// left: what nobody knows the outcome of stays for a later run.
func (d *delivery) land(failed map[string]bool) {
	f := d.rec.Flight
	f.Until = d.now()
	f.Parcels = slices.DeleteFunc(f.Parcels, func(p Parcel) bool {
		return p.Outcome != nil && !slices.ContainsFunc(p.Members, func(m Member) bool { return failed[m.Account] })
	})
	if len(f.Parcels) == 0 {
		d.rec.Flight = nil
	}
	if o := d.rec.Outage; o != nil && !failed[o.Account] {
		o.Told = true
		if o.Over {
			d.rec.Outage = nil
		}
	}
}
