package watch

import (
	"context"
	"encoding/json"
	"time"
)

// Fanout says how the accounts of a run over all of them are handed to workers,
// other instances of the same program with the same configuration and store.
type Fanout struct {
	Queue Queue

	// Batch is how many accounts are handed out in one call. It defaults to 100,
	// and is never more than the queue takes.
	Batch int
}

// A Queue carries calls to workers: each that it took at least once, to any of
// them, in any order.
type Queue interface {
	// Put puts calls on the queue, as many as its limits allow or fewer. It
	// returns for each why it was not taken, nil where it was. One that was not
	// taken may arrive all the same. It must return soon after ctx ends, must be
	// safe for use by many goroutines, and its errors must hold no secret.
	Put(ctx context.Context, calls []Call) []error

	// Limits returns what the queue takes.
	Limits() QueueLimits
}

// QueueLimits are what a [Queue] takes.
type QueueLimits struct {
	Calls    int  // in one Put
	Accounts int  // in one call, with the longest ids
	Delay    bool // Call.After is honoured
}

// A Call is what a worker gets: a direct call in JSON, as package events reads
// it.
type Call struct {
	Body  []byte
	After time.Duration // not to be delivered before
}

// A Part names one batch of a sweep, so that its worker can say that it is done.
type Part struct {
	Sweep string `json:"id"`
	Batch int    `json:"batch"` // from 0
	Of    int    `json:"of"`    // batches of the sweep
}

// call is the JSON of a direct call.
type call struct {
	Action   string   `json:"action"`
	Accounts []string `json:"accounts,omitempty"`
	Part     *Part    `json:"sweep,omitempty"`
}

func (c call) encode() []byte {
	b, _ := json.Marshal(c) // of strings and numbers
	return b
}

func (f *Fanout) batch() int {
	b := f.Batch
	if b < 1 {
		b = 100
	}
	return min(b, f.Queue.Limits().Accounts)
}
