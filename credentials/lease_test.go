package credentials

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"prowatch/tcss"
)

// mint gives a new key of two hours each time, and counts.
type mint struct {
	n    atomic.Int32
	fail atomic.Bool
	slow time.Duration
}

var errMint = errors.New("no key today")

func (m *mint) get(ctx context.Context) (tcss.Lease, error) {
	time.Sleep(m.slow)
	n := m.n.Add(1)
	if m.fail.Load() {
		return tcss.Lease{}, errMint
	}
	id := "AKID" + string('0'+n)
	return tcss.Lease{Credentials: tcss.Credentials{SecretID: id, SecretKey: "k", Token: "t"}, Ends: time.Now().Add(2 * time.Hour)}, ctx.Err()
}

func newTestLease(m *mint) *Leased {
	l := NewLeased(m.get)
	l.random = func() float64 { return 0 }
	return l
}

func expect(t *testing.T, l *Leased, id string, err error) {
	t.Helper()
	c, got := l.Credentials(t.Context())
	if c.SecretID != id || !errors.Is(got, err) {
		t.Errorf("after %s: got %q, %v, want %q, %v", time.Since(epoch), c.SecretID, got, id, err)
	}
}

// epoch is when synctest's clocks begin.
var epoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

func TestAKeyIsRenewedAtTwoThirdsOfItsLife(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &mint{}
		l := newTestLease(m)
		expect(t, l, "AKID1", nil)
		time.Sleep(80*time.Minute - time.Second)
		expect(t, l, "AKID1", nil)
		time.Sleep(time.Second)
		expect(t, l, "AKID2", nil)
	})
}

func TestTheChanceBringsARenewalForward(t *testing.T) {
	l := newTestLease(&mint{})
	for _, tt := range []struct {
		random float64
		life   time.Duration
		want   time.Duration
	}{
		{0, 2 * time.Hour, 80 * time.Minute},
		{0.5, 2 * time.Hour, 74 * time.Minute},
		{0, 9 * time.Minute, 4 * time.Minute}, // 5 minutes before its end
	} {
		l.random = func() float64 { return tt.random }
		if got := l.renewal(epoch, epoch.Add(tt.life)).Sub(epoch); got != tt.want {
			t.Errorf("%v of %s: renewed after %s, want %s", tt.random, tt.life, got, tt.want)
		}
	}
}

func TestAKeyThatCannotBeRenewedIsUsedWhileItIsGood(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &mint{}
		l := newTestLease(m)
		expect(t, l, "AKID1", nil)
		m.fail.Store(true)
		time.Sleep(80 * time.Minute)
		for range 3 { // it is tried once a minute, not at each call
			expect(t, l, "AKID1", nil)
		}
		if n := m.n.Load(); n != 2 {
			t.Errorf("asked %d times, want 2", n)
		}
		time.Sleep(39*time.Minute + 30*time.Second) // half a minute is left
		expect(t, l, "", errMint)
		m.fail.Store(false)
		expect(t, l, "AKID4", nil)
	})
}

func TestManyWhoNeedAKeyWaitForOneCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &mint{slow: time.Second}
		l := newTestLease(m)
		var wg sync.WaitGroup
		for range 1000 {
			wg.Go(func() { expect(t, l, "AKID1", nil) })
		}
		wg.Wait()
		if n := m.n.Load(); n != 1 {
			t.Errorf("asked %d times, want 1", n)
		}
	})
}

func TestWhoGivesUpWaitingDoesNotSpoilItForTheOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newTestLease(&mint{slow: time.Second})
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		if _, err := l.Credentials(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		expect(t, l, "AKID1", nil)
	})
}

func TestAKeyThatIsRefusedIsDroppedOnceAMinuteAtTheMost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &mint{}
		l := newTestLease(m)
		if l.Refused(t.Context(), "AKID0") {
			t.Error("there is no key, and another is promised")
		}
		expect(t, l, "AKID1", nil)
		if l.Refused(t.Context(), "AKID1") {
			t.Error("a new key is dropped")
		}
		time.Sleep(time.Minute)
		if !l.Refused(t.Context(), "AKID1") {
			t.Error("an old key is not dropped")
		}
		expect(t, l, "AKID2", nil)
		if !l.Refused(t.Context(), "AKID1") {
			t.Error("who was refused with the key before is not told that there is another")
		}
		if l.Refused(t.Context(), "AKID2") {
			t.Error("the next key is dropped, too")
		}
	})
}
