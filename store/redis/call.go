package redis

import (
	"context"

	"prowatch/store/remote"
)

// call calls f as [remote.Try] does, and does not wait for it once ctx ends:
// the library waits for an answer whether or not its context is canceled.
func call[T any](ctx context.Context, s *Store, f func(context.Context) (T, error)) (value T, unsure bool, err error) {
	type result struct {
		value  T
		unsure bool
		err    error
	}
	var none T
	if err := ctx.Err(); err != nil {
		return none, false, err
	}
	done := make(chan result, 1)
	go func() {
		var r result
		r.unsure, r.err = remote.Try(ctx, judge, func(ctx context.Context) (err error) {
			r.value, err = f(ctx)
			return err
		})
		done <- r
	}()
	select {
	case r := <-done:
		if r.err != nil && ctx.Err() == nil {
			r.err = s.explain(r.err)
		}
		return r.value, r.unsure, r.err
	case <-ctx.Done():
		return none, true, ctx.Err()
	}
}
