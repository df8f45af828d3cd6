package handlers_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"prowatch/handlers"
	"prowatch/watch"
)

func TestWorkEndsBeforeThePlatformsTime(t *testing.T) {
	for _, tt := range []struct{ left, want time.Duration }{
		{15 * time.Minute, 15*time.Minute - 500*time.Millisecond},
		{5 * time.Second, 4500 * time.Millisecond},
		{3 * time.Second, 2700 * time.Millisecond},
		{0, 0},
	} {
		for _, event := range []string{timer, getURL, sqs(call("good"))} {
			synctest.Test(t, func(t *testing.T) {
				began, calls := time.Now(), 0
				wait := func(ctx context.Context) {
					calls++
					<-ctx.Done()
					if took := time.Since(began); took != tt.want {
						t.Errorf("of %v got %v to work, want %v", tt.left, took, tt.want)
					}
				}
				h := handlers.New(func(ctx context.Context, _ []string) (*watch.Report, error) {
					wait(ctx)
					return reportOf(good), nil
				}, &handlers.Options{HTTP: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { wait(r.Context()) })})
				ctx, cancel := context.WithTimeout(t.Context(), tt.left)
				defer cancel()
				if _, err := h.Invoke(ctx, []byte(event)); err != nil || calls != 1 {
					t.Errorf("got %d calls and error %v, want one and none", calls, err)
				}
			})
		}
	}
}

func TestWithoutADeadlineThereIsNone(t *testing.T) {
	_, err := handlers.New(func(ctx context.Context, _ []string) (*watch.Report, error) {
		if d, ok := ctx.Deadline(); ok {
			return nil, fmt.Errorf("got the deadline %v", d)
		}
		return reportOf(good), nil
	}, nil).Invoke(t.Context(), []byte(timer))
	if err != nil {
		t.Error(err)
	}
}
