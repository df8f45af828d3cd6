package tcss

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

func TestTheRateIsSharedByCredential(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shared := new(Limiters)
		var sent []time.Time
		o := Options{Limiters: shared, Transport: transport(func(*http.Request) (*http.Response, error) {
			sent = append(sent, time.Now())
			return reply(200, normal)
		})}
		a, b := open(t, o), open(t, o)
		for range 40 {
			for _, c := range []*Client{a, b} {
				if _, err := c.Read(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
		}
		for i := range len(sent) - 20 {
			if d := sent[i+20].Sub(sent[i]); d < time.Second {
				t.Fatalf("21 requests within %v, want at most 20 a second", d)
			}
		}
		if took := sent[len(sent)-1].Sub(sent[0]); took > 5*time.Second {
			t.Errorf("80 requests took %v, want less than 5s", took)
		}
	})
}

func TestOtherCredentialsHaveTheirOwnRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		l := new(Limiters)
		for _, id := range []string{"a", "b", "a", "b"} {
			if err := l.Wait(t.Context(), id); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(began); took != 0 {
			t.Errorf("4 waits took %v, want 0s", took)
		}
	})
}

func TestARateThatLeavesNoRoomFailsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		c := open(t, Options{Transport: transport(func(*http.Request) (*http.Response, error) { return reply(200, normal) })})
		for range burst {
			if _, err := c.Read(ctx); err != nil {
				t.Fatal(err)
			}
		}
		_, err := c.Read(ctx)
		if f := failed(t, err); f.Message != "the limit of 20 requests a second leaves no room before the deadline" {
			t.Errorf("got %v", f)
		}
	})
}

func TestIdleCredentialsAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := new(Limiters)
		for i := range 3 * maxLimiters {
			if err := l.Wait(t.Context(), string(rune(0x4e00+i))); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Millisecond)
		}
		if got := len(l.byID); got > maxLimiters {
			t.Errorf("kept: got %d, want at most %d", got, maxLimiters)
		}
	})
}
