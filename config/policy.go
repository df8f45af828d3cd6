package config

import (
	"time"
	_ "time/tzdata" // zones load where the machine has none, as in a cloud's function

	"prowatch/config/strict"
	"prowatch/watch"
)

// DecodePolicy reads a policy of which n, nil for nothing, holds what differs
// from base, and notes what is wrong with d.
func DecodePolicy(d *strict.Decoder, n *strict.Node, base watch.Policy) watch.Policy {
	var f policyForm
	d.Decode(n, &f, "a policy")
	p := base
	p.Zone = zone(d, &f.TimeZone, base.Zone)
	p.Thresholds = thresholds(d, &f.ExpiryThresholds, base.Thresholds)
	p.CriticalWithin = orElse(f.CriticalWithin, base.CriticalWithin)
	p.RemindEvery = orElse(f.RemindEvery, base.RemindEvery)
	p.StaleAfter = orElse(f.StaleAfter, base.StaleAfter)
	p.ExpirySource = orElse(f.ExpirySource, base.ExpirySource)
	p.Confirm = orElse(f.Confirm, base.Confirm)
	p.FailingAfter = orElse(f.FailingAfter, base.FailingAfter)
	fromOne(d, "confirm", &f.Confirm)
	fromOne(d, "failing_after", &f.FailingAfter)
	if f.StaleAfter.Good() && f.StaleAfter.Value == 0 {
		positive(d, "stale_after", f.StaleAfter.Node)
	}
	return p
}

func orElse[T any](f strict.Field[T], fallback T) T {
	if f.Set() {
		return f.Value
	}
	return fallback
}

// fromOne notes a count that is below one.
func fromOne(d *strict.Decoder, key string, f *number) {
	if f.Good() && f.Value < 1 {
		d.Addf(f.Node.Pos, "%s must be at least 1", key)
	}
}

func positive(d *strict.Decoder, key string, n *strict.Node) {
	d.Addf(n.Pos, "%s must be longer than nothing: write a duration such as 7d, 36h or 90m", key)
}

func thresholds(d *strict.Decoder, f *strict.Field[[]duration], base []watch.Duration) []watch.Duration {
	if !f.Set() {
		return base
	}
	if f.Node.Kind == strict.List && len(f.Node.Items) == 0 {
		d.Addf(f.Node.Pos, "expiry_thresholds is empty, so an end would be told only once it is reached: add one, or leave the key out")
	}
	var ts []watch.Duration
	for _, t := range f.Value {
		if t.Good() && t.Value == 0 {
			positive(d, "a threshold", t.Node)
		}
		ts = append(ts, t.Value)
	}
	return ts
}

// zone loads a zone of the IANA database. "Local" is refused, since it means
// another zone on each machine.
func zone(d *strict.Decoder, f *text, base *time.Location) *time.Location {
	if !f.Good() {
		return base
	}
	if f.Value != "" && f.Value != "Local" {
		if z, err := time.LoadLocation(f.Value); err == nil {
			return z
		}
	}
	mend := "write one of the zone database, such as Asia/Shanghai or UTC"
	if name := nearestZone(f.Value); name != "" {
		mend = "did you mean " + name + "?"
	}
	d.Addf(f.Node.Pos, "%s is no time zone: %s", f.Node.Show(), mend)
	return base
}

// nearestZone proposes a zone of a place where the service is sold, and
// Shanghai for the usual ways to say China's time.
func nearestZone(name string) string {
	switch name {
	case "CST", "Beijing", "Asia/Beijing", "China/Beijing", "UTC+8", "UTC+08:00", "GMT+8", "+8", "+08:00":
		return "Asia/Shanghai"
	}
	return strict.Nearest(name, []string{
		"UTC", "Asia/Shanghai", "Asia/Hong_Kong", "Asia/Taipei", "Asia/Singapore", "Asia/Tokyo", "Asia/Seoul",
		"Asia/Bangkok", "Asia/Jakarta", "Asia/Kolkata", "Asia/Dubai", "Asia/Riyadh", "Europe/London", "Europe/Berlin",
		"Europe/Paris", "America/New_York", "America/Chicago", "America/Los_Angeles", "America/Toronto",
		"America/Sao_Paulo", "Australia/Sydney",
	})
}
