package watch

import (
	"context"
	"slices"
	"time"
)

// A Mute holds back what is not urgent, of an account or to a channel.
//
// A notice that opens a problem or raises it to critical is told all the same,
// unless All. A reminder is dropped. A resolve goes where its opening went. The
// rest is held, and told by the first run after the mute.
type Mute struct {
	Since  time.Time `json:"since"`
	Until  time.Time `json:"until,omitzero"` // zero until it is taken back
	Reason string    `json:"reason,omitempty"`
	All    bool      `json:"all,omitempty"`
}

// active reports whether m holds at now.
func (m *Mute) active(now time.Time) bool {
	return m != nil && (m.Until.IsZero() || now.Before(m.Until))
}

// MuteAccount sets the account's mute, or with nil takes it back.
func (r *Runner) MuteAccount(ctx context.Context, id string, m *Mute) error {
	return r.update(ctx, accountKey(id), func(data []byte) ([]byte, error) {
		rec, err := r.recordOf(data, id)
		if err != nil {
			return nil, err
		}
		rec.Mute = m
		return rec.Encode()
	})
}

// MuteChannel sets the channel's mute, or with nil takes it back.
func (r *Runner) MuteChannel(ctx context.Context, name string, m *Mute) error {
	return r.update(ctx, channelKey(name), func(data []byte) ([]byte, error) {
		rec, err := DecodeChannelRecord(data, name)
		if err != nil {
			return nil, err
		}
		rec.Mute = m
		return rec.encode()
	})
}

// Redrive makes every receipt that is dead or unknown pending again, of the
// channel or with "" of all of them, and returns how many there were. The next run, or [Runner.Tell],
// sends them.
func (r *Runner) Redrive(ctx context.Context, channel string) (int, error) {
	total := 0
	for i := range r.Accounts {
		n := 0
		id := r.Accounts[i].ID
		err := r.update(ctx, accountKey(id), func(data []byte) ([]byte, error) {
			if data == nil {
				return nil, nil
			}
			rec, err := DecodeRecord(data, id)
			if err != nil {
				return nil, err
			}
			if n = rec.redrive(channel, r.channelNames(), r.now().UTC()); n == 0 {
				return nil, nil
			}
			return rec.Encode()
		})
		if err != nil {
			return total, err
		}
		total += n
	}
	return total, nil
}

// redrive changes a record that is nobody else's.
func (r *Record) redrive(channel string, known []string, now time.Time) (n int) {
	for i := range r.Ledger {
		for name, receipt := range r.Ledger[i].Receipts {
			if (receipt.State == StateDead || receipt.State == StateUnknown) && (channel == "" || channel == name) && slices.Contains(known, name) {
				receipt.State, receipt.Since = StatePending, now
				r.Ledger[i].Receipts[name] = receipt
				n++
			}
		}
	}
	return n
}

// verdict is what a mute does to a notice that waits.
type verdict int

const (
	tellIt verdict = iota
	holdIt
	dropIt
)

// mute decides on a notice that waits for the channel.
func (d *delivery) mute(rec *Record, e *Entry, now time.Time) verdict {
	all := rec.Mute.active(now) && rec.Mute.All || d.rec.Mute.active(now) && d.rec.Mute.All
	switch {
	case !rec.Mute.active(now) && !d.rec.Mute.active(now):
		return tellIt
	case e.Notice.Type == ProblemReminder:
		return dropIt
	case e.Urgent && !all:
		return tellIt
	case len(e.Notice.Resolves) > 0 && slices.ContainsFunc(e.Notice.Resolves, func(name string) bool { return rec.went(name, e, d.ch.Name) }):
		return tellIt
	}
	return holdIt
}

// went reports whether the channel was told of the problem that e resolves. An
// opening that is no more in the ledger was told long ago.
func (r *Record) went(problem string, e *Entry, channel string) bool {
	went := true
	for i := range r.Ledger {
		o := &r.Ledger[i]
		if o.Notice.Seq >= e.Notice.Seq {
			break
		}
		if receipt, ok := o.Receipts[channel]; ok && o.Notice.Opens == problem && o.Notice.Since.Equal(e.Notice.Since) {
			if !receipt.State.Open() && receipt.State != StateDead && receipt.State != StateSuperseded {
				return true
			}
			went = false
		}
	}
	return went
}
