package watch

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"sync"
	"time"
)

// Bounds of the second phase.
const (
	attemptTime = 8 * time.Second  // one Send
	claimTime   = 12 * time.Second // a claim, renewed before each attempt; longer than one can take
	claimPoll   = 200 * time.Millisecond
	lastMoments = 3 * time.Second // before the deadline nothing is tried again
	lastMoment  = time.Second     // before the deadline nothing is sent at all
	longestWait = 24 * time.Hour  // then a notice that cannot be told is dead
)

// tellAll is phase two: every channel, side by side, is told what is owed to
// it. What that gives to tell, of channels that fail, is told in a second pass.
func (r *Runner) tellAll(ctx context.Context, owed owing, report *Report) {
	var mu sync.Mutex
	pending := map[string]int{}
	byID := r.byID()
	pass := func(channels []Channel, owed owing) owing {
		also := owing{}
		each(len(channels), channels, func(ch Channel) {
			d := delivery{Runner: r, ch: ch, owing: owed[ch.Name], accounts: byID}
			d.run(ctx)
			mu.Lock()
			defer mu.Unlock()
			pending[ch.Name] = d.pending()
			if pending[ch.Name] > 0 && !d.pausedUntil.IsZero() {
				report.Paused = append(report.Paused, Paused{Channel: ch.Name, Until: d.pausedUntil, Why: d.rec.LastError})
			}
			report.Deliveries = append(report.Deliveries, d.reports...)
			report.Notices = append(report.Notices, d.notices...)
			report.Errs = append(report.Errs, d.errs...)
			also.add(d.also)
		})
		return also
	}
	if also := pass(r.Channels, owed); len(also) > 0 {
		again := slices.DeleteFunc(slices.Clone(r.Channels), func(c Channel) bool { return also[c.Name] == nil })
		for name, accounts := range also {
			also[name] = append(accounts, owed[name]...)
		}
		pass(again, also)
	}
	for _, n := range pending {
		report.Pending += n
	}
	slices.SortStableFunc(report.Deliveries, func(a, b DeliveryReport) int {
		return r.indexOf(a.Channel) - r.indexOf(b.Channel)
	})
}

func (r *Runner) indexOf(name string) int {
	return slices.IndexFunc(r.Channels, func(c Channel) bool { return c.Name == name })
}

// delivery is one run's work on one channel.
type delivery struct {
	*Runner
	ch       Channel
	owing    []string // accounts
	accounts map[string]*Account

	rec     ChannelRecord
	version string
	records map[string]*Record // of what is sent or was left in flight, see slim
	open    map[string]int     // what each account owes the channel, but for what is muted
	unread  map[string]bool    // accounts whose record could not be loaded
	aside   map[string][]aside

	pausedUntil time.Time // it is, and was left alone

	reports []DeliveryReport
	notices []Notice // of the channel itself
	also    owing    // of those
	errs    []error
}

// run claims what is owed, sends it, and writes the receipts. A run beside this
// one that holds the claim is waited for: it may not know of all that is owed.
func (d *delivery) run(ctx context.Context) {
	patience := time.Now().Add(claimTime + 2*time.Second)
	for {
		if !d.load(ctx) {
			return
		}
		now := d.now()
		switch {
		case d.rec.Flight == nil && len(d.owing) == 0:
			return
		case d.rec.Flight != nil && d.rec.Flight.Until.After(now) && d.rec.Flight.Until.Before(now.Add(2*claimTime)):
			if time.Now().After(patience) || !d.timeLeft(ctx, lastMoment+claimPoll) || !wait(ctx, claimPoll) {
				d.count(ctx)
				return
			}
			continue
		}
		if d.rec.PausedUntil.After(now) && d.rec.PausedUntil.Before(now.Add(longestWait)) {
			d.pausedUntil = d.rec.PausedUntil
			d.count(ctx)
			return
		}
		if !d.timeLeft(ctx, lastMoment) {
			d.count(ctx)
			return
		}
		parcels := d.plan(ctx)
		if len(parcels) == 0 && d.rec.Flight == nil && len(d.aside) == 0 {
			return
		}
		d.rec.Flight = &Flight{Holder: rand.Text(), Until: now.Add(claimTime), Parcels: parcels}
		if err := d.saveRecord(ctx); errors.Is(err, ErrConflict) {
			continue
		} else if err != nil {
			d.errs = append(d.errs, err)
			return
		}
		d.settle(ctx, d.fly(ctx))
		return
	}
}

// load loads the channel's record and reports whether it could.
func (d *delivery) load(ctx context.Context) bool {
	data, version, err := d.Store.Load(ctx, channelKey(d.ch.Name))
	if errors.Is(err, ErrNotFound) {
		data, version, err = nil, "", nil
	}
	if err == nil {
		d.version = version
		d.rec, err = DecodeChannelRecord(data, d.ch.Name)
	}
	if err != nil && ctx.Err() == nil {
		d.errs = append(d.errs, err)
		d.count(ctx)
	}
	return err == nil
}

func (d *delivery) saveRecord(ctx context.Context) error {
	data, err := d.rec.encode()
	if err != nil {
		return err
	}
	version, err := d.save(ctx, channelKey(d.ch.Name), data, d.version)
	if err != nil {
		return err
	}
	d.version = version
	return nil
}

// timeLeft reports whether the run goes on, with more than least left.
func (d *delivery) timeLeft(ctx context.Context, least time.Duration) bool {
	deadline, ok := ctx.Deadline()
	return ctx.Err() == nil && (!ok || time.Until(deadline) > least)
}
