package notifytest

import (
	"context"
	"strings"
	"sync"
	"testing"

	"prowatch/watch"
)

// RunLocal runs what of the suite holds for a channel without a vendor. open
// returns it, and a function that returns all it has delivered.
func RunLocal(t *testing.T, open func(t *testing.T) (watch.Notifier, func() string)) {
	t.Helper()
	t.Run("EveryTypeArrives", func(t *testing.T) {
		for _, c := range Cases() {
			n, delivered := open(t)
			wantDelivered(t, n.Send(t.Context(), c.Message), c.Message, delivered())
		}
	})
	t.Run("TheSameIDWithEveryAttempt", func(t *testing.T) {
		n, delivered := open(t)
		m := Find("expiry-duplicate")
		n.Send(t.Context(), m)
		n.Send(t.Context(), m)
		if got := strings.Count(delivered(), m.ID); got != 2 {
			t.Errorf("two attempts show the id %d times, want 2", got)
		}
	})
	t.Run("SafeForManyGoroutines", func(t *testing.T) {
		n, delivered := open(t)
		var wg sync.WaitGroup
		m := Find("expiry-3d")
		for range 8 {
			wg.Go(func() { checkOutcome(t, n.Send(t.Context(), m)) })
		}
		wg.Wait()
		if got := strings.Count(delivered(), m.ID); got != 8 {
			t.Errorf("8 messages show the id %d times, want 8", got)
		}
	})
	t.Run("AnEndedContextSendsNothing", func(t *testing.T) {
		n, delivered := open(t)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		for range 20 { // it must not hang on a throw of the dice
			if out := n.Send(ctx, Find("expiry-3d")); out.Result != watch.Retry || delivered() != "" {
				t.Fatalf("Send with an ended context = %+v and %q, want retry and nothing", out, delivered())
			}
		}
	})
}

func wantDelivered(t *testing.T, out watch.Outcome, m watch.Message, text string) {
	t.Helper()
	checkOutcome(t, out)
	if !arrived(out) {
		t.Errorf("Send = %+v, want sent or accepted", out)
	}
	for _, want := range shows(m) {
		if !strings.Contains(text, want) {
			t.Errorf("the message lacks %q:\n%s", want, text)
		}
	}
}
