package watch

import (
	"context"
	"errors"
	"time"
)

// An Overview is what is remembered of everything that is configured, as people
// and programs are shown it. Its JSON is the answer of status and of the API.
type Overview struct {
	At       time.Time       `json:"at"`
	Accounts []AccountStatus `json:"accounts"`
	Channels []ChannelStatus `json:"channels"`
	LastRun  *Run            `json:"last_run,omitempty"`
	GoodAt   time.Time       `json:"good_run_at,omitzero"` // when the last good run over all accounts began
}

// AccountStatus is what is remembered of an account.
type AccountStatus struct {
	ID       string            `json:"id"`
	Labels   map[string]string `json:"labels,omitempty"`
	Edition  Edition           `json:"edition"`             // as believed
	EndTime  time.Time         `json:"end_time,omitzero"`   // in the policy's zone
	DaysLeft *float64          `json:"days_left,omitempty"` // negative once it has ended
	SeenAt   time.Time         `json:"seen_at,omitzero"`    // the latest check
	GoodAt   time.Time         `json:"good_at,omitzero"`    // the latest readable one
	Failures int               `json:"failures"`            // in a row
	Failure  *Failure          `json:"failure,omitempty"`
	Problems []Problem         `json:"problems"`
	Mute     *Mute             `json:"mute,omitempty"`
	Waiting  int               `json:"waiting"` // receipts that are open
	Unsure   int               `json:"unsure"`  // receipts that are unknown
	Dead     int               `json:"dead"`    // receipts that are dead
	Console  string            `json:"console,omitempty"`

	// Policy is the account's, with its thresholds and its zone; it is no part
	// of what is remembered.
	Policy *Policy `json:"-"`
}

// ChannelStatus is what is remembered of a channel.
type ChannelStatus struct {
	Name         string    `json:"name"`
	Type         string    `json:"type"`
	GoodAt       time.Time `json:"good_at,omitzero"`
	Failures     int       `json:"failures"` // messages in a row
	FailingSince time.Time `json:"failing_since,omitzero"`
	PausedUntil  time.Time `json:"paused_until,omitzero"`
	LastError    Outcome   `json:"last_error,omitzero"`
	Mute         *Mute     `json:"mute,omitempty"`
}

// Overview returns what is remembered. Its error says which records could not
// be read; the rest is there all the same.
func (r *Runner) Overview(ctx context.Context) (*Overview, error) {
	o, _, err := r.Recall(ctx)
	return o, err
}

// Recall returns the overview together with the accounts' records, in its
// order, which are read once. The error is as that of Overview.
func (r *Runner) Recall(ctx context.Context) (*Overview, []Record, error) {
	records, err1 := r.Records(ctx)
	channels, err2 := r.ChannelRecords(ctx)
	runs, err3 := r.Runs(ctx)
	o := &Overview{At: r.now(), Accounts: make([]AccountStatus, len(records)), Channels: make([]ChannelStatus, len(channels)), GoodAt: runs.GoodAt}
	for i := range records {
		o.Accounts[i] = StatusOf(&r.Accounts[i], &records[i], o.At)
	}
	for i, rec := range channels {
		o.Channels[i] = ChannelStatus{Name: rec.Channel, Type: r.Channels[i].Type, GoodAt: rec.GoodAt, Failures: rec.Failures,
			FailingSince: rec.FailingSince, PausedUntil: rec.PausedUntil, LastError: rec.LastError, Mute: rec.Mute}
	}
	if n := len(runs.Last); n > 0 {
		o.LastRun = &runs.Last[n-1]
	}
	return o, records, errors.Join(err1, err2, err3)
}

// StatusOf returns what rec remembers of the account, as of now.
func StatusOf(acc *Account, rec *Record, now time.Time) AccountStatus {
	s := AccountStatus{ID: acc.ID, Labels: acc.Labels, Edition: rec.Believed, SeenAt: rec.SeenAt, GoodAt: rec.GoodAt,
		Failures: rec.Failures, Problems: rec.Problems, Mute: rec.Mute, Console: acc.Console, Policy: &acc.Policy}
	if s.Problems == nil {
		s.Problems = []Problem{}
	}
	if rec.Failures > 0 {
		s.Failure = &rec.LastFailure
	}
	if end, err := ParseTime(rec.Believed.EndTime, acc.Policy.Zone); err == nil && !end.IsZero() {
		left := float64(end.Sub(now)/time.Minute) / (24 * 60)
		s.EndTime, s.DaysLeft = end, &left
	}
	for i := range rec.Ledger {
		for _, receipt := range rec.Ledger[i].Receipts {
			switch {
			case receipt.State.Open():
				s.Waiting++
			case receipt.State == StateUnknown:
				s.Unsure++
			case receipt.State == StateDead:
				s.Dead++
			}
		}
	}
	return s
}
