package watch

import "time"

// State is what became of one notice on one channel.
type State string

// The states of a receipt. The first three are open, the others final.
const (
	StatePending    State = "pending"    // to be sent
	StateClaimed    State = "claimed"    // being sent by a run
	StateHeld       State = "held"       // muted
	StateSent       State = "sent"       // proved delivered
	StateAccepted   State = "accepted"   // queued by the far side
	StateUnknown    State = "unknown"    // may have arrived, and is left so
	StateSuperseded State = "superseded" // a newer notice said it
	StateDead       State = "dead"       // refused for good, or too old
)

// Open reports whether the notice is still owed.
func (s State) Open() bool {
	switch s {
	case StatePending, StateClaimed, StateHeld:
		return true
	}
	return false
}

// An Entry is a notice and its receipts, one for each channel it was routed to.
type Entry struct {
	Notice   Notice             `json:"notice"`
	Receipts map[string]Receipt `json:"receipts,omitempty"`

	// Urgent says that the notice opened a problem or raised it to critical.
	Urgent bool `json:"urgent,omitempty"`
}

// Open reports whether the notice is still owed to some channel.
func (e *Entry) Open() bool {
	for _, r := range e.Receipts {
		if r.State.Open() {
			return true
		}
	}
	return false
}

// A Receipt says what became of a notice on a channel.
type Receipt struct {
	State    State     `json:"state"`
	Since    time.Time `json:"since"`       // when it came to be owed
	At       time.Time `json:"at,omitzero"` // when the state was reached
	Attempts int       `json:"attempts,omitzero"`
	Message  string    `json:"message,omitempty"` // the id of the message that carried it
	Code     string    `json:"code,omitempty"`    // the far side's
	Text     string    `json:"text,omitempty"`    // the proof, or the reason
	By       string    `json:"by,omitempty"`      // the notice that superseded it
}
