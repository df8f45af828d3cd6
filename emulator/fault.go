package emulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Forever, as a fault's Times, makes it stay until the faults are replaced.
const Forever = -1

// maxDelay bounds Fault.Delay.
const maxDelay = time.Hour

// Fault is what happens to a request instead of its answer. It is one of an
// error (Code), a status (HTTP, with or without Body), a body that is no
// envelope (Body alone), a closed connection (Drop) and nothing (Pass). A Delay
// may stand alone or before any of them.
//
// Go's own client sends a GET again when a connection it used before is closed
// on it, so a Drop may then take two requests.
type Fault struct {
	Code    string        // an error code of the service
	Message string        // its message; the service's own when empty
	HTTP    int           // a status, 200 to 599
	Body    string        // a body, sent as it is
	Delay   time.Duration // up to an hour
	Drop    bool
	Pass    bool
	Times   int // how many requests it takes: 0 is one, Forever all
}

// faultJSON is a fault as the admin API says it.
type faultJSON struct {
	Code    string `json:"code,omitempty"`
	Message string `json:"message,omitempty"`
	HTTP    int    `json:"http,omitempty"`
	Body    string `json:"body,omitempty"`
	Delay   string `json:"delay,omitempty"`
	Drop    bool   `json:"drop,omitempty"`
	Pass    bool   `json:"pass,omitempty"`
	Times   *int   `json:"times,omitempty"`
}

// MarshalJSON writes the form of the admin API: delay as "2s", and times with
// 0 for ever and left out for once.
func (f Fault) MarshalJSON() ([]byte, error) {
	j := faultJSON{Code: f.Code, Message: f.Message, HTTP: f.HTTP, Body: f.Body, Drop: f.Drop, Pass: f.Pass}
	if f.Delay > 0 {
		j.Delay = f.Delay.String()
	}
	if f.Times != 0 {
		n := max(f.Times, 0)
		j.Times = &n
	}
	return encode(j), nil
}

// UnmarshalJSON reads the form of the admin API and refuses unknown keys.
func (f *Fault) UnmarshalJSON(b []byte) error {
	var j faultJSON
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&j); err != nil {
		return err
	}
	*f = Fault{Code: j.Code, Message: j.Message, HTTP: j.HTTP, Body: j.Body, Drop: j.Drop, Pass: j.Pass}
	if j.Delay != "" {
		delay, err := time.ParseDuration(j.Delay)
		if err != nil {
			return fmt.Errorf("delay %q is no duration such as 2s or 300ms", j.Delay)
		}
		f.Delay = delay
	}
	if j.Times != nil {
		f.Times = *j.Times
		switch {
		case *j.Times < 0:
			return fmt.Errorf("times %d is negative; 0 means for ever", *j.Times)
		case *j.Times == 0:
			f.Times = Forever
		}
	}
	return nil
}

// kinds names what a fault is, which must be one thing.
func (f Fault) kinds() []string {
	var ks []string
	for _, k := range []struct {
		name string
		is   bool
	}{
		{"code", f.Code != ""}, {"http", f.HTTP != 0}, {"body", f.Body != "" && f.HTTP == 0},
		{"drop", f.Drop}, {"pass", f.Pass},
	} {
		if k.is {
			ks = append(ks, k.name)
		}
	}
	return ks
}

// check returns what is wrong with a fault.
func (f Fault) check() error {
	ks := f.kinds()
	_, known := textOf(f.Code)
	switch {
	case len(ks) > 1:
		return fmt.Errorf("%w: %s cannot be in one fault", ErrInvalid, strings.Join(ks, " and "))
	case len(ks) == 0 && f.Delay == 0:
		return fmt.Errorf("%w: a fault needs one of code, http, body, drop, pass and delay", ErrInvalid)
	case f.Message != "" && f.Code == "":
		return fmt.Errorf("%w: a message needs a code", ErrInvalid)
	case f.Code != "" && f.Message == "" && !known:
		return fmt.Errorf("%w: the service's message for %q is not known; give a message", ErrInvalid, f.Code)
	case f.HTTP != 0 && (f.HTTP < 200 || f.HTTP > 599):
		return fmt.Errorf("%w: http must lie between 200 and 599, and %d does not", ErrInvalid, f.HTTP)
	case f.Delay < 0 || f.Delay > maxDelay:
		return fmt.Errorf("%w: delay must lie between 0 and %s, and %s does not", ErrInvalid, maxDelay, f.Delay)
	case f.Times < Forever:
		return fmt.Errorf("%w: times %d is negative", ErrInvalid, f.Times)
	}
	return nil
}

// String says what a fault is in a few words, for the request log.
func (f Fault) String() string {
	s := strings.Join(f.kinds(), "")
	if f.Delay > 0 {
		s = strings.TrimSpace("delay " + s)
	}
	return s
}

// takeFault takes the next fault of an account, if there is one.
func (a *account) takeFault() (Fault, bool) {
	if len(a.faults) == 0 {
		return Fault{}, false
	}
	f := a.faults[0]
	switch {
	case f.Times == Forever:
	case f.Times > 1:
		a.faults[0].Times--
	default:
		a.faults = a.faults[1:]
	}
	return f, true
}

// apply returns the answer a fault makes of a call. regular gives the one
// without it.
func (f Fault) apply(c *call, regular func() answer) answer {
	var a answer
	switch {
	case f.Code != "" && f.Message != "":
		a = c.failed(f.Code, f.Message)
	case f.Code != "":
		t, _ := textOf(f.Code)
		a = c.refused(refuse(t))
	case f.HTTP != 0:
		a = answer{status: f.HTTP, body: []byte(f.Body)}
	case f.Body != "":
		a = answer{status: http.StatusOK, body: []byte(f.Body)}
	case f.Drop:
		a = answer{drop: true}
	default:
		a = regular()
	}
	a.delay, a.fault = f.Delay, f.String()
	return a
}

// Faults returns those that account id has yet to have. Its error is
// [ErrNoAccount].
func (e *Emulator) Faults(id string) ([]Fault, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	a, err := e.account(id)
	if err != nil {
		return nil, err
	}
	return slices.Clone(a.faults), nil
}

// SetFaults replaces the faults of account id. They are taken one a request,
// in order, by requests whose signature is right and that are within the rate.
// Its error is [ErrNoAccount] or [ErrInvalid].
func (e *Emulator) SetFaults(id string, faults ...Fault) error {
	for i, f := range faults {
		if err := f.check(); err != nil {
			return fmt.Errorf("fault %d: %w", i, err)
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	a, err := e.account(id)
	if err != nil {
		return err
	}
	a.faults = slices.Clone(faults)
	return nil
}
