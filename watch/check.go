package watch

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"
)

// How one account is checked.
const (
	maxRaces  = 30 // lost races for one record, then it is given up
	raceWait  = 20 * time.Millisecond
	saveTime  = 3 * time.Second // a save may outlive the run's ctx by this
	askEnough = 5 * time.Second // a source that used this much of a run failed, rather than was cut off
)

// check is what phase one found of an account.
type check struct {
	AccountReport
	notices []Notice
	owes    []string // channels, one for each open receipt
}

// check loads, asks, steps and saves. A lost race starts over from a fresh
// load, with what was seen: the other run's step may have made it stale.
func (r *Runner) check(ctx context.Context, a *Account) check {
	c := check{AccountReport: AccountReport{Account: a.ID}}
	if !enoughTime(ctx) {
		c.Skipped = true
		return c
	}
	var obs *Observation
	c.Err = r.update(ctx, accountKey(a.ID), func(data []byte) ([]byte, error) {
		rec, err := r.recordOf(data, a.ID)
		if err != nil {
			return nil, err
		}
		if obs == nil {
			if obs = r.ask(ctx, a); obs == nil {
				c.Skipped = true
				return nil, nil
			}
			c.Failure = obs.Failure
		}
		next, changed := r.step(rec, *obs, a, &c)
		if !changed || r.DryRun {
			return nil, nil
		}
		return next.Encode()
	})
	if c.Err != nil {
		c.notices, c.owes = nil, nil
	}
	return c
}

// enoughTime reports whether an account may still be started.
func enoughTime(ctx context.Context) bool {
	deadline, ok := ctx.Deadline()
	return ctx.Err() == nil && (!ok || time.Until(deadline) >= startLeast)
}

// recordOf decodes the account's record; no data is a new record.
func (r *Runner) recordOf(data []byte, id string) (Record, error) {
	if data == nil {
		return NewRecord(id), nil
	}
	return DecodeRecord(data, id)
}

// ask observes the account, nil where the run was stopped meanwhile.
func (r *Runner) ask(ctx context.Context, a *Account) *Observation {
	obs := &Observation{At: r.now().Truncate(time.Millisecond)}
	began := time.Now()
	reading, err := a.Source.Read(ctx)
	switch {
	case err == nil:
		obs.Reading = reading
	case ctx.Err() != nil && !(errors.Is(ctx.Err(), context.DeadlineExceeded) && time.Since(began) >= askEnough):
		return nil
	default:
		obs.Failure = failureOf(err)
	}
	return obs
}

// step applies the rules, and writes what they said into the ledger.
func (r *Runner) step(rec Record, obs Observation, a *Account, c *check) (Record, bool) {
	s := step{Record: rec, obs: obs, pol: &a.Policy, now: obs.At}
	changed := s.run()
	for i := range s.notices {
		s.notices[i].Labels = a.Labels
		r.owe(&s.Record, &s.notices[i], rec.Problems, "")
	}
	s.trim()
	c.notices, c.owes = s.notices, s.owes()
	c.Status, c.Problems = s.Believed.Status, s.Problems
	return s.Record, changed
}

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

func accountKey(id string) string { return "account/" + id }

// update changes one record: it loads, lets change make the new bytes from the
// old (nil for a record that is missing), and saves where change gave any. A
// lost race starts over. The save may outlive ctx for a moment, so that what
// was seen is not lost to a run that is being stopped.
func (r *Runner) update(ctx context.Context, key string, change func([]byte) ([]byte, error)) error {
	var err error
	for try := range maxRaces {
		if try > 0 && !wait(ctx, time.Duration(float64(min(try, 10))*(0.5+r.random())*float64(raceWait))) {
			return fmt.Errorf("saving record %s: %w", key, context.Cause(ctx))
		}
		var data []byte
		var version string
		data, version, err = r.Store.Load(ctx, key)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return fmt.Errorf("loading record %s: %w", key, err)
		}
		if data, err = change(data); err != nil || data == nil {
			return err
		}
		if _, err = r.save(ctx, key, data, version); !errors.Is(err, ErrConflict) {
			break
		}
	}
	if err != nil {
		return fmt.Errorf("saving record %s: %w", key, err)
	}
	return nil
}

func (r *Runner) save(ctx context.Context, key string, data []byte, version string) (string, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), saveTime)
	defer cancel()
	return r.Store.Save(ctx, key, data, version)
}
