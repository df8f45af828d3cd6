package emulator

import (
	"fmt"
	"slices"
	"time"
)

// Moment is a point of a timeline: from At on, Edition is laid over what the
// account answered before.
type Moment struct {
	At      time.Time `json:"at"`
	Edition Edition   `json:"edition"`
}

// edition returns what the account answers when the virtual clock shows now:
// its base with every moment up to now laid over it. Turning the clock back
// therefore undoes what was played, up to the last time the base was set.
func (a *account) edition(now time.Time) Edition {
	ed := a.base
	for _, m := range a.moments[a.settled:] {
		if m.At.After(now) {
			break
		}
		ed = ed.merged(m.Edition)
	}
	return ed
}

// settle makes what was played up to now part of the base.
func (a *account) settle(now time.Time) {
	a.base = a.edition(now)
	for a.settled < len(a.moments) && !a.moments[a.settled].At.After(now) {
		a.settled++
	}
}

// checkTimeline returns a sorted copy of moments that may be played.
func checkTimeline(moments []Moment) ([]Moment, error) {
	ms := make([]Moment, 0, len(moments))
	for i, m := range moments {
		if m.At.IsZero() {
			return nil, fmt.Errorf("%w: moment %d has no at", ErrInvalid, i)
		}
		if len(m.Edition) == 0 {
			return nil, fmt.Errorf("%w: moment %d has no edition", ErrInvalid, i)
		}
		ed, err := checkEdition(m.Edition)
		if err != nil {
			return nil, fmt.Errorf("moment %d: %w", i, err)
		}
		ms = append(ms, Moment{m.At, ed})
	}
	slices.SortStableFunc(ms, func(x, y Moment) int { return x.At.Compare(y.At) })
	return ms, nil
}

// Timeline returns the moments of account id, played or not, in order. Its
// error is [ErrNoAccount].
func (e *Emulator) Timeline(id string) ([]Moment, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	a, err := e.account(id)
	if err != nil {
		return nil, err
	}
	return checkTimeline(a.moments) // A copy, for they were checked before.
}

// SetTimeline replaces the timeline of account id. What the old one has played
// stays; moments of the new one that are past are played at once. Its error is
// [ErrNoAccount] or [ErrInvalid].
func (e *Emulator) SetTimeline(id string, moments ...Moment) error {
	ms, err := checkTimeline(moments)
	if err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	a, err := e.account(id)
	if err != nil {
		return err
	}
	a.settle(e.virtualNow())
	a.moments, a.settled = ms, 0
	return nil
}
