package scenario

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"prowatch/config/strict"
	"prowatch/watch"
)

// A Scenario is the life of one account, step by step.
type Scenario struct {
	File    string // its name, for what is said of it
	Title   string
	Account string
	Policy  watch.Policy
	Steps   []Step
}

// A Step is one observation and what the rules are to say to it. It has API or
// Fault, not both.
type Step struct {
	At    time.Time
	API   json.RawMessage // the Response object, which may be an unreadable one
	Fault *Fault

	// Want are the notices of this step, in order: nil where nothing is
	// compared, and empty for none.
	Want []Want

	Pos strict.Pos
}

// A Fault is a check without an answer: the API's own error, with Code, or one
// of Network and Body.
type Fault struct {
	Code    string
	Message string
	Network string // what the network said
	Body    string // a body that is no answer of the API
}

// A Want is what one notice must say, key by key; keys that it lacks are free.
type Want struct {
	Keys []Key
	Pos  strict.Pos
}

// A Key is one key of a notice and the value it must have, as JSON.
type Key struct {
	Name  string
	Value json.RawMessage
	Pos   strict.Pos
}

// Observation returns what the rules are given for the step.
func (s *Step) Observation() watch.Observation {
	o := watch.Observation{At: s.At}
	if s.Fault != nil {
		o.Failure = s.Fault.failure()
		return o
	}
	r, err := watch.DecodeReading(s.API)
	if errors.As(err, &o.Failure) {
		return o
	}
	o.Reading = r
	return o
}

// failure is the one that the API client makes of such a fault.
func (f *Fault) failure() *watch.Failure {
	switch {
	case f.Code != "":
		return &watch.Failure{Class: watch.ClassOf(f.Code), Code: f.Code, Message: f.Message}
	case f.Network != "":
		return &watch.Failure{Class: watch.Unavailable, Message: f.Network}
	}
	return &watch.Failure{Class: watch.Unavailable, Message: fmt.Sprintf("HTTP 200, no API answer: %.80q", f.Body)}
}
