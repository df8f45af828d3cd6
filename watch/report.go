package watch

import "time"

// A Report is what one run did.
type Report struct {
	Began time.Time
	Took  time.Duration

	// Whole says that the run was over all accounts.
	Whole bool

	// HandedOut counts the accounts that were handed to workers instead.
	HandedOut int

	// Completed is a sweep in figures: the one whose last batch this run did, or of
	// a run that handed accounts out the one before.
	Completed *Run

	// Accounts are the run's accounts, in the order of the configuration.
	Accounts []AccountReport

	// Notices are what this run made, in the order of the accounts.
	Notices []Notice

	// Deliveries are the messages this run sent or tried to send, by channel.
	Deliveries []DeliveryReport

	// Pending counts the notices still owed to some channel after the run, one
	// for each channel.
	Pending int

	// Paused are the channels that something is owed to, and that were left alone
	// since they had asked for it.
	Paused []Paused

	// Errs are faults that concern no one account: of a channel's record, of
	// that of the last runs, or of the list of accounts.
	Errs []error
}

// AccountReport is what a run found of one account.
type AccountReport struct {
	Account string

	// Skipped says that the account was not asked, for want of time.
	Skipped bool

	// Failure is why the check gave no reading, nil if it gave one.
	Failure *Failure

	// Err is why the account's record could not be loaded or saved. Nothing
	// was told of this run's observation then; the next run repeats it.
	Err error

	// Took is how long the whole check took, its record's load and save
	// included; 0 for an account that was skipped.
	Took time.Duration

	// Status is the believed BuyStatus, "" before the first reading.
	Status Status

	// EndTime is the believed end, zero where none is known.
	EndTime time.Time

	// Dead counts the receipts that were dead before this run told anybody.
	Dead int

	// Problems are what is open after this run.
	Problems []Problem
}

// DeliveryReport is one message that a run sent, or tried to.
type DeliveryReport struct {
	Channel string
	ID      string   // of the message
	Notices []string // ids
	Outcome Outcome

	// Took is how long the sending took, quick retries included; 0 where
	// nothing was sent, since what an earlier run sent was given up.
	Took time.Duration
}

// Paused is a channel that is left alone, until when and why.
type Paused struct {
	Channel string
	Until   time.Time
	Why     Outcome
}

// Counts are a run in figures, as the function answers and the logs hold them.
type Counts struct {
	Accounts int `json:"accounts"`
	Checked  int `json:"checked"`
	Failed   int `json:"failed"`
	Skipped  int `json:"skipped"`
	Notices  int `json:"notices"`
	Sent     int `json:"sent"` // notices × channels proved or accepted
	Pending  int `json:"pending"`

	HandedOut int `json:"handed_out,omitzero"` // to workers
}

// Counts returns the run's figures.
func (r *Report) Counts() Counts {
	c := Counts{Accounts: len(r.Accounts) + r.HandedOut, HandedOut: r.HandedOut, Notices: len(r.Notices), Pending: r.Pending}
	for _, a := range r.Accounts {
		switch {
		case a.Skipped:
			c.Skipped++
		case a.Failure != nil || a.Err != nil:
			c.Failed++
		default:
			c.Checked++
		}
	}
	for _, d := range r.Deliveries {
		if d.Outcome.Result == Sent || d.Outcome.Result == Accepted {
			c.Sent += len(d.Notices)
		}
	}
	return c
}

// Done reports whether the run did anything at all: whether some account was
// asked and its record kept, or there was none to ask.
func (r *Report) Done() bool {
	for _, a := range r.Accounts {
		if !a.Skipped && a.Err == nil {
			return true
		}
	}
	return len(r.Accounts) == 0
}
