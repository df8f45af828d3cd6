package watch_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"prowatch/store/memory"
	"prowatch/store/storetest"
	"prowatch/watch"
)

// counted returns a world whose records are kept for a second, and a count of the
// loads of accounts.
func counted(hook storetest.Hook) (*world, func() int) {
	w := newWorld("sec")
	var mu sync.Mutex
	loads := 0
	w.runner.Store = &storetest.Faulty{Store: new(memory.Store), Hook: func(op, key string, n int) storetest.Fault {
		mu.Lock()
		defer mu.Unlock()
		if op == storetest.OpLoad && key == "account/acme" {
			loads++
		}
		return hook(op, key, n)
	}}
	w.runner.Recent = watch.NewRecent(time.Second)
	return w, func() int {
		mu.Lock()
		defer mu.Unlock()
		n := loads
		loads = 0
		return n
	}
}

func noFault(string, string, int) storetest.Fault { return storetest.None }

func wantStatus(t *testing.T, w *world, want watch.Status) {
	t.Helper()
	records, err := w.runner.Records(t.Context())
	if err != nil || records[0].Believed.Status != want {
		t.Errorf("got %+v, %v; want the status %q", records, err, want)
	}
}

func TestWhatWasReadIsKeptForAMoment(t *testing.T) {
	in(t, func(t *testing.T) {
		w, loads := counted(noFault)
		w.run(t)
		time.Sleep(time.Millisecond)
		loads()
		var wg sync.WaitGroup
		for range 64 {
			wg.Go(func() { wantStatus(t, w, watch.Normal) })
		}
		wg.Wait()
		if n := loads(); n != 1 {
			t.Errorf("64 who ask at once made %d loads, want 1", n)
		}
		other := w.runner // another process
		other.Recent = nil
		w.api.Status = watch.Isolate
		if _, err := other.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		wantStatus(t, w, watch.Normal)
		time.Sleep(time.Second)
		wantStatus(t, w, watch.Isolate)
	})
}

func TestWhatThisProcessWroteIsSeenAtOnce(t *testing.T) {
	in(t, func(t *testing.T) {
		w, _ := counted(noFault)
		wantStatus(t, w, "")
		w.run(t)
		wantStatus(t, w, watch.Normal)
		w.api.Status = watch.Isolate
		w.run(t)
		wantStatus(t, w, watch.Isolate)
	})
}

// A reading that a write overtakes must not be kept.
func TestAReadingThatAWriteOvertookIsNotKept(t *testing.T) {
	in(t, func(t *testing.T) {
		var slow atomic.Bool
		wait := make(chan struct{})
		w, _ := counted(noFault)
		inner := w.runner.Store
		w.runner.Store = loadHook{inner, func() {
			if slow.CompareAndSwap(true, false) {
				<-wait
			}
		}}
		w.run(t)
		slow.Store(true)
		done := make(chan struct{})
		go func() { defer close(done); _, _ = w.runner.Records(t.Context()) }()
		time.Sleep(time.Millisecond)
		w.api.Status = watch.Isolate
		w.run(t)
		close(wait)
		<-done
		wantStatus(t, w, watch.Isolate)
	})
}

// loadHook calls after once a record is loaded, and before it is returned.
type loadHook struct {
	watch.Store
	after func()
}

func (s loadHook) Load(ctx context.Context, key string) ([]byte, string, error) {
	data, version, err := s.Store.Load(ctx, key)
	if key == "account/acme" {
		s.after()
	}
	return data, version, err
}

func TestAFaultIsNotKept(t *testing.T) {
	in(t, func(t *testing.T) {
		fail := true
		w, _ := counted(func(op, _ string, _ int) storetest.Fault {
			if fail && op == storetest.OpLoad {
				return storetest.FailBefore
			}
			return storetest.None
		})
		if _, err := w.runner.Records(t.Context()); !errors.Is(err, storetest.ErrFault) {
			t.Fatalf("got %v, want the fault", err)
		}
		fail = false
		wantStatus(t, w, "")
	})
}

func TestWhoWaitsForAReadingWaitsNoLongerThanItsTime(t *testing.T) {
	in(t, func(t *testing.T) {
		w, _ := counted(noFault)
		slow := w.runner
		slow.Store = loadHook{w.runner.Store, func() { time.Sleep(time.Minute) }}
		var wg sync.WaitGroup
		wg.Go(func() { _, _ = slow.Records(t.Context()) })
		time.Sleep(time.Millisecond)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began := time.Now()
		if _, err := w.runner.Records(ctx); !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != time.Second {
			t.Errorf("got %v after %v, want the deadline after 1s", err, time.Since(began))
		}
		wg.Wait()
	})
}
