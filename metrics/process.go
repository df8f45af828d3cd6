package metrics

import (
	"runtime"
	"slices"

	"prowatch/watch"
)

// The values of labels that the code bounds.
var (
	classes  = []watch.Class{watch.Denied, watch.Throttled, watch.Rejected, watch.Unreadable, watch.Unavailable}
	outcomes = []watch.Result{watch.Sent, watch.Accepted, watch.Retry, watch.Unknown, watch.Permanent}
)

// What became of a run.
const (
	runGood    = "good"    // all that was asked answered, and nothing failed
	runPartial = "partial" // something failed or was skipped
	runFailed  = "failed"  // nothing could be done
)

// Upper bounds of the histograms, in seconds. A check is an API call of 50 ms to
// 10 s, a run one over many accounts, at the most 15 minutes on Lambda.
var (
	callBounds = []float64{0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30}
	runBounds  = []float64{0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900}
)

// A tally counts what this process did.
type tally struct {
	runs, checks, failures, notices, deliveries series
	storeErrors                                 float64
	run, check                                  buckets
	delivery                                    map[string]*buckets // by channel
}

// A series is a counter by the values of its labels, at most two.
type series map[[2]string]float64

// newTally returns a tally in which what is bound to come counts 0 from the
// start, so that its first increase is seen as one.
func newTally(channels []string) tally {
	t := tally{runs: series{}, checks: series{}, failures: series{}, notices: series{}, deliveries: series{},
		run: newBuckets(runBounds), check: newBuckets(callBounds), delivery: map[string]*buckets{}}
	for _, result := range []string{runGood, runPartial, runFailed} {
		t.runs[[2]string{result}] = 0
	}
	for _, result := range []string{"good", "failed", "skipped", "unsaved"} {
		t.checks[[2]string{result}] = 0
	}
	for _, class := range classes {
		t.failures[[2]string{string(class)}] = 0
	}
	for _, name := range channels {
		for _, outcome := range outcomes {
			t.deliveries[[2]string{name, string(outcome)}] = 0
		}
		b := newBuckets(callBounds)
		t.delivery[name] = &b
	}
	return t
}

// observe counts a run; report is nil where none was possible.
func (t *tally) observe(report *watch.Report, err error) {
	t.runs[[2]string{runResult(report, err)}]++
	if report == nil {
		return
	}
	t.run.observe(report.Took.Seconds())
	t.storeErrors += float64(len(report.Errs))
	for i := range report.Accounts {
		t.account(&report.Accounts[i])
	}
	for _, n := range report.Notices {
		t.notices[[2]string{string(n.Severity), string(n.Type)}]++
	}
	for _, d := range report.Deliveries {
		t.deliveries[[2]string{d.Channel, string(d.Outcome.Result)}]++
		if b := t.delivery[d.Channel]; b != nil && d.Took > 0 {
			b.observe(d.Took.Seconds())
		}
	}
}

func (t *tally) account(a *watch.AccountReport) {
	result := "good"
	switch {
	case a.Skipped:
		result = "skipped"
	case a.Failure != nil:
		result = "failed"
	case a.Err != nil:
		result = "unsaved"
	}
	t.checks[[2]string{result}]++
	if a.Failure != nil {
		class := a.Failure.Class
		if !slices.Contains(classes, class) {
			class = watch.Unavailable
		}
		t.failures[[2]string{string(class)}]++
	}
	if a.Err != nil {
		t.storeErrors++
	}
	if !a.Skipped {
		t.check.observe(a.Took.Seconds())
	}
}

func runResult(report *watch.Report, err error) string {
	if err != nil || report == nil || !report.Done() {
		return runFailed
	}
	c := report.Counts()
	if c.Failed > 0 || c.Skipped > 0 || len(report.Errs) > 0 || slices.ContainsFunc(report.Deliveries, func(d watch.DeliveryReport) bool {
		return d.Outcome.Result != watch.Sent && d.Outcome.Result != watch.Accepted
	}) {
		return runPartial
	}
	return runGood
}

// processFamilies are of what this process did since it began.
func processFamilies() []Family {
	counter := func(name, help string, get func(*tally) series, labels ...string) Family {
		return Family{Name: "prowatch_" + name, Help: help, Kind: Counter, Labels: labels, collect: func(v *view, add func(Sample)) {
			for key, value := range get(v.tally) {
				add(sample(value, key[:len(labels)]...))
			}
		}}
	}
	histogram := func(name, help string, get func(*tally) *buckets) Family {
		return Family{Name: "prowatch_" + name, Help: help, Kind: Histogram, collect: func(v *view, add func(Sample)) {
			add(Sample{Histogram: get(v.tally).read()})
		}}
	}
	return []Family{
		{Name: "prowatch_build_info", Help: "1, with the version of prowatch and of Go.", Kind: Gauge, Labels: []string{"goversion", "version"}, collect: func(v *view, add func(Sample)) {
			add(sample(1, runtime.Version(), v.version))
		}},
		counter("runs_total", "Runs of this process: good, partial (something failed or was skipped) or failed (nothing could be done).", func(t *tally) series { return t.runs }, "result"),
		histogram("run_duration_seconds", "How long runs took.", func(t *tally) *buckets { return &t.run }),
		counter("checks_total", "Checks of accounts: good, failed (no reading), unsaved (what was read could not be kept) or skipped for want of time.", func(t *tally) series { return t.checks }, "result"),
		counter("check_failures_total", "Checks that gave no reading, by class of failure.", func(t *tally) series { return t.failures }, "class"),
		histogram("check_duration_seconds", "How long checks of an account took, its record's load and save included.", func(t *tally) *buckets { return &t.check }),
		counter("notices_total", "Notices made, by severity and type.", func(t *tally) series { return t.notices }, "severity", "type"),
		counter("deliveries_total", "Messages to a channel by outcome: sent (proved), accepted (queued by the far side), retry (refused for now), unknown (may have arrived) or permanent (refused for good).", func(t *tally) series { return t.deliveries }, "channel", "outcome"),
		{Name: "prowatch_delivery_duration_seconds", Help: "How long messages to a channel took, quick retries included.", Kind: Histogram, Labels: []string{"channel"}, collect: func(v *view, add func(Sample)) {
			for name, b := range v.tally.delivery {
				add(Sample{Values: []string{name}, Histogram: b.read()})
			}
		}},
		{Name: "prowatch_store_errors_total", Help: "Records that could not be loaded or saved in a run.", Kind: Counter, collect: func(v *view, add func(Sample)) {
			add(sample(v.tally.storeErrors))
		}},
	}
}
