// Package metricstest has a state in which every figure of package metrics has
// a sample, for the tests of its writers.
package metricstest

import (
	"context"
	"errors"
	"runtime"
	"time"

	"prowatch/metrics"
	"prowatch/watch"
)

// GoVersion is what the build's figure says.
var GoVersion = runtime.Version()

// At is when the overview was made.
var At = time.Date(2026, 11, 24, 1, 7, 0, 0, time.UTC)

// Overview returns what is remembered: of an account that is well, of one that
// has lapsed and whose checks fail, and of one that nobody has checked yet.
func Overview() *watch.Overview {
	left := func(d time.Duration) (end time.Time, days *float64) {
		f := d.Hours() / 24
		return At.Add(d), &f
	}
	acme := watch.AccountStatus{ID: "acme", Edition: watch.Edition{Status: watch.Normal}, SeenAt: At.Add(-time.Minute), GoodAt: At.Add(-time.Minute), Waiting: 2, Unsure: 1, Dead: 3}
	acme.EndTime, acme.DaysLeft = left(42 * 24 * time.Hour)
	lapsed := watch.AccountStatus{ID: "lapsed", Edition: watch.Edition{Status: watch.Isolate}, SeenAt: At.Add(-time.Minute), GoodAt: At.Add(-5 * time.Hour), Failures: 4,
		Problems: []watch.Problem{{Name: watch.ProblemStatus, Severity: watch.Critical}, {Name: watch.ProblemCheck, Severity: watch.Warning}},
		Mute:     &watch.Mute{Until: At.Add(time.Hour)}}
	lapsed.EndTime, lapsed.DaysLeft = left(-5 * 24 * time.Hour)
	return &watch.Overview{
		At:       At,
		Accounts: []watch.AccountStatus{acme, lapsed, {ID: "new"}},
		Channels: []watch.ChannelStatus{
			{Name: "sec", Type: "wecom", GoodAt: At.Add(-time.Minute)},
			{Name: "pager", Type: "pagerduty", Failures: 2, FailingSince: At.Add(-time.Hour), PausedUntil: At.Add(time.Minute), Mute: &watch.Mute{}},
		},
		LastRun: &watch.Run{Began: At.Add(-time.Minute)},
		GoodAt:  At.Add(-time.Minute),
	}
}

// Report returns what a run did in which something of everything happened.
func Report() *watch.Report {
	return &watch.Report{
		Began: At, Took: 2 * time.Second, Whole: true, Pending: 1,
		Accounts: []watch.AccountReport{
			{Account: "acme", Took: 80 * time.Millisecond, Status: watch.Normal, EndTime: At.Add(42*24*time.Hour + time.Second), Dead: 3},
			{Account: "lapsed", Took: 200 * time.Millisecond, Failure: &watch.Failure{Class: watch.Denied}, Status: watch.Isolate, EndTime: At.Add(-5 * 24 * time.Hour),
				Problems: []watch.Problem{{Name: watch.ProblemStatus, Severity: watch.Critical}, {Name: watch.ProblemCheck, Severity: watch.Warning}}},
			{Account: "away", Took: 12 * time.Second, Failure: &watch.Failure{Class: watch.Unavailable}},
			{Account: "unsaved", Took: time.Second, Err: errors.New("the record could not be saved")},
			{Account: "late", Skipped: true},
		},
		Notices: []watch.Notice{
			{ID: "00000000000000a1", Seq: 7, Account: "lapsed", Type: watch.StatusChanged, Severity: watch.Critical, Opens: watch.ProblemStatus},
			{ID: "00000000000000a2", Seq: 8, Account: "acme", Type: watch.StatusChanged, Severity: watch.Critical, Resolves: []string{watch.ProblemStatus}},
		},
		Deliveries: []watch.DeliveryReport{
			{Channel: "sec", ID: "00000000000000b1", Notices: []string{"00000000000000a1", "00000000000000a2"}, Outcome: watch.Outcome{Result: watch.Sent}, Took: 700 * time.Millisecond},
			{Channel: "pager", ID: "00000000000000a1", Notices: []string{"00000000000000a1"}, Outcome: watch.Outcome{Result: watch.Retry, Text: "PagerDuty 429"}, Took: 4 * time.Second},
		},
		Errs: []error{errors.New("the channel's record could not be read")},
	}
}

// Of returns figures over an overview that never changes.
func Of(o *watch.Overview) *metrics.Metrics {
	return metrics.New(metrics.Options{
		Overview: func(context.Context) (*watch.Overview, error) { return o, nil },
		Channels: []string{"sec", "pager"}, Version: `1.2.3 "test"`,
	})
}

// Full returns figures of which each has a sample: of [Overview], and of a run
// with the [Report] and one that was not possible.
func Full() *metrics.Metrics {
	m := Of(Overview())
	m.Observe(Report(), nil)
	m.Observe(nil, errors.New("no run was possible"))
	return m
}
