package app

import (
	"context"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"prowatch/emulator"
	"prowatch/store/memory"
	"prowatch/watch"
)

// instances are processes over one store and one organisation, each with a list
// of its own age.
type instances struct {
	*corp
	now   atomic.Int64
	store memory.Store
	calls []watch.Call
}

func (i *instances) Put(_ context.Context, calls []watch.Call) []error {
	i.calls = append(i.calls, calls...)
	return make([]error, len(calls))
}

func (i *instances) Limits() watch.QueueLimits { return watch.QueueLimits{Calls: 10, Accounts: 2} }

func (i *instances) start(t *testing.T) *App {
	t.Helper()
	document := `
accounts: {organization: {secret_id: AKIDhub, secret_key: hub-key, endpoint: "` + i.url + `"}}
channels: {out: {type: stdout}}
fanout: {queue: "scf:self", batch: 2}
`
	a, err := New(t.Context(), Options{
		LookupEnv: func(name string) (string, bool) { return document, name == "PROWATCH_CONFIG" },
		ReadFile:  os.ReadFile, State: "memory:", Stdout: new(strings.Builder),
		Stores: Stores{"memory": func(context.Context, string, Use) (watch.Store, error) { return &i.store, nil }},
		Queues: Queues{"scf": func(context.Context, string) (watch.Queue, error) { return i, nil }},
		Now:    func() time.Time { return time.Unix(1_800_000_000+i.now.Load(), 0) },
	})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func (i *instances) after(d time.Duration) { i.now.Add(int64(d / time.Second)) }

// fail lets the members not be listed, so many times.
func (i *instances) fail(t *testing.T, times int) {
	t.Helper()
	if err := i.SetFaults("AKIDhub", emulator.Fault{Code: "UnauthorizedOperation", Action: "DescribeOrganizationMembers", Times: times}); err != nil {
		t.Fatal(err)
	}
}

// types returns the notices of a report.
func types(r *watch.Report) (types []watch.Type) {
	for _, n := range r.Notices {
		types = append(types, n.Type)
	}
	return types
}

// An account that a process with a newer list found has not left because this
// one's list is older.
func TestAnOldListTakesNobodyForRemoved(t *testing.T) {
	for name, broken := range map[string]bool{"listed": false, "not listed": true} {
		t.Run(name, func(t *testing.T) {
			i := &instances{corp: newCorp(t, "1", "2")}
			old := i.start(t)
			whole(t, old)
			i.have(t, "1", "2", "3")
			i.after(10 * time.Minute)
			whole(t, i.start(t))
			i.after(10 * time.Minute)
			if broken {
				i.fail(t, 1)
			}
			report := whole(t, old)
			if got := types(report); len(got) > 0 || (len(report.Errs) > 0) != broken {
				t.Errorf("told %q, faults %v", got, report.Errs)
			}
			if n := report.Counts().Checked; n != 3 && !broken {
				t.Errorf("%d accounts checked, want 3", n)
			}
			i.have(t, "1", "3")
			i.after(time.Hour)
			if got := types(whole(t, old)); !slices.Contains(got, watch.AccountRemoved) {
				t.Errorf("who left is told as %q", got)
			}
		})
	}
}

func whole(t *testing.T, a *App) *watch.Report {
	t.Helper()
	report, err := a.Run(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// A worker whose list is older than the dispatcher's lists the members anew
// rather than to leave an account out.
func TestAWorkerWithAnOldListChecksWhoCame(t *testing.T) {
	i := &instances{corp: newCorp(t, "1", "2")}
	worker := i.start(t)
	i.have(t, "1", "2", "3")
	i.after(time.Minute)
	dispatcher := i.start(t)
	if _, err := dispatcher.Fleet().Dispatch(t.Context()); err != nil {
		t.Fatal(err)
	}
	var first struct{ Sweep watch.Part }
	if err := json.Unmarshal(i.calls[0].Body, &first); err != nil {
		t.Fatal(err)
	}
	sweep := first.Sweep
	i.after(time.Second)
	i.fail(t, 1)
	again := i.drain(t, worker)
	if len(again) != 1 {
		t.Fatalf("%d batches are to be done again, want the one that could not be understood", len(again))
	}
	i.calls = again
	if again = i.drain(t, worker); len(again) > 0 {
		t.Fatalf("%d batches are to be done again", len(again))
	}
	records, err := dispatcher.Current().Records(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, rec := range records {
		if rec.SeenAt.IsZero() {
			t.Errorf("%s was never checked", rec.Account)
		}
	}
	before := i.count("DescribeOrganizationMembers")
	for range 3 {
		if _, err := worker.Fleet().Work(t.Context(), sweep, []string{"200000000009"}); err != nil {
			t.Errorf("an account that left fails its batch: %v", err)
		}
	}
	if n := i.count("DescribeOrganizationMembers") - before; n > 0 {
		t.Errorf("listed %d times although the list is newer than the sweep", n)
	}
}

// drain lets the worker do all calls, and returns those that are to be done again.
func (i *instances) drain(t *testing.T, worker *App) (again []watch.Call) {
	t.Helper()
	for _, c := range i.calls {
		var call struct {
			Accounts []string
			Sweep    watch.Part
		}
		if err := json.Unmarshal(c.Body, &call); err != nil {
			t.Fatal(err)
		}
		if _, err := worker.Fleet().Work(t.Context(), call.Sweep, call.Accounts); err != nil {
			again = append(again, c)
		}
	}
	i.calls = nil
	return again
}

// A run that hands accounts out is told to the heartbeat as one that checks them:
// it went well unless the workers read nothing since the one before.
func TestADispatchIsToldToTheHeartbeat(t *testing.T) {
	w, p, _ := pulsed(t)
	i := &instances{}
	w.Runner.Fanout = &watch.Fanout{Queue: i, Batch: 1}
	fleet := w.Fleet()
	dispatch := func(name string, want ...string) {
		t.Helper()
		w.clock.Add(3600)
		if _, err := fleet.Dispatch(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := p.take(); !slices.Equal(got, want) {
			t.Errorf("%s: the heartbeat got %q, want %q", name, got, want)
		}
	}
	dispatch("the first", "/start", "")
	if again := i.drain(t, w.App); len(again) > 0 {
		t.Fatalf("%d batches are to be done again", len(again))
	}
	if got := p.take(); len(got) > 0 {
		t.Errorf("workers: the heartbeat got %q", got)
	}
	dispatch("one whose workers checked", "/start", "")
	dispatch("one whose workers are dead", "/start", "/fail")
}
