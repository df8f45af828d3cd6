package crowd

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"prowatch/store/storetest"
	"prowatch/watch"
)

// A life is a process's: at one of its operations, a call of its store or a
// send, it dies, is told to stop, or only meets a fault. A nil one is charmed.
type life struct {
	at    int64 // of the operations, from 1
	fate  fate
	after bool // the operation takes effect
	stop  context.CancelFunc
	done  atomic.Int64
}

type fate int

const (
	dies    fate = iota // nothing works any more
	fails               // the one operation fails
	stopped             // its context is canceled
	fates
)

// next counts an operation and returns what becomes of it.
func (l *life) next() storetest.Fault {
	n := l.done.Add(1)
	switch {
	case n < l.at || n > l.at && l.fate != dies:
		return storetest.None
	case n > l.at:
		return storetest.FailBefore
	case l.fate == stopped:
		l.stop()
		return storetest.None
	case l.after:
		return storetest.FailAfter
	}
	return storetest.FailBefore
}

// store is the store as the process sees it.
func (l *life) store(s watch.Store) watch.Store {
	if l == nil {
		return s
	}
	f := &storetest.Faulty{Store: s, Hook: func(string, string, int) storetest.Fault { return l.next() }}
	if _, ok := s.(watch.BatchLoader); ok {
		return f.Batches()
	}
	return f
}

// notifier is a chat as the process sees it.
func (l *life) notifier(c *chat) watch.Notifier {
	if l == nil {
		return c
	}
	return mortalChat{c, l}
}

type mortalChat struct {
	*chat
	life *life
}

// Send implements [watch.Notifier].
func (c mortalChat) Send(ctx context.Context, m watch.Message) watch.Outcome {
	out := watch.Outcome{Result: watch.Unknown, Text: "no answer"}
	switch c.life.next() {
	case storetest.None:
		return c.chat.Send(ctx, m)
	case storetest.FailAfter:
		c.chat.Send(ctx, m)
	}
	return out
}

// killed plays a timeline in which all but one of the runners of each step may
// come to their end at any of their operations, and are started again later.
func killed(t *testing.T, tl timeline, stores []watch.Store, r *rand.Rand) {
	w := newWorld(tl, stores)
	began := time.Now()
	at := began
	for _, s := range tl.steps {
		at = at.Add(s.after)
		w.move(at, s)
		var wg sync.WaitGroup
		for k, i := range s.who {
			ctx, cancel := context.WithCancel(t.Context())
			l := &life{at: 1 + r.Int64N(24), fate: fate(r.IntN(int(fates))), after: r.IntN(2) == 0, stop: cancel}
			if k == 0 {
				l = nil
			}
			wg.Go(func() {
				defer cancel()
				if _, err := w.runner(i, l).Run(ctx); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		time.Sleep(time.Minute)
		wantRun(t, w.runner(s.who[len(s.who)-1], nil))
	}
	time.Sleep(time.Minute)
	wantRun(t, w.runner(0, nil))
	for _, id := range tl.accounts {
		w.wantMarked(t, id)
		w.wantMade(t, id, tl.alone(id, began))
	}
	w.wantNoneLost(t)
}

// wantMarked wants every further time that a notice was told to have the same
// message id and to say that it may have come before.
func (w *world) wantMarked(t *testing.T, account string) {
	t.Helper()
	for _, e := range w.ledger(t, account) {
		for name, receipt := range e.Receipts {
			heard, marked, ids := w.chats[name].heard(e.Notice.ID)
			if heard-marked > 1 || ids > 1 {
				t.Errorf("%s: %s was heard %d times on %s, %d of them marked, under %d ids; its receipt is %+v", account, e.Notice.Type, heard, name, marked, ids, receipt)
			}
		}
	}
}

// wantMade wants the notices that the rules make alone, in their order; those of
// a channel that seemed to fail may stand between them.
func (w *world) wantMade(t *testing.T, account string, want []watch.Notice) {
	t.Helper()
	got := slices.DeleteFunc(typesOf(w.ledger(t, account)), func(t watch.Type) bool { return strings.HasPrefix(string(t), "delivery.") })
	if !slices.Equal(got, types(want)) {
		t.Errorf("%s: got notices %v, want %v", account, got, types(want))
	}
}

// wantNoneLost wants every notice to have been heard, or to be taken in by
// another. What three killed runs had claimed is called unknown, and is told by a
// redrive, as its receipt says.
func (w *world) wantNoneLost(t *testing.T) {
	t.Helper()
	r := w.runner(0, nil)
	if _, err := r.Redrive(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	report, err := r.Tell(t.Context())
	if err := errors.Join(append(report.Errs, err)...); err != nil || report.Pending > 0 {
		t.Errorf("the redrive: %d are pending, error %v", report.Pending, err)
	}
	for _, id := range w.accounts {
		for _, e := range w.ledger(t, id) {
			for name, receipt := range e.Receipts {
				heard, _, _ := w.chats[name].heard(e.Notice.ID)
				if heard == 0 && receipt.State != watch.StateSuperseded {
					t.Errorf("%s: %s was lost on %s; its receipt is %+v", id, e.Notice.Type, name, receipt)
				}
			}
		}
	}
}
