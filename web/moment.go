package web

import (
	"fmt"
	"time"
)

// A moment is a time as pages show it.
type moment struct {
	ISO string // for programs
	Abs string // to the minute, with its zone
	Rel string // as seen from now
}

// clock tells times to one reader.
type clock struct {
	now   time.Time
	zone  *time.Location
	words words
}

// moment returns t in the clock's zone, nil where it is absent.
func (c clock) moment(t time.Time) *moment {
	if t.IsZero() {
		return nil
	}
	t = t.In(c.zone)
	return &moment{ISO: t.Format(time.RFC3339), Abs: absolute(t), Rel: c.words.relative(t, c.now)}
}

// in returns the clock in another zone.
func (c clock) in(zone *time.Location) clock {
	if zone != nil {
		c.zone = zone
	}
	return c
}

// absolute writes a time to the minute, with its offset from UTC.
func absolute(t time.Time) string {
	_, offset := t.Zone()
	zone := "UTC"
	if offset != 0 {
		zone = fmt.Sprintf("UTC%+d", offset/3600)
		if m := offset / 60 % 60; m != 0 {
			zone += fmt.Sprintf(":%02d", max(m, -m))
		}
	}
	return t.Format("2006-01-02 15:04 ") + zone
}
