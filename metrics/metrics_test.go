package metrics_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"prowatch/metrics"
	"prowatch/metrics/metricstest"
	"prowatch/watch"
)

// lines returns what a scrape says, without the comments.
func lines(t *testing.T, m *metrics.Metrics) []string {
	t.Helper()
	w := httptest.NewRecorder()
	m.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "GET", "/metrics", nil))
	if w.Code != 200 || w.Header().Get("Content-Type") != metrics.ContentType {
		t.Fatalf("status %d, header %v", w.Code, w.Header())
	}
	var all []string
	for line := range strings.Lines(w.Body.String()) {
		if !strings.HasPrefix(line, "#") {
			all = append(all, strings.TrimSpace(line))
		}
	}
	return all
}

// wantLines fails for each line that a scrape lacks.
func wantLines(t *testing.T, got []string, want ...string) {
	t.Helper()
	for _, line := range want {
		if !slices.Contains(got, line) {
			t.Errorf("a scrape lacks the line %q; it has\n%s", line, strings.Join(got, "\n"))
		}
	}
}

func wantNone(t *testing.T, got []string, prefix string) {
	t.Helper()
	for _, line := range got {
		if strings.HasPrefix(line, prefix) {
			t.Errorf("a scrape has %q, want no %s", line, prefix)
		}
	}
}

func TestWhatIsRememberedBecomesGauges(t *testing.T) {
	got := lines(t, metricstest.Full())
	wantLines(t, got,
		`prowatch_accounts 3`,
		`prowatch_account_status{account="acme",status="Normal"} 1`,
		`prowatch_account_status{account="acme",status="Isolate"} 0`,
		`prowatch_account_status{account="lapsed",status="Isolate"} 1`,
		`prowatch_account_status{account="new",status="unknown"} 1`,
		`prowatch_account_left_seconds{account="acme"} 3.6288e+06`,
		`prowatch_account_left_seconds{account="lapsed"} -432000`,
		`prowatch_account_problems{account="lapsed",severity="critical"} 1`,
		`prowatch_account_problems{account="lapsed",severity="warning"} 1`,
		`prowatch_account_deliveries{account="acme",state="waiting"} 2`,
		`prowatch_account_deliveries{account="acme",state="unknown"} 1`,
		`prowatch_account_deliveries{account="acme",state="dead"} 3`,
		`prowatch_account_consecutive_failures{account="lapsed"} 4`,
		`prowatch_account_muted{account="lapsed"} 1`,
		`prowatch_account_muted{account="acme"} 0`,
		`prowatch_channel_up{channel="sec"} 1`,
		`prowatch_channel_up{channel="pager"} 0`,
		`prowatch_channel_paused{channel="pager"} 1`,
		`prowatch_channel_muted{channel="pager"} 1`,
		`prowatch_state_readable 1`,
	)
	wantNone(t, got, `prowatch_account_left_seconds{account="new"`)
	wantNone(t, got, `prowatch_account_last_check_timestamp_seconds{account="new"`)
}

func TestAMuteThatIsOverIsNone(t *testing.T) {
	o := metricstest.Overview()
	o.Accounts[1].Mute.Until = o.At
	wantLines(t, lines(t, metricstest.Of(o)), `prowatch_account_muted{account="lapsed"} 0`)
}

func TestRunsBecomeCounters(t *testing.T) {
	got := lines(t, metricstest.Full())
	wantLines(t, got,
		`prowatch_runs_total{result="partial"} 1`,
		`prowatch_runs_total{result="failed"} 1`,
		`prowatch_runs_total{result="good"} 0`,
		`prowatch_checks_total{result="good"} 1`,
		`prowatch_checks_total{result="failed"} 2`,
		`prowatch_checks_total{result="unsaved"} 1`,
		`prowatch_checks_total{result="skipped"} 1`,
		`prowatch_check_failures_total{class="denied"} 1`,
		`prowatch_check_failures_total{class="unavailable"} 1`,
		`prowatch_check_failures_total{class="throttled"} 0`,
		`prowatch_notices_total{severity="critical",type="status.changed"} 2`,
		`prowatch_deliveries_total{channel="sec",outcome="sent"} 1`,
		`prowatch_deliveries_total{channel="pager",outcome="retry"} 1`,
		`prowatch_deliveries_total{channel="sec",outcome="permanent"} 0`,
		`prowatch_store_errors_total 2`,
		`prowatch_check_duration_seconds_bucket{le="0.1"} 1`,
		`prowatch_check_duration_seconds_bucket{le="0.25"} 2`,
		`prowatch_check_duration_seconds_bucket{le="+Inf"} 4`,
		`prowatch_check_duration_seconds_count 4`,
		`prowatch_run_duration_seconds_sum 2`,
		`prowatch_delivery_duration_seconds_bucket{channel="sec",le="1"} 1`,
		`prowatch_build_info{goversion="`+metricstest.GoVersion+`",version="1.2.3 \"test\""} 1`,
	)
}

