package storetest

import (
	"context"
	"errors"
	"iter"

	"prowatch/store/memory"
	"prowatch/watch"
)

// A bent store is a right one but for the methods that are set.
type bent struct {
	watch.Store
	load func(ctx context.Context, key string) ([]byte, string, error)
	save func(ctx context.Context, key string, data []byte, expected string) (string, error)
	del  func(ctx context.Context, key, expected string) error
	list func(ctx context.Context, prefix string) iter.Seq2[string, error]
}

func newBent() *bent { return &bent{Store: new(memory.Store)} }

func (b *bent) Load(ctx context.Context, key string) ([]byte, string, error) {
	if b.load != nil {
		return b.load(ctx, key)
	}
	return b.Store.Load(ctx, key)
}

func (b *bent) Save(ctx context.Context, key string, data []byte, expected string) (string, error) {
	if b.save != nil {
		return b.save(ctx, key, data, expected)
	}
	return b.Store.Save(ctx, key, data, expected)
}

func (b *bent) Delete(ctx context.Context, key, expected string) error {
	if b.del != nil {
		return b.del(ctx, key, expected)
	}
	return b.Store.Delete(ctx, key, expected)
}

func (b *bent) List(ctx context.Context, prefix string) iter.Seq2[string, error] {
	if b.list != nil {
		return b.list(ctx, prefix)
	}
	return b.Store.List(ctx, prefix)
}

// version returns the present version of a record, "" if there is none.
func (b *bent) version(key string) string {
	_, v, _ := b.Store.Load(context.Background(), key)
	return v
}

// put overwrites.
func (b *bent) put(key string, data []byte) (string, error) {
	for {
		v, err := b.Store.Save(context.Background(), key, data, b.version(key))
		if !errors.Is(err, watch.ErrConflict) {
			return v, err
		}
	}
}

func (b *bent) keys(prefix string) (keys []string) {
	for k := range b.Store.List(context.Background(), prefix) {
		keys = append(keys, k)
	}
	return keys
}

// yields returns a list of keys without a fault of its own.
func yields(keys []string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for _, k := range keys {
			if !yield(k, nil) {
				return
			}
		}
	}
}
