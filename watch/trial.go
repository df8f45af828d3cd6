package watch

import (
	"context"
	"fmt"
	"time"
)

// TrialAccount is the account of test messages. No configured one has a
// leading dot, so its record is nobody else's.
const TrialAccount = ".test"

// Trial sends a test message to the channels named, through all that a real
// notice goes through, and returns the notice with its receipts: the proof, or
// the refusal. A channel that is muted or paused leaves its receipt open.
func (r *Runner) Trial(ctx context.Context, channels ...string) (Entry, error) {
	if r.Store == nil {
		return Entry{}, errNoStore
	}
	if unknown := r.unknownChannel(channels); unknown != "" {
		return Entry{}, fmt.Errorf("no channel %.64q is configured", unknown)
	}
	var n Notice
	err := r.update(ctx, accountKey(TrialAccount), func(data []byte) ([]byte, error) {
		rec, err := r.recordOf(data, TrialAccount)
		if err != nil {
			return nil, err
		}
		now := r.now().Truncate(time.Millisecond)
		n = rec.tell(Notice{Type: NotifyTest, Severity: Info}, now, now)
		rec.enter(&n, channels, true)
		rec.trim()
		return rec.Encode()
	})
	if err != nil {
		return Entry{}, err
	}
	owing := map[string][]string{}
	for _, name := range channels {
		owing[name] = []string{TrialAccount}
	}
	report := &Report{}
	r.tellAll(ctx, owing, report)
	return r.tried(ctx, n.ID)
}

func (r *Runner) unknownChannel(names []string) string {
	for _, name := range names {
		if r.indexOf(name) < 0 {
			return name
		}
	}
	return ""
}

// tried returns the entry of a test message, after it was sent.
func (r *Runner) tried(ctx context.Context, notice string) (Entry, error) {
	data, _, err := r.Store.Load(ctx, accountKey(TrialAccount))
	if err != nil {
		return Entry{}, err
	}
	rec, err := DecodeRecord(data, TrialAccount)
	if err != nil {
		return Entry{}, err
	}
	return rec.entry(notice), nil
}
