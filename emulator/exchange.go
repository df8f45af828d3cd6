package emulator

import "time"

const (
	// maxExchanges is how many requests are remembered, the last ones.
	maxExchanges = 1000
	// maxRecorded is how much of any text of one is kept, in bytes.
	maxRecorded = 4 << 10
	// maxName is how much is kept of a text that is short when it is right.
	maxName = 512
	// maxAnswerKept is how much of an answer is kept that is no error, in
	// bytes: any edition whole, for the scenario.
	maxAnswerKept = 2 * maxEdition
)

// Exchange is one request of the API and its answer, as the request log keeps
// them. Keys and tokens in it are masked and long texts are cut.
type Exchange struct {
	At    time.Time `json:"at"`    // on the machine's clock
	Clock time.Time `json:"clock"` // what the virtual clock showed
	// Account is the SecretId of the account that the call was for, "" when
	// there is none. It is not Signing.SecretID when that is a temporary one.
	Account string  `json:"account,omitempty"`
	Request Request `json:"request"`
	Signing Signing `json:"signing"`
	Answer  Answer  `json:"answer"`
}

// Request is what was asked.
type Request struct {
	Method  string            `json:"method"`
	Target  string            `json:"target"` // path and query as sent
	Host    string            `json:"host"`
	Header  map[string]string `json:"header"` // those of the protocol
	Body    string            `json:"body,omitempty"`
	Action  string            `json:"action,omitempty"`
	Version string            `json:"version,omitempty"`
}

// Answer is what was answered.
type Answer struct {
	RequestID string `json:"request_id"`
	Status    int    `json:"status,omitempty"`  // absent when the connection was closed
	Code      string `json:"code,omitempty"`    // of an error
	Message   string `json:"message,omitempty"` // of an error
	Body      string `json:"body,omitempty"`
	Fault     string `json:"fault,omitempty"` // the fault that took part
	Delay     string `json:"delay,omitempty"`
	Dropped   bool   `json:"dropped,omitempty"`
	Cut       bool   `json:"cut,omitempty"`       // the body broke off
	Abandoned bool   `json:"abandoned,omitempty"` // the client left before it
}
