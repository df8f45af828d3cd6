package watch_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"prowatch/store/memory"
	"prowatch/watch"
)

// line is a queue that keeps its calls until somebody takes one.
type line struct {
	mu     sync.Mutex
	calls  []watch.Call
	due    []time.Time
	limits watch.QueueLimits
	down   func(n int) bool // whether the n-th call is refused
	taken  int
}

func newLine() *line { return &line{limits: watch.QueueLimits{Calls: 10, Accounts: 1000, Delay: true}} }

func (l *line) Limits() watch.QueueLimits { return l.limits }

func (l *line) Put(_ context.Context, calls []watch.Call) []error {
	l.mu.Lock()
	defer l.mu.Unlock()
	faults := make([]error, len(calls))
	for i, c := range calls {
		if l.taken++; l.down != nil && l.down(l.taken-1) {
			faults[i] = errors.New("the queue is full")
			continue
		}
		l.calls, l.due = append(l.calls, c), append(l.due, time.Now().Add(c.After))
	}
	return faults
}

// take takes the i-th of the calls that are due, by chance, or false.
func (l *line) take(chance func(n int) int) (watch.Call, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var due []int
	for i, at := range l.due {
		if !at.After(time.Now()) {
			due = append(due, i)
		}
	}
	if len(due) == 0 {
		return watch.Call{}, false
	}
	i := due[chance(len(due))]
	c := l.calls[i]
	l.calls, l.due = slices.Delete(l.calls, i, i+1), slices.Delete(l.due, i, i+1)
	return c, true
}

// serve does what a worker does with a call.
func serve(ctx context.Context, r *watch.Runner, c watch.Call) (*watch.Report, error) {
	var body struct {
		Action   string
		Accounts []string
		Sweep    watch.Part
	}
	if err := json.Unmarshal(c.Body, &body); err != nil {
		return nil, err
	}
	if body.Action == "tell" {
		return r.TellSweep(ctx)
	}
	return r.Work(ctx, body.Sweep, body.Accounts...)
}

// fleet is a world whose accounts are handed to workers.
type fleet struct {
	*slow
	line *line
}

func newFleet(accounts, batch int) *fleet {
	f := &fleet{slow: &slow{world: newWorld("sec", "ops")}, line: newLine()}
	f.runner.Fanout = &watch.Fanout{Queue: f.line, Batch: batch}
	var ids []string
	for i := range accounts {
		ids = append(ids, fmt.Sprintf("a%04d", i))
	}
	f.configure(ids...)
	return f
}

func (f *fleet) dispatch(t *testing.T) *watch.Report {
	t.Helper()
	report, err := f.runner.Dispatch(t.Context())
	if err != nil || len(report.Errs) > 0 {
		t.Fatal(err, report)
	}
	return report
}

// work lets workers do all that is due, and returns how many calls there were.
func (f *fleet) work(t *testing.T) (calls int) {
	t.Helper()
	for c, ok := f.line.take(func(int) int { return 0 }); ok; c, ok = f.line.take(func(int) int { return 0 }) {
		report, err := serve(t.Context(), &f.runner, c)
		if err != nil || len(report.Errs) > 0 {
			t.Fatal(err, report)
		}
		calls++
	}
	return calls
}

// wantDigests checks how many messages each chat got, and of how many notices.
func (f *fleet) wantDigests(t *testing.T, want ...int) {
	t.Helper()
	for name, c := range f.chats {
		var got []int
		for _, m := range c.arrived {
			got = append(got, len(m.Items))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s got messages of %v notices, want %v", name, got, want)
		}
	}
}

func TestWorkersMakeOneDigest(t *testing.T) {
	in(t, func(t *testing.T) {
		f := newFleet(420, 10)
		if r := f.dispatch(t); r.Counts() != (watch.Counts{Accounts: 420, HandedOut: 420}) {
			t.Errorf("the dispatch says %+v", r.Counts())
		}
		if n := f.work(t); n != 42 {
			t.Errorf("the workers got %d calls, want 42", n)
		}
		f.wantDigests(t, 420)
		runs, err := f.runner.Runs(t.Context())
		if err != nil || len(runs.Last) != 1 || runs.Last[0].Checked != 420 || !runs.GoodAt.Equal(runs.Last[0].Began) {
			t.Errorf("the runs are %+v, %v; want one good of 420", runs, err)
		}
		time.Sleep(time.Hour)
		f.dispatch(t)
		f.work(t)
		f.wantDigests(t, 420)
	})
}

func TestNothingIsHandedOutWhileASweepIsUnderWay(t *testing.T) {
	in(t, func(t *testing.T) {
		f := newFleet(20, 10)
		f.dispatch(t)
		time.Sleep(5 * time.Minute)
		if r, err := f.runner.Dispatch(t.Context()); err != nil || r.HandedOut != 0 || len(r.Errs) != 1 {
			t.Errorf("a second dispatch says %+v, %v", r, err)
		}
		time.Sleep(11 * time.Minute)
		if r := f.dispatch(t); r.HandedOut != 20 {
			t.Errorf("after %v nothing was handed out", 16*time.Minute)
		}
	})
}

