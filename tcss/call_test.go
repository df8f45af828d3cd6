package tcss

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"prowatch/watch"
)

func TestOnlyWhatMayPassIsAskedAgain(t *testing.T) {
	for _, tt := range []struct {
		name   string
		answer func() (*http.Response, error)
		want   int // requests
	}{
		{"good", func() (*http.Response, error) { return reply(200, normal) }, 1},
		{"denied", func() (*http.Response, error) { return reply(200, refusal("AuthFailure.SignatureFailure")) }, 1},
		{"no role", func() (*http.Response, error) { return reply(200, refusal("InternalError.ErrRoleNotExist")) }, 1},
		{"rejected", func() (*http.Response, error) { return reply(200, refusal("InvalidParameter.ParsingError")) }, 1},
		{"unreadable", func() (*http.Response, error) { return reply(200, `{"Response":[]}`) }, 1},
		{"throttled", func() (*http.Response, error) { return reply(200, refusal("RequestLimitExceeded")) }, 3},
		{"throttled by account", func() (*http.Response, error) {
			return reply(200, refusal("RequestLimitExceeded.UinLimitExceeded"))
		}, 3},
		{"internal", func() (*http.Response, error) { return reply(200, refusal("InternalError")) }, 3},
		{"database", func() (*http.Response, error) { return reply(200, refusal("InternalError.MainDBFail")) }, 3},
		{"a page", func() (*http.Response, error) { return reply(502, "<html>") }, 3},
		{"network", func() (*http.Response, error) { return nil, errors.New("cable cut") }, 3},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := 0
			c := open(t, Options{Transport: transport(func(*http.Request) (*http.Response, error) {
				got++
				return tt.answer()
			})})
			_, _ = c.Read(t.Context())
			if got != tt.want {
				t.Errorf("requests: got %d, want %d", got, tt.want)
			}
		})
	}
}

func TestTheSecondAnswerCounts(t *testing.T) {
	asked := 0
	c := open(t, Options{Transport: transport(func(*http.Request) (*http.Response, error) {
		if asked++; asked == 1 {
			return reply(503, "<html>")
		}
		return reply(200, normal)
	})})
	if r, err := c.Read(t.Context()); err != nil || r.Status != watch.Normal || asked != 2 {
		t.Errorf("Read: got %+v, %v after %d requests", r, err, asked)
	}
}

func TestEachAttemptIsSignedAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stamps, signatures := map[string]bool{}, map[string]bool{}
		c := open(t, Options{Transport: transport(func(r *http.Request) (*http.Response, error) {
			stamps[r.Header.Get("X-TC-Timestamp")] = true
			signatures[r.Header.Get("Authorization")] = true
			time.Sleep(time.Second)
			return reply(503, "<html>")
		})})
		_, err := c.Read(t.Context())
		failed(t, err)
		if len(stamps) != 3 || len(signatures) != 3 {
			t.Errorf("different timestamps and signatures: got %d and %d, want 3 and 3", len(stamps), len(signatures))
		}
	})
}

func TestTheWaitsAreAtMostTwoSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := open(t, Options{
			Rand:      func() float64 { return 1 },
			Transport: transport(func(*http.Request) (*http.Response, error) { return reply(503, "<html>") }),
		})
		began := time.Now()
		_, err := c.Read(t.Context())
		failed(t, err)
		if took := time.Since(began); took != 2*time.Second {
			t.Errorf("Read took %v, want 2s", took)
		}
	})
}

func TestAWaitThatWouldOutliveTheContextIsNotBegun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 400*time.Millisecond)
		defer cancel()
		c := open(t, Options{
			Rand:      func() float64 { return 1 },
			Transport: transport(func(*http.Request) (*http.Response, error) { return reply(503, "<html>") }),
		})
		began := time.Now()
		_, err := c.Read(ctx)
		if f := failed(t, err); f.Message != `HTTP 503, no API answer: "<html>"` {
			t.Errorf("failure: got %v, want that of the attempt", f)
		}
		if took := time.Since(began); took != 0 {
			t.Errorf("Read took %v, want 0s", took)
		}
	})
}

func TestAWaitEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(100*time.Millisecond, cancel)
		c := open(t, Options{
			Rand:      func() float64 { return 1 },
			Transport: transport(func(*http.Request) (*http.Response, error) { return reply(503, "<html>") }),
		})
		began := time.Now()
		_, err := c.Read(ctx)
		failed(t, err)
		if took := time.Since(began); took != 100*time.Millisecond {
			t.Errorf("Read took %v, want 100ms", took)
		}
	})
}

func TestAnAttemptHasItsOwnTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := open(t, Options{Transport: transport(func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		})})
		began := time.Now()
		_, err := c.Read(t.Context())
		want := "no answer from tcss.intl.tencentcloudapi.com within 10s: check network and proxy"
		if f := failed(t, err); f.Class != watch.Unavailable || f.Message != want {
			t.Errorf("failure: got %v, want %s", f, want)
		}
		if took := time.Since(began); took != 30*time.Second {
			t.Errorf("Read took %v, want 3 attempts of 10s", took)
		}
	})
}

func TestTheEndOfTheContextIsTold(t *testing.T) {
	silent := transport(func(r *http.Request) (*http.Response, error) {
		<-r.Context().Done()
		return nil, r.Context().Err()
	})
	for _, tt := range []struct {
		name string
		end  func(context.Context) (context.Context, context.CancelFunc)
		want string
	}{
		{"deadline", func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, time.Second)
		}, "no answer from tcss.intl.tencentcloudapi.com before the deadline"},
		{"cancelled", func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(ctx)
			time.AfterFunc(time.Second, cancel)
			return ctx, cancel
		}, "stopped before tcss.intl.tencentcloudapi.com answered"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := tt.end(t.Context())
				defer cancel()
				began := time.Now()
				_, err := open(t, Options{Transport: silent}).Read(ctx)
				if f := failed(t, err); f.Class != watch.Unavailable || f.Message != tt.want {
					t.Errorf("failure: got %v, want %s", f, tt.want)
				}
				if took := time.Since(began); took != time.Second {
					t.Errorf("Read took %v, want 1s", took)
				}
			})
		})
	}
}
