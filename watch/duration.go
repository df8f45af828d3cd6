package watch

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

const day = 24 * time.Hour

// Duration is a length of time in the notation of policies: a whole number
// with a unit, "7d", "36h", "90m" or "45s". A day is 24 hours.
type Duration time.Duration

// ParseDuration reads the notation of [Duration]; "0" needs no unit. Go's own
// notation ("1h30m") is taken too. A negative duration is an error.
func ParseDuration(s string) (Duration, error) {
	bad := fmt.Errorf("%.40q is no duration: write a whole number and a unit, such as 7d, 36h or 90m", s)
	if days, ok := strings.CutSuffix(s, "d"); ok {
		n, err := strconv.ParseUint(days, 10, 16)
		if err != nil {
			return 0, bad
		}
		return Duration(time.Duration(n) * day), nil
	}
	d, err := time.ParseDuration(s)
	if err != nil || d < 0 {
		return 0, bad
	}
	return Duration(d), nil
}

// String writes d with the largest unit that divides it.
func (d Duration) String() string {
	t := time.Duration(d)
	for _, u := range []struct {
		unit time.Duration
		name string
	}{{day, "d"}, {time.Hour, "h"}, {time.Minute, "m"}} {
		if t != 0 && t%u.unit == 0 {
			return strconv.FormatInt(int64(t/u.unit), 10) + u.name
		}
	}
	return t.String()
}

// MarshalText writes the notation that [ParseDuration] reads.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what [ParseDuration] reads.
func (d *Duration) UnmarshalText(b []byte) error {
	v, err := ParseDuration(string(b))
	if err == nil {
		*d = v
	}
	return err
}
