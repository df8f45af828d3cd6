package handlers_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"prowatch/handlers"
)

var handler handlers.Invoker = handlers.New(returns(reportOf(good)), nil)

func TestLazyBuildsOnceAtTheFirstInvocation(t *testing.T) {
	var builds atomic.Int32
	in := handlers.Lazy(zap.NewNop(), func(context.Context) (handlers.Invoker, error) {
		builds.Add(1)
		time.Sleep(time.Millisecond)
		return handler, nil
	})
	if n := builds.Load(); n != 0 {
		t.Fatalf("got %d builds before an invocation, want 0", n)
	}
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			if _, err := in.Invoke(t.Context(), []byte(timer)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := builds.Load(); n != 1 {
		t.Errorf("got %d builds, want 1", n)
	}
}

func TestLazyTriesAgainAfterAFailure(t *testing.T) {
	core, logs := observer.New(zapcore.DebugLevel)
	cause := errors.New("state is not set")
	builds := 0
	in := handlers.Lazy(zap.New(core), func(context.Context) (handlers.Invoker, error) {
		switch builds++; builds {
		case 1:
			return nil, cause
		case 2:
			panic("hunter2")
		}
		return handler, nil
	})
	ctx := handlers.WithRequestID(t.Context(), "req-1")

	_, err := in.Invoke(ctx, []byte(timer))
	var se *handlers.SetupError
	if !errors.As(err, &se) || !errors.Is(err, cause) || err.Error() != "setting up: state is not set" {
		t.Errorf("got %v, want a SetupError of the cause", err)
	}
	_, err = in.Invoke(ctx, []byte(timer))
	var pe *handlers.PanicError
	if !errors.As(err, &pe) || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("got %v, want a PanicError without its value", err)
	}
	for range 2 {
		if _, err := in.Invoke(ctx, []byte(timer)); err != nil || builds != 3 {
			t.Errorf("got %v after %d builds, want success after 3", err, builds)
		}
	}
	if logs.FilterMessage("setup").FilterField(zap.String("request_id", "req-1")).Len() != 2 || logs.Len() != 2 {
		t.Errorf("got log %v, want one record a failure", logs.All())
	}
}

func TestAnInvocationWaitsForAnothersBuildNoLongerThanItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in := handlers.Lazy(zap.NewNop(), func(context.Context) (handlers.Invoker, error) {
			time.Sleep(time.Minute)
			return handler, nil
		})
		go in.Invoke(t.Context(), []byte(timer))
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began := time.Now()
		_, err := in.Invoke(ctx, []byte(timer))
		if took := time.Since(began); !errors.Is(err, context.DeadlineExceeded) || took != time.Second {
			t.Errorf("got %v after %v, want the deadline after 1s", err, took)
		}
		if _, err := in.Invoke(t.Context(), []byte(timer)); err != nil {
			t.Errorf("got %v for one that has the time, want none", err)
		}
	})
}
