package serve

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/zap"

	"prowatch/store/memory"
	"prowatch/store/storetest"
	"prowatch/watch"
)

// world is a store and what the instances over it did. The clock starts on
// 2000-01-01 at 00:00 UTC, as that of synctest does.
type world struct {
	store *memory.Store
	ends  sync.WaitGroup

	mu     sync.Mutex
	runs   []string // when they began, of all instances
	fresh  []string // instances that brought themselves up to date
	active int
	takes  time.Duration // a run
	fail   bool          // the store of all
	panics bool
	jump   time.Duration // of all clocks
}

func newWorld() *world { return &world{store: new(memory.Store), takes: time.Second} }

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return time.Now().Add(w.jump).UTC()
}

// set changes the world.
func (w *world) set(change func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	change()
}

// began returns when runs began, and forgets it.
func (w *world) began() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	runs := w.runs
	w.runs = nil
	return runs
}

// instance starts one that does its runs at the times of the schedule, and
// returns what ends it.
func (w *world) instance(t *testing.T, name, schedule string) (stop context.CancelFunc) {
	t.Helper()
	times, err := ParseSchedule(schedule, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	store := &storetest.Faulty{Store: w.store, Hook: func(string, string, int) storetest.Fault {
		w.mu.Lock()
		defer w.mu.Unlock()
		if w.fail {
			return storetest.FailBefore
		}
		return storetest.None
	}}
	runner := &watch.Runner{Store: store, Now: w.now, Accounts: []watch.Account{{ID: "acme", Policy: watch.DefaultPolicy(), Source: w.source(t)}}}
	svc := &Service{Runs: runner.Runs, Store: store, Schedule: times,
		Refresh: func(context.Context) error {
			w.set(func() { w.fresh = append(w.fresh, name) })
			return nil
		},
		Run: func(ctx context.Context, accounts []string) (*watch.Report, error) {
			w.set(func() { w.runs = append(w.runs, time.Now().UTC().Format("02 15:04:05")) })
			return runner.Run(ctx, accounts...)
		}}
	o := Options{Log: zap.NewNop(), Holder: name, Now: w.now, Random: func() float64 { return 0 }}
	o.setDefaults()
	ctx, stop := context.WithCancel(t.Context())
	s := &scheduler{Options: o, service: func() *Service { return svc }}
	w.ends.Go(func() { s.work(ctx) })
	return stop
}

// source answers after the time that a run takes, and looks for runs beside it.
func (w *world) source(t *testing.T) watch.Source {
	return sourceFunc(func(ctx context.Context) (watch.Reading, error) {
		var takes time.Duration
		w.set(func() {
			if w.active++; w.active > 1 {
				t.Error("two runs at once")
			}
			if w.panics {
				w.active--
				panic("hunter2")
			}
			takes = w.takes
		})
		defer w.set(func() { w.active-- })
		select {
		case <-time.After(takes):
			return watch.Reading{Edition: watch.Edition{Status: watch.Normal}}, nil
		case <-ctx.Done():
			return watch.Reading{}, &watch.Failure{Class: watch.Unavailable, Message: ctx.Err().Error()}
		}
	})
}

type sourceFunc func(context.Context) (watch.Reading, error)

func (f sourceFunc) Read(ctx context.Context) (watch.Reading, error) { return f(ctx) }

// in plays on a clock of its own, and ends the instances.
func in(t *testing.T, play func(w *world, start func(name, schedule string) context.CancelFunc)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		var stops []context.CancelFunc
		play(w, func(name, schedule string) context.CancelFunc {
			stop := w.instance(t, name, schedule)
			stops = append(stops, stop)
			return stop
		})
		for _, stop := range stops {
			stop()
		}
		w.ends.Wait()
	})
}

func wantRuns(t *testing.T, w *world, want ...string) {
	t.Helper()
	if got := w.began(); !slices.Equal(got, want) {
		t.Errorf("runs began at %q, want %q", got, want)
	}
}

func TestARunIsDoneAtTheStartAndAtEachTimeOfTheSchedule(t *testing.T) {
	in(t, func(w *world, start func(string, string) context.CancelFunc) {
		start("a", "17 * * * *")
		time.Sleep(3 * time.Hour)
		wantRuns(t, w, "01 00:00:00", "01 00:17:00", "01 01:17:00", "01 02:17:00")
	})
}

func TestARestartMakesNoRunOfItsOwnAndLeavesNoneOut(t *testing.T) {
	in(t, func(w *world, start func(string, string) context.CancelFunc) {
		stop := start("a", "17 * * * *")
		time.Sleep(30 * time.Minute)
		for range 5 {
			stop()
			time.Sleep(time.Minute)
			stop = start("a", "17 * * * *")
			time.Sleep(time.Minute)
		}
		wantRuns(t, w, "01 00:00:00", "01 00:17:00")
		stop()
		time.Sleep(50 * time.Minute) // from 00:40 to 01:30
		start("a", "17 * * * *")
		time.Sleep(time.Minute)
		wantRuns(t, w, "01 01:30:00")
	})
}

