package crowd

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"prowatch/watch"
)

// timelines is how many are played, of each kind. With the race detector they take
// fifteen times as long.
var timelines = flag.Int("crowd.timelines", 10, "random timelines that a crowd plays on each store")

// Options say what is played on.
type Options struct {
	// Open returns another client of one state, which is empty at first. It is
	// called 16 times.
	Open func(t *testing.T) watch.Store

	// Renew, if it is set, is called before each timeline: clients that are opened
	// then have an empty state. Fakes that grow slow want it.
	Renew func()

	// Short timelines have one account, one channel and one step or two, with two
	// of the 16 at once, for a server that takes milliseconds for each call.
	Short bool
}

// Run plays random timelines and wants every notice told exactly once, then
// others in which runners are killed, and wants none lost.
func Run(t *testing.T, o Options) {
	t.Helper()
	b := newBridge(t, 2*runners)
	clients := o.clients(t)
	play := func(t *testing.T, name string, f func(t *testing.T, tl timeline, stores []watch.Store, r *rand.Rand)) {
		began := time.Now()
		for seed := range uint64(*timelines) {
			if o.Renew != nil {
				o.Renew()
				clients = o.clients(t)
			}
			r := rand.New(rand.NewPCG(seed, uint64(len(name))))
			tl := draw(r, o.Short, name != "once")
			stores := make([]watch.Store, runners)
			for i, c := range clients {
				stores[i] = b.within(t.Context(), c, fmt.Sprintf("%s-%d/", name, seed))
			}
			synctest.Test(t, func(t *testing.T) { f(t, tl, stores, r) })
			if t.Failed() {
				t.Fatalf("%s: the timeline of seed %d", name, seed)
			}
		}
		t.Logf("%d timelines in %s", *timelines, time.Since(began).Round(time.Millisecond))
	}
	t.Run("every notice is told exactly once", func(t *testing.T) { play(t, "once", once) })
	t.Run("killed at random none is lost", func(t *testing.T) { play(t, "killed", killed) })
}

func (o *Options) clients(t *testing.T) []watch.Store {
	clients := make([]watch.Store, runners)
	for i := range clients {
		clients[i] = o.Open(t)
	}
	return clients
}

// world is where a timeline is played.
type world struct {
	timeline
	stores []watch.Store
	chats  map[string]*chat

	mu  sync.Mutex
	api map[string]answer // of the step, by account
}

func newWorld(tl timeline, stores []watch.Store) *world {
	w := &world{timeline: tl, stores: stores, chats: map[string]*chat{}, api: map[string]answer{}}
	for _, name := range tl.channels {
		w.chats[name] = &chat{}
	}
	return w
}

// chat keeps what arrives.
type chat struct {
	mu      sync.Mutex
	arrived []watch.Message
}

// Send implements [watch.Notifier].
func (c *chat) Send(_ context.Context, m watch.Message) watch.Outcome {
	time.Sleep(300 * time.Millisecond)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.arrived = append(c.arrived, m)
	return watch.Outcome{Result: watch.Sent}
}

// heard counts the messages that carried a notice, those of them that said that
// they may have come before, and the ids that they had.
func (c *chat) heard(notice string) (heard, marked, ids int) {
	seen := map[string]bool{}
	for _, m := range c.arrived {
		for _, item := range m.Items {
			if item.Notice.ID != notice {
				continue
			}
			heard++
			seen[m.ID] = true
			if m.PossibleDuplicate {
				marked++
			}
		}
	}
	return heard, marked, len(seen)
}

// source is an account's API, which answers after a moment.
type source struct {
	*world
	account string
}

// Read implements [watch.Source].
func (s source) Read(context.Context) (watch.Reading, error) {
	time.Sleep(30 * time.Millisecond)
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.api[s.account]
	if a.failure != nil {
		return watch.Reading{}, a.failure
	}
	return a.reading, nil
}

// runner is one of the 16, whose store and chats may be those of a process that
// dies.
func (w *world) runner(i int, l *life) *watch.Runner {
	r := &watch.Runner{Store: l.store(w.stores[i]), Routes: watch.Routes{{Channels: w.channels}}}
	for _, id := range w.accounts {
		r.Accounts = append(r.Accounts, watch.Account{ID: id, Policy: w.policy, Source: source{w, id}})
	}
	for _, name := range w.channels {
		r.Channels = append(r.Channels, watch.Channel{Name: name, Notifier: l.notifier(w.chats[name]), Single: name == "single", Idempotent: w.idem})
	}
	return r
}

// move goes to the time of a step, counted from the beginning, and sets what the
// API answers.
func (w *world) move(at time.Time, s step) {
	time.Sleep(time.Until(at))
	w.mu.Lock()
	defer w.mu.Unlock()
	w.api = s.answers
}

// once plays a timeline in which all goes well.
func once(t *testing.T, tl timeline, stores []watch.Store, _ *rand.Rand) {
	w := newWorld(tl, stores)
	began := time.Now()
	at := began
	for _, s := range tl.steps {
		at = at.Add(s.after)
		w.move(at, s)
		var wg sync.WaitGroup
		for _, i := range s.who {
			wg.Go(func() { wantRun(t, w.runner(i, nil)) })
		}
		wg.Wait()
	}
	for _, id := range tl.accounts {
		w.wantOnce(t, id, tl.alone(id, began))
	}
}

// wantRun does a run that must go well.
func wantRun(t *testing.T, r *watch.Runner) {
	report, err := r.Run(t.Context())
	if err != nil {
		t.Error(err)
		return
	}
	errs := report.Errs
	for _, a := range report.Accounts {
		errs = append(errs, a.Err)
	}
	if err := errors.Join(errs...); err != nil {
		t.Errorf("a run: %v", err)
	}
}

// wantOnce wants the notices, and no other, to have been told exactly once, but
// for those that another took in.
func (w *world) wantOnce(t *testing.T, account string, want []watch.Notice) {
	t.Helper()
	ledger := w.ledger(t, account)
	if len(ledger) != len(want) {
		t.Errorf("%s: got %d notices %v, want %d: %v", account, len(ledger), typesOf(ledger), len(want), types(want))
		return
	}
	for i, n := range want {
		if got := ledger[i].Notice; got.ID != n.ID || got.Type != n.Type {
			t.Errorf("%s: notice %d is %s %s, want %s %s", account, i, got.ID, got.Type, n.ID, n.Type)
		}
		for name, c := range w.chats {
			heard, _, _ := c.heard(n.ID)
			if receipt := ledger[i].Receipts[name]; heard != 1 && !(heard == 0 && receipt.State == watch.StateSuperseded) {
				t.Errorf("%s: %s was heard %d times on %s; its receipt is %+v", account, n.Type, heard, name, receipt)
			}
		}
	}
}

func (w *world) ledger(t *testing.T, account string) []watch.Entry {
	t.Helper()
	data, _, err := w.stores[0].Load(t.Context(), "account/"+account)
	if err != nil {
		t.Fatal(err)
	}
	rec, err := watch.DecodeRecord(data, account)
	if err != nil {
		t.Fatal(err)
	}
	return rec.Ledger
}

func types(notices []watch.Notice) (t []watch.Type) {
	for _, n := range notices {
		t = append(t, n.Type)
	}
	return t
}

func typesOf(ledger []watch.Entry) (t []watch.Type) {
	for _, e := range ledger {
		t = append(t, e.Notice.Type)
	}
	return t
}
