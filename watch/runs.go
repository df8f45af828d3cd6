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
	Format int       `json:"format"`
	Last   []Run     `json:"last"`             // oldest first
	GoodAt time.Time `json:"good_at,omitzero"` // when the last good run over all accounts began
}

// A Run is one run in figures.
type Run struct {
	Began time.Time     `json:"began"`
	Took  time.Duration `json:"took_ns"`
	Whole bool          `json:"whole,omitempty"` // of all accounts
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

// good reports whether the run was one over all accounts, and got a reading
// from one at least.
func (r *Run) good() bool { return r.Whole && (r.Checked > 0 || r.Accounts == 0) }

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
	run := Run{Began: report.Began.UTC(), Took: report.Took, Whole: report.Whole, Counts: report.Counts()}
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
		if run.good() {
			runs.GoodAt = run.Began
		}
		runs.Last = append(runs.Last[max(0, len(runs.Last)-maxRuns+1):], run)
		return encodeRecord(runs, runsKey)
	})
	if err != nil {
		report.Errs = append(report.Errs, err)
	}
}