func TestOfManyInstancesOneDoesTheRun(t *testing.T) {
	in(t, func(w *world, start func(string, string) context.CancelFunc) {
		w.takes = 2 * time.Minute
		for _, name := range []string{"a", "b", "c", "d"} {
			start(name, "17 * * * *")
		}
		time.Sleep(3 * time.Hour)
		wantRuns(t, w, "01 00:00:00", "01 00:17:00", "01 01:17:00", "01 02:17:00")
	})
}

func TestAnInstanceLearnsWhatTheRunOfAnotherFound(t *testing.T) {
	in(t, func(w *world, start func(string, string) context.CancelFunc) {
		start("a", "17 * * * *")
		start("b", "17 * * * *")
		time.Sleep(time.Minute)
		w.set(func() { w.fresh = nil })
		time.Sleep(time.Hour)
		w.set(func() {
			if len(w.fresh) != 1 {
				t.Errorf("%q brought themselves up to date, want the one that did not do the run", w.fresh)
			}
		})
	})
}

func TestARunThatIsLongerThanTheScheduleIsNotOverlapped(t *testing.T) {
	in(t, func(w *world, start func(string, string) context.CancelFunc) {
		w.takes = 30 * time.Second
		start("a", "* * * * *")
		time.Sleep(5*time.Minute - time.Second)
		if got := w.began(); len(got) != 5 {
			t.Errorf("runs began at %q, want 5 in 5 minutes", got)
		}
		w.set(func() { w.takes = time.Hour }) // each ends in failure before the next
		time.Sleep(5 * time.Minute)
		if got := w.began(); len(got) < 4 {
			t.Errorf("runs began at %q, want them to go on", got)
		}
	})
}

func TestTheScheduleSurvivesAClockThatJumps(t *testing.T) {
	for _, jump := range []time.Duration{10 * time.Hour, -10 * time.Hour, -30 * time.Second} {
		in(t, func(w *world, start func(string, string) context.CancelFunc) {
			start("a", "17 * * * *")
			time.Sleep(20 * time.Minute)
			w.began()
			w.set(func() { w.jump = jump })
			time.Sleep(2*time.Minute + time.Second)
			got := w.began()
			if wanted := jump < -time.Hour || jump > 0; wanted != (len(got) == 1) {
				t.Errorf("%v: runs began at %q, want one: %t", jump, got, wanted)
			}
			time.Sleep(2 * time.Hour)
			if got := w.began(); len(got) != 2 {
				t.Errorf("%v: in the two hours after it runs began at %q, want 2", jump, got)
			}
		})
	}
}

func TestAStoreThatFailsStopsNothingForEver(t *testing.T) {
	in(t, func(w *world, start func(string, string) context.CancelFunc) {
		start("a", "17 * * * *")
		time.Sleep(10 * time.Minute)
		w.began()
		w.set(func() { w.fail = true })
		time.Sleep(10 * time.Minute) // to 00:20
		if got := w.began(); len(got) < 2 || len(got) > 4 || got[0] != "01 00:17:30" {
			t.Errorf("while the store failed runs began at %q, want one after %v and then each minute", got, watch.LeaseTime)
		}
		w.set(func() { w.fail = false })
		time.Sleep(2 * time.Minute)
		if got := w.began(); len(got) != 1 {
			t.Errorf("runs began at %q, want one once the store is back", got)
		}
		time.Sleep(time.Hour)
		wantRuns(t, w, "01 01:17:00")
	})
}

func TestAPanicEndsItsRunAlone(t *testing.T) {
	in(t, func(w *world, start func(string, string) context.CancelFunc) {
		w.panics = true
		start("a", "17 * * * *")
		time.Sleep(10 * time.Second)
		w.set(func() { w.panics = false })
		time.Sleep(time.Hour)
		wantRuns(t, w, "01 00:00:00", "01 00:01:00", "01 00:17:00")
	})
}

func TestTheRunUnderWayMayEndWithinTheGrace(t *testing.T) {
	for _, tt := range []struct {
		takes, ends time.Duration // the run, and all of it after the stop
	}{
		{10 * time.Second, 9 * time.Second},
		{time.Hour, defaultGrace},
	} {
		in(t, func(w *world, start func(string, string) context.CancelFunc) {
			w.takes = tt.takes
			stop := start("a", "17 * * * *")
			time.Sleep(time.Second)
			stop()
			began := time.Now()
			w.ends.Wait()
			if took := time.Since(began); took != tt.ends {
				t.Errorf("a run of %v was over %v after the stop, want %v", tt.takes, took, tt.ends)
			}
			other := watch.Lease{Store: w.store, Holder: "b"}
			if err := other.Acquire(t.Context()); err != nil {
				t.Errorf("the lease was not given back: %v", err)
			}
		})
	}
}

