package watch_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"iter"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"prowatch/store/memory"
	"prowatch/watch"
)

var crashSeeds = flag.Int("crash.seeds", 8, "random timelines that TestCrash breaks at each of their operations")

var errKilled = errors.New("killed")

// fate is what befalls a process at one of its operations, a load or save of
// its store or a send: it dies, or only the operation fails; before or after the
// operation took effect.
type fate struct{ after, survives bool }

// mortal is a process with a fate.
type mortal struct {
	fate
	mu   sync.Mutex
	left int // operations until then
	met  bool
}

// do runs one operation and reports whether it succeeded, as far as the process
// knows.
func (p *mortal) do(op func()) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.left == 0
	p.left--
	if p.met && !p.survives {
		return false
	}
	p.met = p.met || now
	if !now || p.after {
		op()
	}
	return !now
}

// mortalStore is the store as a mortal process sees it.
type mortalStore struct {
	*memory.Store
	p *mortal
}

func (s mortalStore) Load(ctx context.Context, key string) (data []byte, version string, err error) {
	if !s.p.do(func() { data, version, err = s.Store.Load(ctx, key) }) {
		return nil, "", errKilled
	}
	return data, version, err
}

func (s mortalStore) Save(ctx context.Context, key string, data []byte, expected string) (version string, err error) {
	if !s.p.do(func() { version, err = s.Store.Save(ctx, key, data, expected) }) {
		return "", errKilled
	}
	return version, err
}

func (s mortalStore) Delete(ctx context.Context, key, expected string) (err error) {
	if !s.p.do(func() { err = s.Store.Delete(ctx, key, expected) }) {
		return errKilled
	}
	return err
}

func (s mortalStore) List(ctx context.Context, prefix string) iter.Seq2[string, error] {
	if !s.p.do(func() {}) {
		return func(yield func(string, error) bool) { yield("", errKilled) }
	}
	return s.Store.List(ctx, prefix)
}

// mortalChat is a chat as a mortal process sees it.
type mortalChat struct {
	*chat
	p *mortal
}

func (c mortalChat) Send(ctx context.Context, m watch.Message) (out watch.Outcome) {
	if !c.p.do(func() { out = c.chat.Send(ctx, m) }) {
		return watch.Outcome{Result: watch.Unknown, Text: "killed"}
	}
	return out
}

// TestCrash breaks one run of a random timeline at each of its operations in
// turn, and lets the others be. Every notice must have arrived in the end:
// once, or again with the same message id and marked.
func TestCrash(t *testing.T) {
	cases := 0
	for seed := range uint64(*crashSeeds) {
		for _, f := range []fate{{false, false}, {true, false}, {false, true}, {true, true}} {
			for at := 0; ; at++ {
				var met bool
				synctest.Test(t, func(t *testing.T) { met = crash(t, seed, at, f) })
				if t.Failed() {
					t.Fatalf("seed %d, broken at operation %d, %+v", seed, at, f)
				}
				cases++
				if !met {
					break
				}
			}
		}
	}
	t.Logf("%d cases", cases)
}

// crash plays one timeline and reports whether the run came to its fate.
func crash(t *testing.T, seed uint64, at int, f fate) bool {
	r := rand.New(rand.NewPCG(seed, 2))
	w := newWorld("digest", "single")
	w.runner.Channels[1].Single = true
	w.runner.Channels[1].Idempotent = r.IntN(2) == 0
	w.runner.Accounts = append(w.runner.Accounts, w.account("other"))
	store := w.runner.Store.(*memory.Store)
	cut := r.IntN(4) // the run that is killed
	var p *mortal
	for i := range 4 {
		w.api.Status = []watch.Status{watch.Normal, watch.Isolate}[r.IntN(2)]
		w.api.ResourceID = fmt.Sprint("r-", r.IntN(2))
		runner := w.runner
		if i == cut {
			p = &mortal{left: at, fate: f}
			runner = w.mortal(p, store)
		}
		if _, err := runner.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(r.IntN(60)) * time.Second)
	}
	time.Sleep(time.Minute)
	w.run(t)
	w.run(t)
	for _, id := range []string{"acme", "other"} {
		w.wantAllTold(t, id)
	}
	return p.met
}

// mortal returns the runner as a process that dies.
func (w *world) mortal(p *mortal, store *memory.Store) watch.Runner {
	runner := w.runner
	runner.Store = mortalStore{store, p}
	runner.Channels = nil
	for _, ch := range w.runner.Channels {
		ch.Notifier = mortalChat{w.chats[ch.Name], p}
		runner.Channels = append(runner.Channels, ch)
	}
	return runner
}

// wantAllTold checks the account's ledger against what the chats heard.
func (w *world) wantAllTold(t *testing.T, account string) {
	t.Helper()
	data, _, err := w.runner.Store.Load(t.Context(), "account/"+account)
	if err != nil {
		t.Fatal(err)
	}
	rec, err := watch.DecodeRecord(data, account)
	if err != nil {
		t.Fatal(err)
	}
	if len(rec.Ledger) == 0 {
		t.Errorf("%s: the ledger is empty", account)
	}
	for _, e := range rec.Ledger {
		for name, receipt := range e.Receipts {
			heard, marked := w.chats[name].heard(e.Notice.ID)
			superseded := receipt.State == watch.StateSuperseded && heard == 0
			told := (receipt.State == watch.StateSent || receipt.State == watch.StateUnknown) && heard >= 1
			if !superseded && !told || heard-marked > 1 {
				t.Errorf("%s: %s on %s was heard %d times, %d of them marked; its receipt is %+v", account, e.Notice.Type, name, heard, marked, receipt)
			}
		}
	}
}

// heard counts the messages that carried a notice, and those of them that were
// marked possible duplicates.
func (c *chat) heard(notice string) (heard, marked int) {
	ids := map[string]bool{}
	for _, m := range c.arrived {
		for _, item := range m.Items {
			if item.Notice.ID != notice {
				continue
			}
			heard++
			ids[m.ID] = true
			if m.PossibleDuplicate {
				marked++
			}
		}
	}
	if len(ids) > 1 {
		return heard, -heard // the same notice under two message ids
	}
	return heard, marked
}

// TestTwoCrashesLoseNothing kills the first run and the one after it, each at
// any of its operations.
func TestTwoCrashesLoseNothing(t *testing.T) {
	for first := 0; ; first++ {
		var met bool
		for second := 0; second <= first+3; second++ {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld("digest", "single")
				w.runner.Channels[1].Single = true
				store := w.runner.Store.(*memory.Store)
				for i, at := range []int{first, second} {
					p := &mortal{left: at, fate: fate{after: true}}
					runner := w.mortal(p, store)
					if _, err := runner.Run(t.Context()); err != nil {
						t.Fatal(err)
					}
					met = p.met && i == 0 || met
					time.Sleep(13 * time.Second)
				}
				w.run(t)
				w.run(t)
				w.wantAllTold(t, "acme")
			})
			if t.Failed() {
				t.Fatalf("killed after operation %d, and then %d", first, second)
			}
		}
		if !met {
			return
		}
	}
}
