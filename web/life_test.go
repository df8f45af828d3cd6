package web

import (
	"math"
	"strconv"
	"testing"
	"time"

	"prowatch/watch"
)

func TestTheBarOfALicence(t *testing.T) {
	zone := time.FixedZone("", 8*60*60)
	at := func(s string) time.Time {
		tm, err := watch.ParseTime(s, zone)
		if err != nil {
			t.Fatal(err)
		}
		return tm
	}
	now := at("2026-06-01 00:00:00")
	for _, tt := range []struct {
		name, start, end string
		gone             float64
		open, over       bool
		kind             kind
		ticks            int
	}{
		{name: "half over", start: "2026-05-02 00:00:00", end: "2026-07-01 00:00:00", gone: 50, kind: warn, ticks: 4},
		{name: "a year", start: "2026-01-01 00:00:00", end: "2027-01-01 00:00:00", gone: 100 * 151.0 / 365, kind: good, ticks: 2},
		{name: "starts after it ends, as the API's example does", start: "2027-01-01 00:00:00", end: "2026-07-16 00:00:00", gone: 50, open: true, kind: good, ticks: 4},
		{name: "starts when it ends", start: "2026-07-16 00:00:00", end: "2026-07-16 00:00:00", gone: 50, open: true, kind: good, ticks: 4},
		{name: "no start", end: "2026-07-16 00:00:00", gone: 50, open: true, kind: good, ticks: 4},
		{name: "a start that is no time", start: "yesterday", end: "2026-07-16 00:00:00", gone: 50, open: true, kind: good, ticks: 4},
		{name: "far away, no start", end: "2036-07-16 00:00:00", gone: 0, open: true, kind: good, ticks: 4},
		{name: "not begun", start: "2026-07-01 00:00:00", end: "2026-12-28 00:00:00", gone: 0, kind: good, ticks: 3},
		{name: "an hour left is seen", start: "2025-06-01 00:00:00", end: "2026-06-01 01:00:00", gone: 97.5, kind: bad, ticks: 2},
		{name: "over", start: "2025-05-01 00:00:00", end: "2026-05-01 00:00:00", gone: 100, over: true, kind: bad, ticks: 2},
		{name: "over to the second", start: "2025-05-01 00:00:00", end: "2026-06-01 00:00:00", gone: 100, over: true, kind: bad, ticks: 2},
		{name: "longer than a duration can be", start: "0001-01-01 00:00:00", end: "9999-12-31 00:00:00", gone: 20.25, kind: good},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := watch.AccountStatus{ID: "a", EndTime: at(tt.end), Edition: watch.Edition{Status: watch.Normal, StartTime: tt.start}}
			v := newView(&Page{Overview: &watch.Overview{At: now, Accounts: []watch.AccountStatus{a}}})
			l := v.lifeOf(&a)
			gone, err := strconv.ParseFloat(l.Gone, 64)
			left, _ := strconv.ParseFloat(l.Left, 64)
			if err != nil || math.Abs(gone+left-100) > .02 {
				t.Errorf("gone %s and left %s are no parts of a whole", l.Gone, l.Left)
			}
			if math.Abs(gone-tt.gone) > .02 {
				t.Errorf("gone = %s, want %.2f", l.Gone, tt.gone)
			}
			if l.Open != tt.open || l.Over != tt.over || l.Kind != tt.kind || len(l.Ticks) != tt.ticks {
				t.Errorf("open %t, over %t, %s, ticks %v; want %t, %t, %s, %d ticks", l.Open, l.Over, l.Kind, l.Ticks, tt.open, tt.over, tt.kind, tt.ticks)
			}
		})
	}
	if v := newView(&Page{Overview: &watch.Overview{At: now}}); v.lifeOf(&watch.AccountStatus{}) != nil {
		t.Error("an account without an end has a bar")
	}
}

func TestSayFillsInOnce(t *testing.T) {
	w := words{texts: map[string]string{"a": "{x} and {y}{z", "b": "{x}{x}", "c": "no {other} value"}}
	for _, tt := range []struct{ key, want string }{{"a", "{y} and 7{z"}, {"b", "{y}{y}"}, {"c", "no {other} value"}, {"none", "none"}} {
		if got := w.Say(tt.key, "x", "{y}", "y", 7); got != tt.want {
			t.Errorf("%s = %q, want %q", tt.key, got, tt.want)
		}
	}
}
