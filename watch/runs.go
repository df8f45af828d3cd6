package watch

import (
	"context"
	"time"
)

// runsKey is the record of the last runs.
const runsKey = "run/last"

const (
	maxRuns    = 20   // runs that are remembered
	maxSkipped = 1000 // accounts skipped that are remembered of one run
)

// Runs are what is remembered of the last runs over one store.
type Runs struct {
	Format int   `json:"format"`
	Last   []Run `json:"last"` // oldest first
}

// A Run is one run in figures.
type Run struct {
	Began time.Time     `json:"began"`
	Took  time.Duration `json:"took_ns"`
	Counts
	Skipped []string `json:"skipped_accounts,omitempty"` // to come first in the next
}

// DecodeRuns reads the record of the last runs.
func DecodeRuns(data []byte) (Runs, error) {
	runs := Runs{Format: format}
	if data == nil {
		return runs, nil
	}
	return runs, decodeRecord(data, &runs, runsKey)
}

// skipped returns the accounts that the last run did not come to.
func (r Runs) skipped() []string {
	if len(r.Last) == 0 {
		return nil
	}
	return r.Last[len(r.Last)-1].Skipped
}

// lastRuns loads what is remembered of the last runs. Not to know it stops no
// run; a fault is told when this run is added.
func (r *Runner) lastRuns(ctx context.Context) Runs {
	data, _, err := r.Store.Load(ctx, runsKey)
	if err != nil {
		data = nil
	}
	runs, _ := DecodeRuns(data)
	return runs
}

// saveRun adds this run to the last ones.
func (r *Runner) saveRun(ctx context.Context, report *Report) {
	run := Run{Began: report.Began.UTC(), Took: report.Took, Counts: report.Counts()}
	for _, a := range report.Accounts {
		if a.Skipped && len(run.Skipped) < maxSkipped {
			run.Skipped = append(run.Skipped, a.Account)
		}
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), saveTime)
	defer cancel()
	err := r.update(ctx, runsKey, func(data []byte) ([]byte, error) {
		runs, err := DecodeRuns(data)
		if err != nil {
			return nil, err
		}
		runs.Format = format
		runs.Last = append(runs.Last[max(0, len(runs.Last)-maxRuns+1):], run)
		return encodeRecord(runs, runsKey)
	})
	if err != nil {
		report.Errs = append(report.Errs, err)
	}
}
