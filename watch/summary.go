package watch

import "time"

// A Summary is how everything is, as a [WatchAlive] notice tells it.
type Summary struct {
	Accounts int            `json:"accounts"`
	Statuses map[Status]int `json:"statuses"` // accounts by believed status
	Unread   int            `json:"unread"`   // accounts of which nothing was read yet
	Failing  int            `json:"failing"`  // accounts whose last check failed
	Critical int            `json:"critical"` // problems that are open
	Warning  int            `json:"warning"`

	// Nearest is the end that comes, or came, first among accounts that are
	// Normal, nil where none is known.
	Nearest *End `json:"nearest_end,omitempty"`

	Waiting int `json:"waiting"` // receipts that are open
	Unsure  int `json:"unsure"`  // receipts that are unknown
	Dead    int `json:"dead"`    // receipts that are dead

	GoodAt time.Time `json:"good_run_at,omitzero"` // when the last good run over all accounts began
	Since  time.Time `json:"since,omitzero"`       // the word before this one, or the mark
	Runs   int       `json:"runs,omitzero"`        // since then; 0 where that is not known
}

// An End is when an account's licence ends.
type End struct {
	Account  string    `json:"account"`
	EndTime  time.Time `json:"end_time"` // in the policy's zone
	DaysLeft float64   `json:"days_left"`
}

// summaryOf sums up an overview.
func summaryOf(o *Overview) *Summary {
	s := &Summary{Accounts: len(o.Accounts), Statuses: map[Status]int{}, GoodAt: o.GoodAt.UTC()}
	for i := range o.Accounts {
		a := &o.Accounts[i]
		if a.Edition.Status == "" {
			s.Unread++
		} else {
			s.Statuses[a.Edition.Status]++
		}
		if a.Failures > 0 {
			s.Failing++
		}
		for _, p := range a.Problems {
			switch p.Severity {
			case Critical:
				s.Critical++
			case Warning:
				s.Warning++
			}
		}
		s.Waiting, s.Unsure, s.Dead = s.Waiting+a.Waiting, s.Unsure+a.Unsure, s.Dead+a.Dead
		nearer := a.DaysLeft != nil && a.Edition.Status == Normal && (s.Nearest == nil || a.EndTime.Before(s.Nearest.EndTime))
		if nearer {
			s.Nearest = &End{Account: a.ID, EndTime: a.EndTime, DaysLeft: *a.DaysLeft}
		}
	}
	return s
}
