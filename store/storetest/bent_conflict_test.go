package storetest

import (
	"context"
	"errors"
	"slices"
	"time"

	"prowatch/watch"
)

func ignoresVersions() watch.Store {
	b := newBent()
	b.save = func(_ context.Context, key string, data []byte, _ string) (string, error) { return b.put(key, data) }
	return b
}

func upserts() watch.Store {
	b := newBent()
	b.save = func(ctx context.Context, key string, data []byte, expected string) (string, error) {
		if b.version(key) == "" {
			expected = ""
		}
		return b.Store.Save(ctx, key, data, expected)
	}
	return b
}

func anyVersion() watch.Store {
	b := newBent()
	b.save = func(ctx context.Context, key string, data []byte, expected string) (string, error) {
		known := func(k string) bool { return b.version(k) == expected }
		if slices.ContainsFunc(b.keys(""), known) {
			return b.put(key, data)
		}
		return b.Store.Save(ctx, key, data, expected)
	}
	return b
}

func deletesAny() watch.Store {
	b := newBent()
	b.del = func(ctx context.Context, key, _ string) error { return b.Store.Delete(ctx, key, b.version(key)) }
	return b
}

func deletesNothing() watch.Store {
	b := newBent()
	b.del = func(ctx context.Context, key, expected string) error {
		if err := b.Store.Delete(ctx, key, expected); !errors.Is(err, watch.ErrNotFound) {
			return err
		}
		return nil
	}
	return b
}

func checksThenActs() watch.Store {
	b := newBent()
	b.save = func(_ context.Context, key string, data []byte, expected string) (string, error) {
		if b.version(key) != expected {
			return "", watch.ErrConflict
		}
		time.Sleep(time.Millisecond)
		return b.put(key, data)
	}
	b.del = func(ctx context.Context, key, expected string) error {
		if b.version(key) != expected {
			return watch.ErrConflict
		}
		time.Sleep(time.Millisecond)
		return b.Store.Delete(ctx, key, b.version(key))
	}
	return b
}

func writesTwice() watch.Store {
	b := newBent()
	b.save = func(ctx context.Context, key string, data []byte, expected string) (string, error) {
		if v, err := b.Store.Save(ctx, key, append(data[:len(data)/2:len(data)/2], '!'), expected); err != nil {
			return v, err
		}
		time.Sleep(time.Millisecond)
		return b.put(key, data)
	}
	return b
}

func deletesFirst() watch.Store {
	b := newBent()
	b.save = func(ctx context.Context, key string, data []byte, expected string) (string, error) {
		if expected != "" {
			if err := b.Store.Delete(ctx, key, expected); err != nil {
				return "", watch.ErrConflict
			}
			time.Sleep(time.Millisecond)
		}
		return b.Store.Save(ctx, key, data, "")
	}
	return b
}

// renames returns a store that keeps a record under another name.
func renames(name func(key string) string) func() watch.Store {
	return func() watch.Store {
		b := newBent()
		b.load = func(ctx context.Context, key string) ([]byte, string, error) { return b.Store.Load(ctx, name(key)) }
		b.save = func(ctx context.Context, key string, data []byte, expected string) (string, error) {
			return b.Store.Save(ctx, name(key), data, expected)
		}
		b.del = func(ctx context.Context, key, expected string) error { return b.Store.Delete(ctx, name(key), expected) }
		return b
	}
}
