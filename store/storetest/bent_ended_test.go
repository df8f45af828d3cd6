package storetest

import (
	"context"
	"errors"
	"iter"

	"prowatch/watch"
)

func ignoresContext() watch.Store {
	b := newBent()
	b.load = func(_ context.Context, key string) ([]byte, string, error) {
		return b.Store.Load(context.Background(), key)
	}
	b.list = func(_ context.Context, prefix string) iter.Seq2[string, error] { return yields(b.keys(prefix)) }
	return b
}

func writesLate() watch.Store {
	b := newBent()
	b.save = func(ctx context.Context, key string, data []byte, expected string) (string, error) {
		v, err := b.Store.Save(context.WithoutCancel(ctx), key, data, expected)
		return v, errors.Join(err, ctx.Err())
	}
	return b
}

func lateIsMissing() watch.Store {
	b := newBent()
	b.load = func(ctx context.Context, key string) ([]byte, string, error) {
		data, v, err := b.Store.Load(ctx, key)
		if err != nil {
			err = watch.ErrNotFound
		}
		return data, v, err
	}
	return b
}

func waits() watch.Store {
	b := newBent()
	b.load = func(ctx context.Context, key string) ([]byte, string, error) {
		if _, limited := ctx.Deadline(); limited {
			<-make(chan struct{})
		}
		return b.Store.Load(ctx, key)
	}
	return b
}
