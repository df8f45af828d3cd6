package emulator_test

import (
	"strings"
	"testing"
	"time"

	"prowatch/emulator"
)

func TestTheClockIsSetAndReturned(t *testing.T) {
	now := noon
	e := emulator.New(&emulator.Options{Now: func() time.Time { return now }})
	set(t, e, "PUT", "clock", `{"now":"2027-01-01T00:00:00+08:00","speed":3600}`)
	now = now.Add(90 * time.Second)
	if got, want := e.Clock().Now.Format(time.RFC3339), "2027-01-04T18:00:00+08:00"; got != want {
		t.Errorf("90 s later at 3600: %s, want %s", got, want)
	}
	set(t, e, "PUT", "clock", `{"speed":0}`)
	now = now.Add(time.Hour)
	if got, want := e.Clock().Now.Format(time.RFC3339), "2027-01-04T18:00:00+08:00"; got != want {
		t.Errorf("frozen: %s, want %s", got, want)
	}
	if got := set(t, e, "DELETE", "clock", ""); !strings.Contains(got, now.Format(time.RFC3339)) {
		t.Errorf("clock = %s, want the machine's", got)
	}
	set(t, e, "PUT", "clock", `{"now":"9999-12-31T23:00:00Z","speed":1000000}`)
	now = now.Add(1000 * time.Hour)
	set(t, e, "GET", "clock", "") // Past the last year that JSON can say.
}

func TestATimelineIsPlayedOnTheVirtualClock(t *testing.T) {
	e := atNoon(emulator.Options{Rate: -1})
	set(t, e, "PUT", "clock", `{"now":"2026-01-01T00:00:00Z","speed":0}`)
	set(t, e, "PUT", account+"timeline", `[
		{"at":"2026-03-01T00:00:00Z","edition":{"BuyStatus":"Pending"}},
		{"at":"2026-02-01T00:00:00Z","edition":{"BuyStatus":"Isolate","EndTime":null}}]`)
	at := func(now string) (status, end any) {
		t.Helper()
		set(t, e, "PUT", "clock", `{"now":"`+now+`"}`)
		r := send(t, e, ask{}.tc3()).Response
		return r["BuyStatus"], r["EndTime"]
	}
	for _, tt := range []struct {
		now         string
		status, end any
	}{
		{"2026-01-31T23:59:59Z", "Normal", "2021-05-01 00:00:00"},
		{"2026-02-01T00:00:00Z", "Isolate", nil},
		{"2026-03-01T00:00:00Z", "Pending", nil},
		{"2026-01-15T00:00:00Z", "Normal", "2021-05-01 00:00:00"}, // Turned back.
	} {
		if status, end := at(tt.now); status != tt.status || end != tt.end {
			t.Errorf("%s: %v until %v, want %v until %v", tt.now, status, end, tt.status, tt.end)
		}
	}
	_, _ = at("2026-02-15T00:00:00Z")
	set(t, e, "PUT", account+"edition", `{"BuyStatus":"Normal"}`)
	if status, end := at("2026-02-16T00:00:00Z"); status != "Normal" || end != nil {
		t.Errorf("set by hand: %v until %v, want Normal over what was played", status, end)
	}
	if status, _ := at("2026-03-02T00:00:00Z"); status != "Pending" {
		t.Errorf("after it: %v, want the rest played", status)
	}
	set(t, e, "DELETE", account+"timeline", "")
	if status, _ := at("2026-01-01T00:00:00Z"); status != "Pending" {
		t.Errorf("deleted: %v, want what was played to stay", status)
	}
}
