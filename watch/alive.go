package watch

import (
	"context"
	"time"
)

// WatchAccount is the account of notices about prowatch itself. No configured
// one has a leading dot, so its record is nobody else's. The record's SeenAt is
// when the last word of life was due.
const WatchAccount = ".watch"

// leastAlive is how much of a run's time must be left to begin a word of life;
// otherwise the next run gives it.
const leastAlive = 4 * time.Second

// Life says where and when a word of life is due.
type Life struct {
	Channel string

	// Next returns the first time after t when a word is due, zero for never.
	Next func(t time.Time) time.Time
}

// Alive gives the channel a word of life, a [WatchAlive] notice, if one has come
// due since the last, and sends what is still owed of earlier ones; what it did
// is added to the report. The routes have no say.
//
// Of runs side by side one gives the word, since it and the mark that it was
// given are one write. The first call sets the mark alone, and several words
// that were missed are one.
func (r *Runner) Alive(ctx context.Context, life Life, report *Report) {
	if !enoughTime(ctx, leastAlive) {
		return
	}
	owing, err := r.tellLife(ctx, life, report)
	if err != nil {
		report.Errs = append(report.Errs, err)
	}
	if len(owing) == 0 {
		return
	}
	told := &Report{}
	r.tellAll(ctx, owing, told)
	report.Notices = append(report.Notices, told.Notices...)
	report.Deliveries = append(report.Deliveries, told.Deliveries...)
	report.Errs = append(report.Errs, told.Errs...)
	report.Pending += told.Pending
}

// tellLife makes the notice if it is due, and returns what is owed, by channel.
func (r *Runner) tellLife(ctx context.Context, life Life, report *Report) (map[string][]string, error) {
	var made []Notice
	var owing map[string][]string
	var overview *Overview
	err := r.update(ctx, accountKey(WatchAccount), func(data []byte) ([]byte, error) {
		made, owing = nil, map[string][]string{}
		rec, err := r.recordOf(data, WatchAccount)
		if err != nil {
			return nil, err
		}
		now := r.now().Truncate(time.Millisecond)
		due := rec.lifeDue(life, now)
		marked := rec.SeenAt
		if due {
			if overview == nil {
				overview, _ = r.Overview(ctx) // what cannot be read counts as unknown
			}
			made = []Notice{r.enterLife(&rec, life.Channel, overview, r.runsSince(ctx, marked), now)}
		}
		for _, name := range r.others(rec.owes(), "") {
			owing[name] = []string{WatchAccount}
		}
		if first := marked.IsZero() || marked.Sub(now) > backwards; !first && !due {
			return nil, nil
		}
		rec.SeenAt = now
		rec.trim()
		return rec.Encode()
	})
	if err != nil {
		return nil, err
	}
	report.Notices = append(report.Notices, made...)
	return owing, nil
}

// lifeDue reports whether a word has come due since the mark.
func (r *Record) lifeDue(life Life, now time.Time) bool {
	if r.SeenAt.IsZero() {
		return false
	}
	next := life.Next(r.SeenAt)
	return !next.IsZero() && !next.After(now)
}

// enterLife puts the word into the ledger. One that still waits has become old.
func (r *Runner) enterLife(rec *Record, channel string, o *Overview, runs int, now time.Time) Notice {
	summary := summaryOf(o)
	summary.Since, summary.Runs = rec.SeenAt.UTC(), runs
	n := rec.tell(Notice{Type: WatchAlive, Severity: Info, Summary: summary}, now, now)
	for i := range rec.Ledger {
		e := &rec.Ledger[i]
		for name, receipt := range e.Receipts {
			if e.Notice.Type == WatchAlive && receipt.State.Open() {
				receipt.State, receipt.By, receipt.At = StateSuperseded, n.ID, now.UTC()
				e.Receipts[name] = receipt
			}
		}
	}
	rec.enter(&n, []string{channel}, false)
	return n
}

// WatchRecord returns what is remembered of [WatchAccount]: the words of life,
// with their receipts.
func (r *Runner) WatchRecord(ctx context.Context) (Record, error) {
	data, err := load(ctx, r.Store, accountKey(WatchAccount))
	if err != nil {
		return NewRecord(WatchAccount), err
	}
	return r.recordOf(data, WatchAccount)
}

// runsSince counts the runs since a time, 0 where not all of them are
// remembered.
func (r *Runner) runsSince(ctx context.Context, since time.Time) int {
	last := r.lastRuns(ctx).Last
	n := 0
	for _, run := range last {
		if run.Began.After(since) {
			n++
		}
	}
	if n == maxRuns {
		return 0
	}
	return n
}
