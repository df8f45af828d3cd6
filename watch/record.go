package watch

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// maxRecord bounds an encoded record, in bytes. DynamoDB's 400 KB is the
// smallest limit of the stores; a usual record is a few KB.
const maxRecord = 256 << 10

// Bounds of what a record remembers.
const (
	maxTold     = 32  // notices that are settled
	maxOwed     = 128 // notices with an open receipt
	maxReadings = 32  // distinct readings before the latest
)

// Record is what is remembered of one account.
type Record struct {
	Format  int    `json:"format"`
	Account string `json:"account"`

	Seq    uint64    `json:"seq"`              // notices so far
	SeenAt time.Time `json:"seen_at,omitzero"` // the latest observation
	GoodAt time.Time `json:"good_at,omitzero"` // the latest readable one

	// KnownAt is since when the account waits for its first check, zero once it
	// had one.
	KnownAt time.Time `json:"known_at,omitzero"`

	// RemovedAt is when the account was found to have left the configuration. Its
	// record is kept until nothing is owed.
	RemovedAt time.Time `json:"removed_at,omitzero"`

	// Believed is the edition that notices are made from; its Status is ""
	// before the baseline.
	Believed   Edition    `json:"believed,omitzero"`
	Candidates Candidates `json:"candidates,omitzero"`

	Announced Mark      `json:"announced,omitzero"` // of the believed end
	Problems  []Problem `json:"problems,omitempty"` // open ones
	Mute      *Mute     `json:"mute,omitempty"`

	Failures    int     `json:"failures,omitzero"` // in a row
	LastFailure Failure `json:"last_failure,omitzero"`

	Latest  Sighting   `json:"latest,omitzero"`
	Earlier []Sighting `json:"earlier,omitempty"` // distinct readings, oldest first

	// Ledger holds the notices that are owed and the last ones that were told,
	// oldest first.
	Ledger []Entry `json:"ledger,omitempty"`
}

// Candidates are the parts of a reading that differ from what is believed and
// were not yet seen often enough.
type Candidates struct {
	Status   Candidate `json:"status,omitzero"`
	End      Candidate `json:"end,omitzero"`
	Capacity Candidate `json:"capacity,omitzero"`
	Resource Candidate `json:"resource,omitzero"`
}

// A Candidate is a value that was seen, and how often in a row.
type Candidate struct {
	Value string `json:"value"`
	Seen  int    `json:"seen"`

	// Cores is, for capacity, the exact count before the first sight.
	Cores uint64 `json:"cores,omitzero"`
}

// A Mark is the tightest thing announced for an end: a threshold, or with Left
// 0 that it was reached. As text it is a duration.
type Mark struct {
	Set  bool
	Left Duration
}

// covers reports whether m was announced and is at least as tight as t.
func (m Mark) covers(t Mark) bool { return m.Set && m.Left <= t.Left }

// MarshalText writes the mark; an unset one is "".
func (m Mark) MarshalText() ([]byte, error) {
	if !m.Set {
		return nil, nil
	}
	return m.Left.MarshalText()
}

// UnmarshalText reads what MarshalText writes.
func (m *Mark) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*m = Mark{}
		return nil
	}
	m.Set = true
	return m.Left.UnmarshalText(b)
}

// A Problem is a condition that stays open between two notices.
type Problem struct {
	Name     string    `json:"name"`
	Severity Severity  `json:"severity"`
	Since    time.Time `json:"since"`
	Last     time.Time `json:"last"`              // its last notice
	Count    int       `json:"count,omitzero"`    // reminders since the last other notice
	Told     []string  `json:"told_to,omitempty"` // channels, since it was opened
}

// find returns the index of the open problem, or -1.
func (r *Record) find(name string) int {
	return slices.IndexFunc(r.Problems, func(p Problem) bool { return p.Name == name })
}

// change returns the i-th problem to be changed, in a list of the record's own.
func (r *Record) change(i int) *Problem {
	r.Problems = slices.Clone(r.Problems)
	return &r.Problems[i]
}

// tell completes a notice and does to the problems what it says. The notice is
// of the time at; its problems remember now.
func (r *Record) tell(n Notice, at, now time.Time) Notice {
	r.Seq++
	n.Seq, n.Account, n.At, n.Edition = r.Seq, r.Account, at.UTC(), r.Believed
	n.ID = NoticeID(n.Account, n.Seq, n.Type, n.At)
	if n.Resolves == nil {
		n.Resolves = []string{}
	}
	for _, name := range n.Resolves {
		i := r.find(name)
		n.Since = r.Problems[i].Since
		r.Problems = slices.Concat(r.Problems[:i], r.Problems[i+1:])
	}
	if n.Opens != "" {
		n.Since = r.open(n.Opens, n.Severity, now)
	}
	return n
}

// open opens the problem, or raises the one that is open, and returns since
// when it is.
func (r *Record) open(name string, severity Severity, now time.Time) time.Time {
	i := r.find(name)
	if i < 0 {
		r.Problems = slices.Concat(r.Problems, []Problem{{Name: name, Since: now}})
		i = len(r.Problems) - 1
	}
	p := r.change(i)
	p.Severity, p.Last, p.Count = severity, now, 0
	return p.Since
}

// A Sighting is a reading and when it was seen, first and last in a row.
type Sighting struct {
	Edition
	RequestID string    `json:"request_id,omitempty"` // of the last
	First     time.Time `json:"first"`
	Last      time.Time `json:"last"`
}

// NewRecord returns the record of an account of which nothing is known.
func NewRecord(account string) Record { return Record{Format: format, Account: account} }

// Encode returns the record as its one JSON document. A record over the
// bound is an error.
func (r Record) Encode() ([]byte, error) {
	r.Format = format
	return encodeRecord(r, "account/"+r.Account)
}

// DecodeRecord reads what Encode wrote for the account. A newer format, another
// account's record and anything that is no record are errors, and never to be
// overwritten.
func DecodeRecord(data []byte, account string) (Record, error) {
	var r Record
	if err := decodeRecord(data, &r, "account/"+account); err != nil {
		return Record{}, err
	}
	if r.Account != account {
		return Record{}, fmt.Errorf("record account/%s holds the account %.80q: it was moved or edited by hand; restore it, or delete it to start afresh", account, r.Account)
	}
	return r, nil
}

// encodeRecord is shared by the kinds of records.
func encodeRecord(v any, key string) ([]byte, error) {
	data, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("encoding record %s: %w", key, err)
	}
	if len(data) > maxRecord {
		return nil, fmt.Errorf("record %s would be %d bytes, over the bound of %d", key, len(data), maxRecord)
	}
	return data, nil
}
