package watch

import (
	"context"
	"strings"
)

// owing names the accounts that owe something to each channel.
type owing map[string][]string

func (o owing) add(other owing) {
	for name, accounts := range other {
		o[name] = append(o[name], accounts...)
	}
}

// take adds the notices of what was found to the report, and returns what is
// owed.
func (r *Report) take(checks []check) owing {
	o := owing{}
	for i := range checks {
		c := &checks[i]
		r.Notices = append(r.Notices, c.notices...)
		for _, name := range c.owes {
			o[name] = append(o[name], c.Account)
		}
		c.notices, c.owes = nil, nil
	}
	return o
}

// owing asks the accounts' records what they owe.
func (r *Runner) owing(ctx context.Context, accounts []*Account, report *Report) owing {
	o := owing{}
	keys := make([]string, len(accounts))
	for i, a := range accounts {
		keys[i] = accountKey(a.ID)
	}
	loadMany(ctx, r.Store, r.concurrency(), keys, func(key string, data []byte, err error) {
		id := strings.TrimPrefix(key, accountKey(""))
		rec, err := r.recordOr(data, id, err)
		if err != nil {
			report.Errs = append(report.Errs, err)
			return
		}
		for _, name := range rec.owes() {
			o[name] = append(o[name], id)
		}
	})
	return o
}
