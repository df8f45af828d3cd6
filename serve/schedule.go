package serve

import (
	"errors"
	"time"

	"github.com/robfig/cron/v3"
)

// A Schedule is the times to do a run at.
type Schedule struct {
	times cron.Schedule
	zone  *time.Location
}

// ParseSchedule reads five cron fields, or a word such as @hourly; they are of
// the zone.
func ParseSchedule(fields string, zone *time.Location) (Schedule, error) {
	times, err := cron.ParseStandard(fields)
	if err != nil {
		return Schedule{}, err
	}
	s := Schedule{times, zone}
	if s.Next(time.Unix(0, 0)).IsZero() {
		return Schedule{}, errors.New("no day is ever like that")
	}
	return s, nil
}

// Next returns the first time after t.
func (s Schedule) Next(t time.Time) time.Time { return s.times.Next(t.In(s.zone)) }

// spans are how far back a last time is looked for; the longest has a 29th of
// February.
var spans = []time.Duration{2 * time.Hour, 25 * time.Hour, 32 * 24 * time.Hour, 9 * 366 * 24 * time.Hour}

// Last returns the last time that is not after t, zero for none in nine years.
func (s Schedule) Last(t time.Time) time.Time {
	for _, span := range spans {
		last := time.Time{}
		for next := s.Next(t.Add(-span)); !next.IsZero() && !next.After(t); next = s.Next(next) {
			last = next
		}
		if !last.IsZero() {
			return last
		}
	}
	return time.Time{}
}
