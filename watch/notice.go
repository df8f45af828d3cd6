package watch

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"time"
)

// Type names what a notice says.
type Type string

// The types of notices.
const (
	BaselineRecorded  Type = "baseline.recorded"
	StatusChanged     Type = "status.changed"
	ExpiryChanged     Type = "expiry.changed"
	ExpiryApproaching Type = "expiry.approaching"
	ExpiryReached     Type = "expiry.reached"
	CapacityChanged   Type = "capacity.changed"
	ResourceChanged   Type = "resource.changed"
	CheckFailing      Type = "check.failing"
	CheckRecovered    Type = "check.recovered"
	ProblemReminder   Type = "problem.reminder"
	DeliveryFailed    Type = "delivery.failed"
	DeliveryRecovered Type = "delivery.recovered"
	AccountStale      Type = "account.stale"
	AccountChecked    Type = "account.checked"
	AccountRemoved    Type = "account.removed"
	NotifyTest        Type = "notify.test"
	WatchAlive        Type = "watch.alive"
)

// Severity says how much a notice matters.
type Severity string

// The severities.
const (
	Info     Severity = "info"
	Warning  Severity = "warning"
	Critical Severity = "critical"
)

// Rank orders severities, the worst first: 0 is critical.
func (s Severity) Rank() int {
	switch s {
	case Critical:
		return 0
	case Warning:
		return 1
	}
	return 2
}

// The problems that the rules open. A channel that fails opens
// "delivery:<channel>".
const (
	ProblemStatus   = "status"
	ProblemExpiry   = "expiry"
	ProblemCapacity = "capacity"
	ProblemCheck    = "check"
	ProblemStale    = "stale"
)

// The kinds of [ExpiryChanged].
const (
	KindSet       = "set"       // no end was remembered
	KindRenewed   = "renewed"   // the end moved later
	KindShortened = "shortened" // the end moved earlier
)

// A Notice is something worth saying. Its JSON is the notice's one public
// shape: the data of a webhook, a line of simulate, a row of the record.
type Notice struct {
	ID       string            `json:"id"`  // 16 hex digits, see [NoticeID]
	Seq      uint64            `json:"seq"` // the account's notice count, from 1
	Account  string            `json:"account"`
	Labels   map[string]string `json:"labels,omitempty"`
	At       time.Time         `json:"at"` // when the observation began, UTC
	Type     Type              `json:"type"`
	Severity Severity          `json:"severity"`
	Opens    string            `json:"opens"`    // a problem, or ""
	Resolves []string          `json:"resolves"` // problems, never null

	// Edition is what is believed of the account after this observation, zero
	// before the first reading.
	Edition Edition `json:"edition,omitzero"`

	Before    Value     `json:"before,omitzero"`
	After     Value     `json:"after,omitzero"`
	EndTime   time.Time `json:"end_time,omitzero"` // the remembered end, in the policy's zone
	Threshold Duration  `json:"threshold,omitzero"`
	Kind      string    `json:"kind,omitempty"` // of ExpiryChanged

	Class     Class  `json:"class,omitempty"`
	Code      string `json:"code,omitempty"`
	Message   string `json:"message,omitempty"`
	RequestID string `json:"request_id,omitempty"`
	Failures  int    `json:"failures,omitzero"` // in a row

	Problem string    `json:"problem,omitempty"` // what a reminder repeats
	Since   time.Time `json:"since,omitzero"`    // when the problem was opened
	Count   int       `json:"count,omitzero"`    // reminders in a row, from 1

	Summary *Summary `json:"summary,omitempty"` // of WatchAlive
}

// A Value is one side of a change: a text, or for capacity both counts. As
// JSON it is a string or an object.
type Value struct {
	Text     string
	Capacity *Capacity
}

// Capacity is the two counts of an edition, with the API's field names.
type Capacity struct {
	CoresCnt           uint64 `json:"CoresCnt"`
	MaxPostPayCoresCnt uint64 `json:"MaxPostPayCoresCnt"`
}

// MarshalJSON writes the counts as an object, anything else as a string.
func (v Value) MarshalJSON() ([]byte, error) {
	if v.Capacity != nil {
		return json.Marshal(v.Capacity)
	}
	return json.Marshal(v.Text)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (v *Value) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '{' {
		return json.Unmarshal(b, &v.Capacity)
	}
	return json.Unmarshal(b, &v.Text)
}

// String writes v for a person.
func (v Value) String() string {
	if v.Capacity != nil {
		return fmt.Sprintf("%d cores to buy, elastic limit %d", v.Capacity.CoresCnt, v.Capacity.MaxPostPayCoresCnt)
	}
	return v.Text
}

// NoticeID returns the id of a notice: the first 16 hex digits of the SHA-256
// of account, seq, type and time (RFC 3339 in UTC), each followed by a newline.
// The same observation of the same record so has the same id, whoever makes it.
func NoticeID(account string, seq uint64, typ Type, at time.Time) string {
	b := make([]byte, 0, 128)
	b = append(append(b, account...), '\n')
	b = append(strconv.AppendUint(b, seq, 10), '\n')
	b = append(append(b, typ...), '\n')
	b = append(at.UTC().AppendFormat(b, time.RFC3339Nano), '\n')
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:8])
}
