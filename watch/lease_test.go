package watch_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"prowatch/store/memory"
	"prowatch/store/storetest"
	"prowatch/watch"
)

const leaseKey = "run/lease"

func wantHeldBy(t *testing.T, err error, holder string) {
	t.Helper()
	var held *watch.HeldError
	if !errors.As(err, &held) || held.Holder != holder {
		t.Errorf("got %v, want the word that %s holds the lease", err, holder)
	}
}

func acquire(t *testing.T, l *watch.Lease) {
	t.Helper()
	if err := l.Acquire(t.Context()); err != nil || !l.Held() {
		t.Fatalf("%s: %v, held %t; want the lease", l.Holder, err, l.Held())
	}
}

func TestALeaseIsOfOneUntilItIsGivenBack(t *testing.T) {
	in(t, func(t *testing.T) {
		store := new(memory.Store)
		a, b := &watch.Lease{Store: store, Holder: "a"}, &watch.Lease{Store: store, Holder: "b"}
		acquire(t, a)
		wantHeldBy(t, b.Acquire(t.Context()), "a")
		if err := b.Release(t.Context()); err != nil || !a.Held() {
			t.Errorf("released by another: %v, held %t; want nothing changed", err, a.Held())
		}
		wantHeldBy(t, b.Acquire(t.Context()), "a")
		if err := a.Release(t.Context()); err != nil || a.Held() {
			t.Fatalf("released: %v, held %t", err, a.Held())
		}
		acquire(t, b)
		wantHeldBy(t, a.Acquire(t.Context()), "b")
	})
}

func TestALeaseIsTakenOverOnceItsHolderIsSilent(t *testing.T) {
	in(t, func(t *testing.T) {
		store := new(memory.Store)
		a, b := &watch.Lease{Store: store, Holder: "a"}, &watch.Lease{Store: store, Holder: "b"}
		acquire(t, a)
		ctx, die := context.WithCancel(t.Context())
		_, stop := a.Keep(ctx)
		for range 60 { // while a lives
			wantHeldBy(t, b.Acquire(t.Context()), "a")
			time.Sleep(5 * time.Second)
		}
		die()
		stop()
		died := time.Now()
		for b.Acquire(t.Context()) != nil {
			time.Sleep(time.Second)
		}
		if took := time.Since(died); took > watch.LeaseTime+5*time.Second || a.Held() {
			t.Errorf("taken over after %v, the dead holds it: %t; want %v at most", took, a.Held(), watch.LeaseTime+5*time.Second)
		}
	})
}

// A holder whose clock is a year ahead, or behind, keeps nobody out for longer
// than one whose clock is right, and is not thrown out sooner.
func TestALeaseGoesByNobodysClock(t *testing.T) {
	for _, wrong := range []time.Duration{-365 * 24 * time.Hour, 365 * 24 * time.Hour} {
		in(t, func(t *testing.T) {
			store := new(memory.Store)
			a := &watch.Lease{Store: store, Holder: "a", Now: func() time.Time { return time.Now().Add(wrong) }}
			b := &watch.Lease{Store: store, Holder: "b"}
			acquire(t, a)
			wantHeldBy(t, b.Acquire(t.Context()), "a")
			time.Sleep(watch.LeaseTime - time.Nanosecond)
			wantHeldBy(t, b.Acquire(t.Context()), "a")
			time.Sleep(time.Nanosecond)
			acquire(t, b)
		})
	}
}

func TestAKeptLeaseEndsItsContextWhenItIsLost(t *testing.T) {
	for _, tt := range []struct {
		name string
		lose func(store *memory.Store, fail func())
	}{
		{"the store is gone", func(_ *memory.Store, fail func()) { fail() }},
		{"another has it", func(store *memory.Store, _ func()) {
			_, version, _ := store.Load(context.Background(), leaseKey)
			_, _ = store.Save(context.Background(), leaseKey, []byte(`{"format":1,"holder":"b","since":"2026-01-01T00:00:00Z","until":"2026-01-01T00:00:30Z"}`), version)
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in(t, func(t *testing.T) {
				inner := new(memory.Store)
				var fault storetest.Fault
				var mu sync.Mutex
				store := &storetest.Faulty{Store: inner, Hook: func(string, string, int) storetest.Fault {
					mu.Lock()
					defer mu.Unlock()
					return fault
				}}
				a := &watch.Lease{Store: store, Holder: "a"}
				acquire(t, a)
				ctx, stop := a.Keep(t.Context())
				defer stop()
				time.Sleep(10 * time.Minute)
				if ctx.Err() != nil {
					t.Fatalf("lost after ten minutes: %v", context.Cause(ctx))
				}
				tt.lose(inner, func() { mu.Lock(); fault = storetest.FailBefore; mu.Unlock() })
				lost := time.Now()
				<-ctx.Done()
				if took := time.Since(lost); !errors.Is(context.Cause(ctx), watch.ErrLeaseLost) || took > watch.LeaseTime {
					t.Errorf("ended after %v by %v, want ErrLeaseLost within %v", took, context.Cause(ctx), watch.LeaseTime)
				}
			})
		})
	}
}