func TestAnotherTakesOverFromOneThatDiedInItsRun(t *testing.T) {
	in(t, func(w *world, start func(string, string) context.CancelFunc) {
		dead := watch.Lease{Store: w.store, Holder: "dead"}
		time.Sleep(17 * time.Minute)
		if err := dead.Acquire(t.Context()); err != nil {
			t.Fatal(err)
		}
		start("a", "17 * * * *")
		time.Sleep(10 * time.Minute)
		wantRuns(t, w, "01 00:17:30")
	})
}

func TestAnInstanceWhoseLeaseIsTakenEndsItsRun(t *testing.T) {
	in(t, func(w *world, start func(string, string) context.CancelFunc) {
		w.takes = 5 * time.Minute
		stop := start("a", "17 * * * *")
		time.Sleep(time.Second)
		_, version, err := w.store.Load(t.Context(), "run/lease")
		if err != nil {
			t.Fatal(err)
		}
		stolen := []byte(`{"format":1,"holder":"thief","since":"2000-01-01T00:00:00Z","until":"2000-01-01T00:00:30Z"}`)
		if _, err := w.store.Save(t.Context(), "run/lease", stolen, version); err != nil {
			t.Fatal(err)
		}
		time.Sleep(watch.LeaseTime)
		w.mu.Lock()
		active := w.active
		w.mu.Unlock()
		if active != 0 {
			t.Error("the run goes on")
		}
		stop()
	})
}

func TestNoScheduleThatNamesNoTime(t *testing.T) {
	for _, fields := range []string{"0 0 31 2 *", "61 * * * *", "* * * *"} {
		if _, err := ParseSchedule(fields, time.UTC); err == nil {
			t.Errorf("%q was taken", fields)
		}
	}
}

func TestTimesAreOfTheSchedulesZone(t *testing.T) {
	shanghai := time.FixedZone("UTC+8", 8*60*60)
	for _, tt := range []struct{ fields, at, last, next string }{
		{"0 9 * * *", "2026-01-01T12:00:00Z", "2026-01-01T01:00:00Z", "2026-01-02T01:00:00Z"},
		{"17 * * * *", "2026-01-01T12:17:00Z", "2026-01-01T12:17:00Z", "2026-01-01T13:17:00Z"},
		{"17 * * * *", "2026-01-01T12:16:59Z", "2026-01-01T11:17:00Z", "2026-01-01T12:17:00Z"},
		{"@monthly", "2026-01-31T16:00:00Z", "2026-01-31T16:00:00Z", "2026-02-28T16:00:00Z"},
		{"0 0 29 2 *", "2027-01-01T00:00:00Z", "2024-02-28T16:00:00Z", "2028-02-28T16:00:00Z"},
	} {
		s, err := ParseSchedule(tt.fields, shanghai)
		if err != nil {
			t.Fatal(err)
		}
		at, err := time.Parse(time.RFC3339, tt.at)
		if err != nil {
			t.Fatal(err)
		}
		last, next := s.Last(at).UTC().Format(time.RFC3339), s.Next(at).UTC().Format(time.RFC3339)
		if last != tt.last || next != tt.next {
			t.Errorf("%q at %s: last %s, next %s; want %s and %s", tt.fields, tt.at, last, next, tt.last, tt.next)
		}
	}
}

func TestASchedulerThatHangsShowsNoLife(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		leave := make(chan struct{})
		times, err := ParseSchedule("@hourly", time.UTC)
		if err != nil {
			t.Fatal(err)
		}
		svc := &Service{Schedule: times, Store: new(memory.Store),
			Runs: func(context.Context) (watch.Runs, error) { <-leave; return watch.Runs{}, nil },
			Run:  func(context.Context, []string) (*watch.Report, error) { return &watch.Report{Whole: true}, nil }}
		o := Options{Log: zap.NewNop(), Holder: "a"}
		o.setDefaults()
		ctx, stop := context.WithCancel(t.Context())
		s := &scheduler{Options: o, service: func() *Service { return svc }}
		go s.work(ctx)
		time.Sleep(time.Minute)
		if !s.hasLife() {
			t.Error("after a minute there is no life")
		}
		time.Sleep(time.Hour)
		if s.hasLife() {
			t.Error("after an hour there is life")
		}
		close(leave)
		synctest.Wait()
		if !s.hasLife() {
			t.Error("there is no life though it goes on")
		}
		stop()
	})
}
