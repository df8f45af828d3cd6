package emulator

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Forever is a fault's Times that makes it stay until the faults are replaced.
const Forever = -1

// maxDelay bounds Fault.Delay.
const maxDelay = time.Hour

// Fault is what happens to a request instead of its answer. It is one of an
// error (Code), a status (HTTP, with or without Body), a body that is no
// envelope (Body alone), a closed connection (Drop), an answer that breaks off
// half-way (Cut) and nothing (Pass). A Delay may stand alone or before any of
// them. Action, Nth, Chance and Times say which requests it happens to.
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
	Cut     bool
	Pass    bool

	Action string  // takes requests of this action only; "" takes all
	Nth    int     // lets n-1 of its requests pass first, and what comes after it in the list waits; 0 and 1 let none
	Chance float64 // strikes with this probability, 0 to 1; 0 is always
	Seed   uint64  // what the chance is drawn from; it changes with each draw
	Times  int     // how many requests it takes, struck or not: 0 is one, Forever all
}

// kinds names what a fault is, which must be one thing.
func (f Fault) kinds() []string {
	var ks []string
	for _, k := range []struct {
		name string
		is   bool
	}{
		{"code", f.Code != ""}, {"http", f.HTTP != 0}, {"body", f.Body != "" && f.HTTP == 0},
		{"drop", f.Drop}, {"cut", f.Cut}, {"pass", f.Pass},
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
		return fmt.Errorf("%w: a fault needs one of code, http, body, drop, cut, pass and delay", ErrInvalid)
	case f.Message != "" && f.Code == "":
		return fmt.Errorf("%w: a message needs a code", ErrInvalid)
	case f.Code != "" && f.Message == "" && !known:
		return fmt.Errorf("%w: the service's message for %q is not known; give a message", ErrInvalid, f.Code)
	case f.HTTP != 0 && (f.HTTP < 200 || f.HTTP > 599):
		return fmt.Errorf("%w: http must lie between 200 and 599, and %d does not", ErrInvalid, f.HTTP)
	case f.Delay < 0 || f.Delay > maxDelay:
		return fmt.Errorf("%w: delay must lie between 0 and %s, and %s does not", ErrInvalid, maxDelay, f.Delay)
	}
	return f.checkWhich()
}

// checkWhich returns what is wrong with what says which requests it takes.
func (f Fault) checkWhich() error {
	switch {
	case f.Times < Forever:
		return fmt.Errorf("%w: times %d is negative", ErrInvalid, f.Times)
	case f.Nth < 0:
		return fmt.Errorf("%w: nth %d is negative; 1 is the next request", ErrInvalid, f.Nth)
	case !(f.Chance >= 0 && f.Chance <= 1): // NaN is neither.
		return fmt.Errorf("%w: chance must lie between 0 and 1, and %g does not", ErrInvalid, f.Chance)
	case f.Seed != 0 && f.Chance == 0:
		return fmt.Errorf("%w: a seed needs a chance", ErrInvalid)
	case f.Action != "" && !isAction(f.Action):
		return fmt.Errorf("%w: there is no action %q", ErrInvalid, f.Action)
	}
	return nil
}

func isAction(name string) bool {
	return slices.ContainsFunc(services, func(s service) bool { return s.has(name) })
}

// String says what a fault is in a few words, for the request log.
func (f Fault) String() string {
	s := strings.Join(f.kinds(), "")
	if f.Delay > 0 {
		s = strings.TrimSpace("delay " + s)
	}
	return s
}

// takeFault takes the next fault of an account that is for an action, and
// reports whether it strikes.
func (a *account) takeFault(action string) (Fault, bool) {
	i := slices.IndexFunc(a.faults, func(f Fault) bool { return f.Action == "" || f.Action == action })
	if i < 0 {
		return Fault{}, false
	}
	f := &a.faults[i]
	if f.Nth > 1 {
		f.Nth--
		return Fault{}, false
	}
	struck, strikes := *f, f.draw()
	switch {
	case f.Times == Forever:
	case f.Times > 1:
		f.Times--
	default:
		a.faults = slices.Delete(a.faults, i, i+1)
	}
	return struck, strikes
}

// draw reports whether a fault strikes this time. The draws follow from the
// seed alone: each is the next number of SplitMix64, whose state is the seed.
func (f *Fault) draw() bool {
	if f.Chance == 0 {
		return true
	}
	f.Seed += 0x9e3779b97f4a7c15
	z := f.Seed
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return float64((z^z>>31)>>11)/(1<<53) < f.Chance
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
	case f.Cut:
		a = regular()
		a.cut = true
	default:
		a = regular()
	}
	a.delay, a.fault = f.Delay, f.String()
	return a
}

// checkFaults returns what is wrong with the first fault that is.
func checkFaults(faults []Fault) error {
	for i, f := range faults {
		if err := f.check(); err != nil {
			return fmt.Errorf("fault %d: %w", i, err)
		}
	}
	return nil
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
// in order (one with an Action waits for it without holding up the others), by requests whose signature is right and that are within the rate.
// Its error is [ErrNoAccount] or [ErrInvalid].
func (e *Emulator) SetFaults(id string, faults ...Fault) error {
	if err := checkFaults(faults); err != nil {
		return err
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