func TestALeaseOfANewerFormatIsLeftAlone(t *testing.T) {
	store := new(memory.Store)
	if _, err := store.Save(t.Context(), leaseKey, []byte(`{"format":99}`), ""); err != nil {
		t.Fatal(err)
	}
	l := &watch.Lease{Store: store, Holder: "a"}
	if err := l.Acquire(t.Context()); err == nil || !strings.Contains(err.Error(), "upgrade prowatch") {
		t.Errorf("got %v, want the word to upgrade", err)
	}
}

// TestAtMostOneHoldsTheLease lets five processes, whose clocks differ and whose
// store fails at times, written or not, take the lease, keep it, give it back
// and die. Whoever holds it writes so beside it.
func TestAtMostOneHoldsTheLease(t *testing.T) {
	for seed := range uint64(16) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			in(t, func(t *testing.T) { contend(t, seed) })
		})
	}
}

func contend(t *testing.T, seed uint64) {
	inner := new(memory.Store)
	var mu sync.Mutex
	r := rand.New(rand.NewPCG(seed, 1))
	random := func(n int) int { mu.Lock(); defer mu.Unlock(); return r.IntN(n) }
	all := make([]*holder, 5)
	for i := range all {
		skew := time.Duration(random(48)-24) * time.Hour
		all[i] = &holder{random: random, others: &all, mu: &mu, lease: &watch.Lease{
			Holder: fmt.Sprint(i), Now: func() time.Time { return time.Now().Add(skew) },
			Store: &storetest.Faulty{Store: slowStore{inner, random}, Hook: func(string, string, int) storetest.Fault {
				return []storetest.Fault{storetest.FailBefore, storetest.FailAfter, storetest.None, storetest.None, storetest.None, storetest.None}[random(6)]
			}},
		}}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Hour)
	defer cancel()
	var wg sync.WaitGroup
	for _, h := range all {
		wg.Go(func() { h.live(t, ctx) })
	}
	wg.Wait()
	held := 0
	for _, h := range all {
		held += h.times
	}
	if held < 20 {
		t.Errorf("the lease was held %d times in two hours, want it to be had", held)
	}
}

// holder is a process of contend.
type holder struct {
	lease  *watch.Lease
	random func(int) int
	others *[]*holder
	mu     *sync.Mutex
	holds  bool
	times  int
}

// live takes the lease again and again until ctx ends.
func (h *holder) live(t *testing.T, ctx context.Context) {
	for ctx.Err() == nil {
		time.Sleep(time.Duration(1+h.random(5000)) * time.Millisecond)
		if h.lease.Acquire(ctx) != nil || !h.lease.Held() {
			continue
		}
		h.set(t, true)
		kept, stop := h.lease.Keep(ctx)
		select {
		case <-kept.Done():
		case <-time.After(time.Duration(h.random(90)) * time.Second):
		}
		h.set(t, false)
		stop()
		if h.random(2) == 0 { // else it dies, and another is started in its place
			_ = h.lease.Release(ctx)
			continue
		}
		h.lease.Holder += "'"
	}
}

func (h *holder) set(t *testing.T, holds bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.holds = holds
	if !holds {
		return
	}
	h.times++
	for _, other := range *h.others {
		if other != h && other.holds {
			t.Errorf("%s and %s hold the lease at once", h.lease.Holder, other.lease.Holder)
		}
	}
}

// slowStore is a store whose calls take up to eight seconds.
type slowStore struct {
	*memory.Store
	random func(int) int
}

func (s slowStore) Save(ctx context.Context, key string, data []byte, expected string) (string, error) {
	s.wait(ctx)
	defer s.wait(ctx)
	return s.Store.Save(ctx, key, data, expected)
}

func (s slowStore) wait(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-time.After(time.Duration(s.random(4000)) * time.Millisecond):
	}
}