// TestWhatIsFoundIsToldWithinTwoMinutes has a worker that dies, so that the sweep
// never ends.
func TestWhatIsFoundIsToldWithinTwoMinutes(t *testing.T) {
	for _, delay := range []bool{true, false} {
		t.Run(fmt.Sprint("a queue that can wait ", delay), func(t *testing.T) {
			in(t, func(t *testing.T) {
				f := newFleet(90, 10)
				f.line.limits.Delay = delay
				f.dispatch(t)
				f.work(t)
				f.api.Status = watch.Isolate
				time.Sleep(time.Hour)
				f.dispatch(t)
				f.line.take(func(int) int { return 3 })
				f.work(t)
				f.wantDigests(t, 90)
				time.Sleep(61 * time.Second)
				if !delay { // the schedule makes the call
					f.line.Put(t.Context(), []watch.Call{{Body: []byte(`{"action":"tell"}`)}})
				}
				f.work(t)
				f.wantDigests(t, 90, 80)
				for range 120 {
					time.Sleep(time.Minute)
					f.work(t)
				}
				f.dispatch(t)
				f.work(t)
				f.wantDigests(t, 90, 80, 10)
			})
		})
	}
}

func TestALongSweepTellsEveryMinute(t *testing.T) {
	in(t, func(t *testing.T) {
		f := newFleet(100, 10)
		f.line.limits.Delay = false
		f.dispatch(t)
		for range 10 {
			time.Sleep(25 * time.Second)
			c, _ := f.line.take(func(int) int { return 0 })
			if _, err := serve(t.Context(), &f.runner, c); err != nil {
				t.Fatal(err)
			}
		}
		f.wantDigests(t, 30, 30, 30, 10)
	})
}

func TestAnAccountThatNoWorkerReachesIsToldStale(t *testing.T) {
	in(t, func(t *testing.T) {
		f := newFleet(40, 10)
		f.dispatch(t)
		f.work(t)
		f.configure("a0000", "a0001", "a0002", "a0003", "a0004", "a0005", "a0006", "a0007", "a0008", "a0009", "new")
		f.runner.Accounts[1].Policy.StaleAfter = watch.Duration(240 * time.Hour)
		for range 3 {
			time.Sleep(9 * time.Hour)
			f.dispatch(t)
			for { // every worker dies
				if _, ok := f.line.take(func(int) int { return 0 }); !ok {
					break
				}
			}
		}
		time.Sleep(time.Hour)
		f.dispatch(t)
		stale := map[string]int{}
		for _, m := range f.chats["sec"].arrived {
			for _, item := range m.Items {
				if item.Notice.Type == watch.AccountStale {
					stale[item.Notice.Account]++
				}
			}
		}
		if len(stale) != 9 || stale["a0000"] != 1 || stale["a0001"] != 0 {
			t.Errorf("told stale were %v, want the nine whose time is over, once", stale)
		}
		time.Sleep(9 * time.Hour)
		f.dispatch(t)
		f.work(t)
		checked := 0
		for _, typ := range f.chats["sec"].said() {
			if typ == watch.AccountChecked {
				checked++
			}
		}
		if checked != 10 {
			t.Errorf("%d accounts were told to be checked again, want 10", checked)
		}
	})
}

func TestAFullQueueIsAnErrorOnlyWhenItTakesNothing(t *testing.T) {
	in(t, func(t *testing.T) {
		f := newFleet(40, 10)
		f.line.down = func(int) bool { return true }
		if _, err := f.runner.Dispatch(t.Context()); err == nil {
			t.Error("a queue that takes nothing is no error")
		}
		f.line.down = func(n int) bool { return n%2 == 0 }
		f.line.taken = 0
		r, err := f.runner.Dispatch(t.Context())
		if err != nil || r.HandedOut != 20 || len(r.Errs) != 1 {
			t.Errorf("the next dispatch says %+v, %v; want half handed out, and an error", r, err)
		}
		f.line.down = nil
		f.work(t)
		time.Sleep(time.Hour)
		if r := f.dispatch(t); r.HandedOut != 40 {
			t.Errorf("the one after it says %+v", r)
		}
		f.work(t)
		if n := len(f.chats["sec"].said()); n != 40 {
			t.Errorf("%d of 40 baselines were told", n)
		}
	})
}

