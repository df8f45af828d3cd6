package watch_test

import (
	"testing"
	"time"

	"prowatch/watch"
)

// BenchmarkStep measures the rules alone: a quiet observation, as nearly all
// are; one that fails; and one that makes a notice.
func BenchmarkStep(b *testing.B) {
	pol := watch.DefaultPolicy()
	normal := watch.Edition{Status: watch.Normal, StartTime: "2025-12-01 00:00:00", EndTime: "2026-03-01 00:00:00", MaxPostPayCoresCnt: 500, ResourceID: "r-1"}
	isolated := normal
	isolated.Status = watch.Isolate
	rec, _ := watch.Step(watch.NewRecord("acme"), watch.Observation{At: origin, Reading: watch.Reading{Edition: normal}}, &pol)
	next := origin.Add(time.Hour)
	for _, bb := range []struct {
		name string
		obs  watch.Observation
	}{
		{"quiet", watch.Observation{At: next, Reading: watch.Reading{Edition: normal}}},
		{"failed", watch.Observation{At: next, Failure: &watch.Failure{Class: watch.Unavailable, Code: "InternalError"}}},
		{"changed", watch.Observation{At: next, Reading: watch.Reading{Edition: isolated}}},
	} {
		b.Run(bb.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				watch.Step(rec, bb.obs, &pol)
			}
		})
	}
}
