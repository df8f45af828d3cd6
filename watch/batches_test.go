package watch_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"prowatch/store/memory"
	"prowatch/watch"
)

// batched is a store that loads in batches, and counts.
type batched struct {
	*memory.Store
	mu      sync.Mutex
	single  int // loads of one account
	batches int
	down    bool             // no batch is answered
	before  func(key string) // is called after a record was loaded in a batch
}

func (s *batched) Load(ctx context.Context, key string) ([]byte, string, error) {
	if strings.HasPrefix(key, "account/") {
		s.mu.Lock()
		s.single++
		s.mu.Unlock()
	}
	return s.Store.Load(ctx, key)
}

func (s *batched) LoadMany(ctx context.Context, keys []string) (map[string]watch.Loaded, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.batches++
	if len(keys) > 100 {
		return nil, fmt.Errorf("a batch of %d", len(keys))
	}
	if s.down {
		return nil, errors.New("batches are out of order")
	}
	found := map[string]watch.Loaded{}
	for _, key := range keys {
		if data, version, err := s.Store.Load(ctx, key); err == nil {
			found[key] = watch.Loaded{Data: data, Version: version}
		}
		if s.before != nil {
			s.before(key)
		}
	}
	return found, nil
}

func newBatched(accounts int) (*slow, *batched) {
	w := &slow{world: newWorld("sec")}
	s := &batched{Store: w.runner.Store.(*memory.Store)}
	w.runner.Store = s
	var ids []string
	for i := range accounts {
		ids = append(ids, fmt.Sprintf("a%05d", i))
	}
	w.configure(ids...)
	return w, s
}

func TestAQuietRunLoadsInBatches(t *testing.T) {
	in(t, func(t *testing.T) {
		w, s := newBatched(550)
		w.runner.Concurrency = 64
		w.takes = 50 * time.Millisecond
		w.run(t)
		s.single, s.batches = 0, 0
		if c := w.run(t).Counts(); c.Checked != 550 || s.single != 0 || s.batches != 6 {
			t.Errorf("%+v with %d loads and %d batches, want 6 batches alone", c, s.single, s.batches)
		}
	})
}

func TestARunNeedsNoBatches(t *testing.T) {
	in(t, func(t *testing.T) {
		w, s := newBatched(250)
		w.run(t)
		s.down = true
		if c := w.run(t).Counts(); c.Checked != 250 || s.single == 0 {
			t.Errorf("%+v with %d loads while no batch is answered", c, s.single)
		}
	})
}

// TestARecordThatChangesAfterItWasLoadedIsNoHarm lets another run see the change
// between the batch and the turn of the account.
func TestARecordThatChangesAfterItWasLoadedIsNoHarm(t *testing.T) {
	in(t, func(t *testing.T) {
		w, s := newBatched(150)
		w.run(t)
		w.api.Status = watch.Isolate
		time.Sleep(time.Hour)
		other := w.runner
		other.Store = s.Store
		once := sync.OnceFunc(func() {
			if _, err := other.Run(t.Context()); err != nil {
				t.Error(err)
			}
		})
		s.before = func(key string) {
			if key == "account/a00099" {
				once()
			}
		}
		w.run(t)
		changes := 0
		for _, typ := range w.chats["sec"].said() {
			if typ == watch.StatusChanged {
				changes++
			}
		}
		if changes != 150 {
			t.Errorf("%d changes were told of 150", changes)
		}
	})
}

func TestTheWorstOfManyComesFirstAndTheRestLater(t *testing.T) {
	for _, single := range []bool{false, true} {
		t.Run(fmt.Sprint("single ", single), func(t *testing.T) {
			in(t, func(t *testing.T) {
				w, _ := newBatched(4100)
				w.runner.Channels[0].Single = single
				bad := w.account("z")
				bad.Source = sourceFunc(func(context.Context) (watch.Reading, error) {
					return watch.Reading{Edition: watch.Edition{Status: watch.Isolate}}, nil
				})
				w.runner.Accounts = append(w.runner.Accounts, bad)
				for _, pending := range []int{2101, 101, 0} {
					if r := w.run(t); r.Pending != pending {
						t.Errorf("%d are pending, want %d", r.Pending, pending)
					}
				}
				told := map[string]int{}
				for _, m := range w.chats["sec"].arrived {
					for _, item := range m.Items {
						told[item.Notice.Account]++
					}
				}
				if first := w.chats["sec"].arrived[0].Items[0].Notice.Account; first != "z" || len(told) != 4101 || told["z"] != 1 {
					t.Errorf("%d accounts were told, %s first and z %d times", len(told), first, told["z"])
				}
			})
		})
	}
}
