package watch

import (
	"context"
	"errors"
	"iter"
	"time"
)

// A Source says what the API says about one account. Its contract is the suite
// tcss/sourcetest.
type Source interface {
	// Read asks once and returns a readable answer, or an error that is a
	// [*Failure] (errors.As) with the class of the fault. It must return soon
	// after ctx ends, must be safe for use by many goroutines, must not hold a
	// fault of one call against the next, and its error must hold no secret.
	Read(ctx context.Context) (Reading, error)
}

// What a Store's methods return, by errors.Is. Any other error says that the
// store failed, and leaves open whether a write took effect.
var (
	ErrNotFound = errors.New("no such record")
	ErrConflict = errors.New("the record was changed by another writer")
)

// A Store keeps small records, each a few KB, under keys such as
// "account/acme-prod". It moves bytes and knows nothing of their meaning. Its
// contract is the suite store/storetest.
//
// Every method must return soon after ctx ends, and must write nothing if it
// was called after. It must be safe for use by many goroutines and processes at
// once. Its error must hold no secret, and says which record it is of.
type Store interface {
	// Load returns the record and its version, an opaque token that is never
	// "". A missing record must be [ErrNotFound]; one that is torn or foreign
	// must be another error, and must be left as it is. The caller may change
	// the bytes it gets.
	Load(ctx context.Context, key string) (data []byte, version string, err error)

	// Save writes the record if its version is still the expected one, "" for a
	// record that must not exist yet, and returns the new version. A record
	// that has another version, exists, or is gone must be [ErrConflict] and
	// left as it is: of any number of writers with the same expectation exactly
	// one wins. A save that returned must survive a crash; one that was cut off
	// must leave the old record or the new one, whole. It must not keep data.
	Save(ctx context.Context, key string, data []byte, expected string) (version string, err error)

	// Delete removes the record if its version is still the expected one;
	// otherwise it must be [ErrConflict], and [ErrNotFound] if there is none.
	Delete(ctx context.Context, key, expected string) error

	// List yields the keys that begin with prefix, sorted, each once. It stops
	// at the first error, which it yields with an empty key.
	List(ctx context.Context, prefix string) iter.Seq2[string, error]
}

// A BatchLoader is a Store that loads many records in few calls, where what
// keeps them can. Its contract is part of the suite store/storetest.
type BatchLoader interface {
	Store

	// LoadMany loads up to 100 records. A record that is missing is not in the
	// answer; one that is torn or foreign has its error there, and fails no
	// other. Where the error is not nil, what the answer lacks is unknown.
	LoadMany(ctx context.Context, keys []string) (map[string]Loaded, error)
}

// Loaded is one record of [BatchLoader.LoadMany]: what Store.Load would return.
type Loaded struct {
	Data    []byte
	Version string
	Err     error
}

// A Notifier delivers messages to one channel. Its contract is the suite
// notify/notifytest.
type Notifier interface {
	// Send delivers m once and says what became of it; it does not retry. It
	// must call a message [Sent] or [Accepted] only on the far side's own proof,
	// must return soon after ctx ends, must be safe for use by many goroutines,
	// must deliver the same m.ID with every attempt, and must put no secret,
	// its URL included, into the outcome.
	Send(ctx context.Context, m Message) Outcome
}

// A Message is one delivery to one channel: a notice, or several as a digest.
type Message struct {
	// ID is the notice's id, or for several the hash of their sorted ids. It is
	// the same on every attempt.
	ID string

	// At is when this attempt is made.
	At time.Time

	// Items are the notices, the most severe first, at least one.
	Items []Item

	// PossibleDuplicate says that an earlier attempt may have arrived.
	PossibleDuplicate bool
}

// An Item is a notice with what the configuration adds to it.
type Item struct {
	Notice  Notice
	Console string // the page to act on, a URL
	Runbook string // the owner's own page for this type, a URL or ""
}

// Result says what became of a message.
type Result string

// The results of [Notifier.Send].
const (
	Sent      Result = "sent"      // proved delivered
	Accepted  Result = "accepted"  // the far side queued it; more cannot be known
	Retry     Result = "retry"     // refused for now; it did not arrive
	Unknown   Result = "unknown"   // it may have arrived
	Permanent Result = "permanent" // refused for good
)

// An Outcome is what became of a message.
type Outcome struct {
	Result Result `json:"result"`

	// After is how long the whole channel asked to be left alone, with Retry; 0
	// where it did not say.
	After time.Duration `json:"after_ns,omitzero"`

	// Code is the far side's code, such as "93000" or "503"; "" without an answer.
	Code string `json:"code,omitempty"`

	// Text is the reason in plain words with its mend, or the proof. It is at
	// most 300 bytes and holds no secret.
	Text string `json:"text,omitempty"`
}
