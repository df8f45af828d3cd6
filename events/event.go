package events

import "time"

// An Event is what woke the function: a [Tick], a [Direct], a [Tell], a
// [*Request] or a [Batch].
type Event interface{ event() }

// The sources of a [Tick].
const (
	SCFTimer     = "scf.timer"
	AWSRule      = "aws.events"
	AWSScheduler = "aws.scheduler"
)

// A Tick is a schedule's: time for a run.
type Tick struct {
	Source string // [SCFTimer], [AWSRule] or [AWSScheduler]

	// Time is when the schedule fired, UTC; zero where the event has none that
	// can be read, for a run does not depend on it.
	Time time.Time

	// Name is the timer's name, or the ARN of the rule or schedule; "" where
	// the event has none.
	Name string

	// Accounts are the ids to check, each once, nil for all.
	Accounts []string

	// Tell says that it is time to tell what is owed, and not for a run.
	Tell bool
}

// A Direct is the call {"action":"check"}, made by a person or a program.
type Direct struct {
	// Accounts are the ids to check, each once, nil for all.
	Accounts []string

	// Sweep is nil but for a batch that a run handed to a worker.
	Sweep *Part
}

// A Part names one batch of a sweep over all accounts.
type Part struct {
	Sweep string // its id
	Batch int    // from 0
	Of    int    // batches of the sweep
}

// A Tell is the call {"action":"tell"}: time to tell what is owed.
type Tell struct{}

func (Tick) event()     {}
func (Direct) event()   {}
func (Tell) event()     {}
func (*Request) event() {}
func (Batch) event()    {}
