package watch

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// A run's own retries of one message.
const (
	quickRetries = 2
	quickWait    = 2 * time.Second // the longest of them
	firstWait    = 500 * time.Millisecond
	maxFailed    = 2 // messages in a flight that fail, then the others wait
)

// fly sends the parcels that have no outcome yet, and reports whether the claim
// was kept. It stops where the channel asked to be left alone, and at the second
// that it refuses for now or does not answer: it is not ready for the others
// either. The first may be the notice's own fault.
func (d *delivery) fly(ctx context.Context) (kept bool) {
	failed := 0
	for i := range d.rec.Flight.Parcels {
		p := &d.rec.Flight.Parcels[i]
		if p.Outcome != nil || !d.atHand(*p) {
			continue
		}
		if !d.timeLeft(ctx, lastMoment) {
			d.release(i)
			return true
		}
		began := time.Now()
		out, kept := d.send(ctx, p)
		d.reports = append(d.reports, d.report(p, out, time.Since(began)))
		if out.Result == Unknown {
			p.Unsure++
			p.Said = out.Text
		} else {
			p.Outcome = &out
		}
		if !kept {
			return false
		}
		if out.Result == Retry || out.Result == Unknown {
			if failed++; failed == maxFailed || out.After > 0 {
				d.release(i + 1)
				return true
			}
		}
	}
	return true
}

// release takes the parcels from i on that were not sent by this run out of the
// flight; those that an earlier run may have sent stay in it.
func (d *delivery) release(i int) {
	f := d.rec.Flight
	rest := slices.DeleteFunc(slices.Clone(f.Parcels[i:]), func(p Parcel) bool { return p.Outcome == nil && p.Tries == 1 })
	for j := range rest {
		if rest[j].Outcome == nil {
			rest[j].Tries--
		}
	}
	f.Parcels = slices.Concat(f.Parcels[:i], rest)
}

func (d *delivery) report(p *Parcel, out Outcome, took time.Duration) DeliveryReport {
	r := DeliveryReport{Channel: d.ch.Name, ID: p.ID, Outcome: out, Took: took}
	for _, m := range p.Members {
		r.Notices = append(r.Notices, m.Notice)
	}
	return r
}

// send sends one parcel, with quick retries: of a refusal for now, and of an
// unknown outcome where the far side drops a duplicate. kept is false when the
// claim was lost.
func (d *delivery) send(ctx context.Context, p *Parcel) (out Outcome, kept bool) {
	m := d.message(p)
	m.PossibleDuplicate = p.Tries > 1
	for try := 0; ; try++ {
		if !d.renew(ctx) {
			return Outcome{Result: Unknown, Text: "another run took over"}, false
		}
		m.At = d.now()
		out = d.attempt(ctx, m)
		pause, again := d.again(out, try)
		if !again || !d.timeLeft(ctx, pause+lastMoments) || !wait(ctx, pause) {
			return out, true
		}
		m.PossibleDuplicate = m.PossibleDuplicate || out.Result == Unknown
	}
}

// again decides on a quick retry, and how long to wait before it.
func (d *delivery) again(out Outcome, try int) (time.Duration, bool) {
	if out.Result != Retry && !(out.Result == Unknown && d.ch.Idempotent) || try >= quickRetries {
		return 0, false
	}
	if out.After > 0 {
		return out.After, out.After <= quickWait
	}
	most := float64(firstWait << try)
	return time.Duration(most/2 + d.random()*most/2), true
}

// attempt calls Send, which a run that is being stopped lets finish.
func (d *delivery) attempt(ctx context.Context, m Message) Outcome {
	limit := attemptTime
	if deadline, ok := ctx.Deadline(); ok {
		limit = min(limit, time.Until(deadline)-lastMoment/2)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), limit)
	defer cancel()
	out := d.ch.Notifier.Send(ctx, m)
	out.Code, out.Text = clip(out.Code, maxText), clip(out.Text, 2*maxText)
	return out
}

// renew makes sure that the claim lasts for one more attempt, and writes down
// what was sent so far when it has to. A claim that was lost is nobody's to
// renew.
func (d *delivery) renew(ctx context.Context) bool {
	f := d.rec.Flight
	if f.Until.Sub(d.now()) > attemptTime+lastMoments {
		return true
	}
	f.Until = d.now().Add(claimTime)
	return d.saveRecord(ctx) == nil
}

// message makes a parcel's message, the most severe notice first.
func (d *delivery) message(p *Parcel) Message {
	m := Message{ID: p.ID}
	for _, member := range p.Members {
		rec := d.records[member.Account]
		if rec == nil {
			continue
		}
		for i := range rec.Ledger {
			if n := rec.Ledger[i].Notice; n.ID == member.Notice {
				m.Items = append(m.Items, Item{Notice: n, Console: d.console(n.Account), Runbook: d.Runbooks[n.Type]})
			}
		}
	}
	slices.SortStableFunc(m.Items, func(a, b Item) int {
		return cmp.Compare(a.Notice.Severity.Rank(), b.Notice.Severity.Rank())
	})
	return m
}

func (d *delivery) console(account string) string {
	if a := d.accounts[account]; a != nil {
		return a.Console
	}
	return ""
}
