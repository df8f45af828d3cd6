package fanout_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"prowatch/handlers"
	"prowatch/store/memory"
	"prowatch/watch"
)

// fleet is many accounts whose records are in one store, and the instances of a
// function that check them.
type fleet struct {
	runner  watch.Runner
	store   memory.Store
	chats   map[string]*chat
	asked   atomic.Int64
	isolate atomic.Bool // whether the API calls every tenth account isolated
	ahead   atomic.Int64
}

// accounts is how many a fleet has.
func accounts() int {
	if testing.Short() {
		return 1000
	}
	return 10_000
}

// every is which accounts change.
const every = 10

func newFleet(queue watch.Queue) *fleet {
	f := &fleet{chats: map[string]*chat{"sec": {}, "ops": {}}}
	f.runner = watch.Runner{Store: &f.store, Concurrency: 64, Now: f.now,
		Fanout: &watch.Fanout{Queue: queue, Batch: 100}}
	for i := range accounts() {
		f.runner.Accounts = append(f.runner.Accounts, watch.Account{ID: fmt.Sprintf("acme-%05d", i), Policy: watch.DefaultPolicy(), Source: source{f, i}})
	}
	return f
}

func (f *fleet) now() time.Time { return time.Now().Add(time.Duration(f.ahead.Load())) }

// later lets time pass.
func (f *fleet) later(d time.Duration) { f.ahead.Add(int64(d)) }

// source is the API's word about the i-th account.
type source struct {
	f *fleet
	i int
}

func (s source) Read(context.Context) (watch.Reading, error) {
	s.f.asked.Add(1)
	e := watch.Edition{Status: watch.Normal, ResourceID: "tcss-1"}
	if s.f.isolate.Load() && s.i%every == 0 {
		e.Status = watch.Isolate
	}
	return watch.Reading{Edition: e}, nil
}

// chat keeps what arrives.
type chat struct {
	mu      sync.Mutex
	arrived []watch.Message
}

func (c *chat) Send(_ context.Context, m watch.Message) watch.Outcome {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.arrived = append(c.arrived, m)
	return watch.Outcome{Result: watch.Sent}
}

// begin records the baselines, which nobody is told, and then adds the chats.
func (f *fleet) begin(t *testing.T) {
	t.Helper()
	if _, err := f.runner.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	names := []string{}
	for name, c := range f.chats {
		f.runner.Channels = append(f.runner.Channels, watch.Channel{Name: name, Notifier: c})
		names = append(names, name)
	}
	f.runner.Routes = watch.Routes{{Channels: names}}
	f.isolate.Store(true)
	f.asked.Store(0)
	f.later(time.Hour)
}

var errKilled = errors.New("killed")

// dying is the store of an instance that is killed after some operations.
type dying struct {
	*memory.Store
	left atomic.Int64
}

func (d *dying) Load(ctx context.Context, key string) ([]byte, string, error) {
	if d.left.Add(-1) < 0 {
		return nil, "", errKilled
	}
	return d.Store.Load(ctx, key)
}

func (d *dying) Save(ctx context.Context, key string, data []byte, expected string) (string, error) {
	if d.left.Add(-1) < 0 {
		return "", errKilled
	}
	return d.Store.Save(ctx, key, data, expected)
}

// instance returns the handler of an instance; one of four dies after some
// operations, and dead then says so: its answer reaches nobody.
func (f *fleet) instance(r *rand.Rand) (h *handlers.Handler, dead func() bool) {
	runner := f.runner
	dead = func() bool { return false }
	if r.IntN(4) == 0 {
		d := &dying{Store: &f.store}
		d.left.Store(int64(r.IntN(400)))
		runner.Store = d
		dead = func() bool { return d.left.Load() < 0 }
	}
	return handlers.New(func(ctx context.Context, a []string) (*watch.Report, error) { return runner.Run(ctx, a...) },
		&handlers.Options{Fleet: handlers.Fleet{Dispatch: runner.Dispatch, Tell: runner.TellSweep,
			Work: func(ctx context.Context, p watch.Part, a []string) (*watch.Report, error) {
				return runner.Work(ctx, p, a...)
			}}}), dead
}

const timer = `{"Type":"Timer","TriggerName":"hourly"}`

// tick is the schedule's call, to an instance that lives.
func (f *fleet) tick(t *testing.T) string {
	t.Helper()
	h := handlers.New(nil, &handlers.Options{Fleet: handlers.Fleet{Dispatch: f.runner.Dispatch}})
	answer, err := h.Invoke(t.Context(), []byte(timer))
	if err != nil {
		t.Fatal(err)
	}
	return string(answer)
}

// unchecked counts the accounts that were last checked before then.
func (f *fleet) unchecked(t *testing.T, then time.Time) int {
	t.Helper()
	records, err := f.runner.Records(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for i := range records {
		if records[i].SeenAt.Before(then) {
			n++
		}
	}
	return n
}

// wantToldOnce checks that each change was told to each chat, once or else
// marked, and in how few messages that are not marked.
func (f *fleet) wantToldOnce(t *testing.T, most int) {
	t.Helper()
	for name, c := range f.chats {
		told := map[string]int{}
		unmarked, marked := 0, 0
		for _, m := range c.arrived {
			if m.PossibleDuplicate {
				marked++
			} else {
				unmarked++
			}
			for _, item := range m.Items {
				if item.Notice.Type != watch.StatusChanged {
					t.Errorf("%s was told %s of %s", name, item.Notice.Type, item.Notice.Account)
				}
				if !m.PossibleDuplicate {
					told[item.Notice.Account]++
				}
			}
		}
		if want := accounts() / every; len(told) != want || unmarked > most {
			t.Errorf("%s got %d messages, and %d marked, of %d accounts; want at most %d of %d", name, unmarked, marked, len(told), most, want)
		}
		for id, n := range told {
			if n != 1 {
				t.Errorf("%s was told of %s %d times", name, id, n)
			}
		}
		t.Logf("%s: %d notices in %d messages, and %d marked", name, len(told), unmarked, marked)
	}
}
