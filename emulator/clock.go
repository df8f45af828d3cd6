package emulator

import (
	"fmt"
	"math"
	"time"
)

// maxSpeed is the fastest a virtual clock may run: ten days a second.
const maxSpeed = 1e6

// lastTime is where a virtual clock stops, the last second JSON can say.
var lastTime = time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)

// Clock is the emulator's virtual clock, which drives timelines and nothing
// else.
type Clock struct {
	Now time.Time `json:"now"`
	// Speed is how many seconds pass on it in a second; 0 is frozen.
	Speed float64 `json:"speed"`
}

// virtualClock is a clock that was set, or nil, which is the machine's.
type virtualClock struct {
	machine, virtual time.Time // at one moment
	speed            float64
}

// at returns what the clock shows when the machine's shows now.
func (v *virtualClock) at(now time.Time) time.Time {
	if v == nil {
		return now
	}
	seconds := now.Sub(v.machine).Seconds() * v.speed
	if left := lastTime.Unix() - v.virtual.Unix(); seconds >= float64(left) {
		return lastTime
	}
	whole, part := math.Modf(seconds)
	return time.Unix(v.virtual.Unix()+int64(whole), int64(v.virtual.Nanosecond())).
		Add(time.Duration(part * float64(time.Second))).In(v.virtual.Location())
}

// virtualNow returns the time on the virtual clock. The lock is held.
func (e *Emulator) virtualNow() time.Time { return e.clock.at(e.now()) }

// Clock returns the virtual clock.
func (e *Emulator) Clock() Clock {
	e.mu.Lock()
	defer e.mu.Unlock()
	c := Clock{Now: e.virtualNow(), Speed: 1}
	if e.clock != nil {
		c.Speed = e.clock.speed
	}
	return c
}

// SetClock sets the virtual clock. Its error is [ErrInvalid], for a time
// before 1970 or after 9999, or a speed below 0 or above a million.
func (e *Emulator) SetClock(c Clock) error {
	if err := c.check(); err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.clock = c.start(e.now())
	return nil
}

// start returns a clock that shows c when the machine's shows now.
func (c Clock) start(now time.Time) *virtualClock {
	return &virtualClock{machine: now, virtual: c.Now.Round(0), speed: c.Speed}
}

// check returns what is wrong with a clock.
func (c Clock) check() error {
	if y := c.Now.UTC().Year(); y < 1970 || y > 9999 {
		return fmt.Errorf("%w: now must lie between 1970 and 9999, not in %d", ErrInvalid, y)
	}
	if !(c.Speed >= 0 && c.Speed <= maxSpeed) { // NaN is neither.
		return fmt.Errorf("%w: speed must lie between 0 (frozen) and %g, and %g does not", ErrInvalid, float64(maxSpeed), c.Speed)
	}
	return nil
}

// ResetClock returns the virtual clock to the machine's.
func (e *Emulator) ResetClock() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.clock = nil
}