// TestAnUnheardOfClassMakesNoSeries bounds the labels: the class is the API's
// only by way of watch's list.
func TestAnUnheardOfClassMakesNoSeries(t *testing.T) {
	m := metricstest.Of(metricstest.Overview())
	m.Observe(&watch.Report{Accounts: []watch.AccountReport{{Failure: &watch.Failure{Class: "novel"}}}}, nil)
	got := lines(t, m)
	wantLines(t, got, `prowatch_check_failures_total{class="unavailable"} 1`)
	wantNone(t, got, `prowatch_check_failures_total{class="novel"`)
}

// reader counts the reads of the state.
type reader struct {
	mu    sync.Mutex
	reads int
	err   error
	part  *watch.Overview
	wait  func(context.Context)
}

func (r *reader) read(ctx context.Context) (*watch.Overview, error) {
	r.mu.Lock()
	r.reads++
	r.mu.Unlock()
	if r.wait != nil {
		r.wait(ctx)
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return r.part, r.err
}

func TestScrapesDoNotHammerTheStore(t *testing.T) {
	r := &reader{part: metricstest.Overview()}
	now := time.Now()
	m := metrics.New(metrics.Options{Overview: r.read, MaxAge: 10 * time.Second, Now: func() time.Time { return now }})
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() { m.Gather(t.Context()) })
	}
	wg.Wait()
	for _, step := range []struct {
		what string
		do   func()
		want int
	}{
		{"16 scrapes at once", func() {}, 1},
		{"9 s later", func() { now = now.Add(9 * time.Second) }, 1},
		{"10 s after the first", func() { now = now.Add(time.Second) }, 2},
		{"after a run", func() { m.Observe(&watch.Report{}, nil) }, 3},
		{"at once after that", func() {}, 3},
		{"after the clock was set back", func() { now = now.Add(-time.Hour) }, 4},
	} {
		step.do()
		m.Gather(t.Context())
		if r.reads != step.want {
			t.Errorf("%s the state was read %d times, want %d", step.what, r.reads, step.want)
		}
	}
}

func TestAScrapeThatIsGivenUpLeavesNothingBehind(t *testing.T) {
	r := &reader{part: metricstest.Overview(), wait: func(ctx context.Context) { <-ctx.Done() }}
	m := metrics.New(metrics.Options{Overview: r.read})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	m.Gather(ctx)
	r.wait = nil
	wantLines(t, lines(t, m), `prowatch_state_readable 1`, `prowatch_accounts 3`)
}

func TestAStoreThatFailsIsSaidAndHidesNoCounter(t *testing.T) {
	for _, tt := range []struct {
		name string
		part *watch.Overview
	}{{"in whole", nil}, {"in part", metricstest.Overview()}} {
		r := &reader{part: tt.part, err: errors.New("the store is away")}
		got := lines(t, metrics.New(metrics.Options{Overview: r.read}))
		wantLines(t, got, `prowatch_state_readable 0`, `prowatch_runs_total{result="good"} 0`)
		if tt.part == nil {
			wantNone(t, got, "prowatch_account")
		} else {
			wantLines(t, got, `prowatch_accounts 3`)
		}
	}
}

func TestOnlyReadsAreScrapes(t *testing.T) {
	w := httptest.NewRecorder()
	metricstest.Full().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "POST", "/metrics", nil))
	if w.Code != 405 || w.Header().Get("Allow") != "GET, HEAD" {
		t.Errorf("a POST got %d, %v", w.Code, w.Header())
	}
}

func TestTheTableIsSortedAndItsLabelsAreToo(t *testing.T) {
	all := metrics.Families()
	if !slices.IsSortedFunc(all, func(a, b metrics.Family) int { return strings.Compare(a.Name, b.Name) }) {
		t.Error("the table is not sorted")
	}
	for _, f := range all {
		if !slices.IsSorted(f.Labels) || !strings.HasPrefix(f.Name, "prowatch_") || !strings.HasSuffix(f.Help, ".") {
			t.Errorf("%s %v: %s", f.Name, f.Labels, f.Help)
		}
	}
	seen := map[string]bool{}
	for _, r := range metricstest.Full().Gather(t.Context()) {
		seen[r.Name] = true
		for _, s := range r.Samples {
			if len(s.Values) != len(r.Labels) {
				t.Errorf("%s has labels %v and the values %q", r.Name, r.Labels, s.Values)
			}
		}
	}
	for _, f := range all {
		if !seen[f.Name] {
			t.Errorf("%s has no sample even in a full state", f.Name)
		}
	}
}