func TestABrokenQueueHidesNoStaleAccount(t *testing.T) {
	in(t, func(t *testing.T) {
		f := newFleet(20, 10)
		f.dispatch(t)
		f.work(t)
		f.line.down = func(int) bool { return true }
		for range 26 {
			time.Sleep(time.Hour)
			if r, err := f.runner.Dispatch(t.Context()); err == nil || len(r.Errs) == 0 {
				t.Fatalf("a dispatch to a broken queue says %+v, %v", r, err)
			}
		}
		f.wantDigests(t, 20, 20)
		f.line.down = nil
		f.dispatch(t)
		f.work(t)
		f.wantDigests(t, 20, 20, 20)
	})
}

func TestABatchThatHadNoTimeIsGivenOutAgain(t *testing.T) {
	in(t, func(t *testing.T) {
		f := newFleet(40, 20)
		f.takes = time.Second
		f.runner.Concurrency = 1
		f.dispatch(t)
		c, _ := f.line.take(func(int) int { return 0 })
		ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
		defer cancel()
		if _, err := serve(ctx, &f.runner, c); err == nil {
			t.Error("a batch that was done in part is no error")
		}
		if _, err := serve(t.Context(), &f.runner, c); err != nil {
			t.Error(err)
		}
		f.work(t)
		f.wantDigests(t, 40)
	})
}

// TestWorkersThatDieLoseNothing plays random sweeps whose workers are killed at
// random operations, and whose queue gives calls out twice, late and in any
// order.
func TestWorkersThatDieLoseNothing(t *testing.T) {
	seeds := 30
	if testing.Short() {
		seeds = 10
	}
	for seed := range uint64(seeds) {
		synctest.Test(t, func(t *testing.T) { mortalFleet(t, seed) })
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

func mortalFleet(t *testing.T, seed uint64) {
	r := rand.New(rand.NewPCG(seed, 3))
	f := newFleet(30+r.IntN(40), 3+r.IntN(7))
	f.line.limits.Delay = r.IntN(2) == 0
	store := f.runner.Store.(*memory.Store)
	for range 3 {
		f.api.Status = []watch.Status{watch.Normal, watch.Isolate}[r.IntN(2)]
		f.api.ResourceID = fmt.Sprint("r-", r.IntN(3))
		boss := f.runner
		if r.IntN(4) == 0 {
			boss = f.mortal(&mortal{left: r.IntN(12), fate: fate{after: r.IntN(2) == 0}}, store)
			boss.Fanout = f.runner.Fanout
		}
		boss.Dispatch(t.Context())
		f.chance(t, r, store, r.IntN(3) > 0)
		time.Sleep(time.Duration(16+r.IntN(60)) * time.Minute)
	}
	began := time.Now()
	for range 3 {
		f.dispatch(t)
		f.work(t)
		time.Sleep(16 * time.Minute)
	}
	for i := range f.runner.Accounts {
		id := f.runner.Accounts[i].ID
		f.wantAllTold(t, id)
		data, _, err := store.Load(t.Context(), "account/"+id)
		if err != nil {
			t.Fatal(err)
		}
		if rec, err := watch.DecodeRecord(data, id); err != nil || rec.SeenAt.Before(began) {
			t.Errorf("%s was last checked at %s, %v", id, rec.SeenAt, err)
		}
	}
}

// chance lets three workers at a time do what is due; with drain until nothing
// is left, else some of it stays for later.
func (f *fleet) chance(t *testing.T, r *rand.Rand, store *memory.Store, drain bool) {
	for turn := 0; turn < 200 && (drain || turn < 3); turn++ {
		var wg sync.WaitGroup
		idle := true
		for range 3 {
			c, ok := f.line.take(r.IntN)
			if !ok {
				continue
			}
			idle = false
			if r.IntN(8) == 0 {
				f.line.Put(t.Context(), []watch.Call{c}) // it comes twice
			}
			worker := f.runner
			var p *mortal
			if r.IntN(4) == 0 {
				p = &mortal{left: r.IntN(30), fate: fate{after: r.IntN(2) == 0}}
				worker = f.mortal(p, store)
				worker.Fanout = f.runner.Fanout
			}
			wg.Go(func() {
				if _, err := serve(t.Context(), &worker, c); err != nil || p != nil && p.met {
					f.line.Put(t.Context(), []watch.Call{{Body: c.Body, After: time.Minute}})
				}
			})
		}
		wg.Wait()
		if idle {
			return
		}
		time.Sleep(13 * time.Second)
	}
}

// A worker with an old list tells what one with a newer list found.
func TestAnOldListTellsWhatANewerOneFound(t *testing.T) {
	in(t, func(t *testing.T) {
		f := newFleet(2, 1)
		f.dispatch(t)
		old := f.runner
		old.Accounts = slices.Clone(old.Accounts[:1])
		if _, err := serve(t.Context(), &f.runner, f.line.calls[1]); err != nil {
			t.Fatal(err)
		}
		f.wantDigests(t)
		if _, err := serve(t.Context(), &old, f.line.calls[0]); err != nil {
			t.Fatal(err)
		}
		f.wantDigests(t, 2)
	})
}
