package watch

import (
	"context"
	"slices"
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

	// Next is the account that the next run begins with, since the last one
	// ended before its turn; "" for the first one that is configured.
	Next string `json:"next_account,omitempty"`

	// Listing says when the store's accounts were compared with the configured.
	Listing Listing `json:"listing,omitzero"`
}

// A Run is one run in figures.
type Run struct {
	Began time.Time     `json:"began"`
	Took  time.Duration `json:"took_ns"`
	Whole bool          `json:"whole,omitempty"` // of all accounts
	Counts
	Skipped []string `json:"skipped_accounts,omitempty"` // the first of those it did not come to
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

// nextOf returns the account that the next run begins with: the first one, from
// where this run began, that it did not come to.
func nextOf(report *Report, first int) string {
	for i := range report.Accounts {
		if a := &report.Accounts[(first+i)%len(report.Accounts)]; a.Skipped {
			return a.Account
		}
	}
	return ""
}

// indexOf returns where the account is, 0 for one that is not there.
func indexOf(accounts []*Account, id string) int {
	return max(0, slices.IndexFunc(accounts, func(a *Account) bool { return a.ID == id }))
}

// add adds a run to the last ones.
func (r *Runs) add(run Run) {
	r.Format = format
	if run.good() {
		r.GoodAt = run.Began
	}
	r.Last = append(r.Last[max(0, len(r.Last)-maxRuns+1):], run)
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

// saveRun adds this run to the last ones. What a run over all accounts knows of
// the next one is saved with it.
func (r *Runner) saveRun(ctx context.Context, report *Report, next string, listing Listing) {
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
		if run.Whole {
			runs.Next, runs.Listing = next, listing
		}
		runs.add(run)
		return encodeRecord(runs, runsKey)
	})
	if err != nil {
		report.Errs = append(report.Errs, err)
	}
}
