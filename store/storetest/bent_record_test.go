package storetest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"

	"prowatch/watch"
)

func ownMissing() watch.Store {
	b := newBent()
	b.load = func(ctx context.Context, key string) ([]byte, string, error) {
		data, v, err := b.Store.Load(ctx, key)
		if err != nil {
			err = errors.New("no row")
		}
		return data, v, err
	}
	return b
}

func ownConflict() watch.Store {
	b := newBent()
	b.save = func(ctx context.Context, key string, data []byte, expected string) (string, error) {
		v, err := b.Store.Save(ctx, key, data, expected)
		if err != nil {
			err = errors.New("the condition was not met")
		}
		return v, err
	}
	return b
}

// saves returns a store that saves something else.
func saves(change func(data []byte) []byte) watch.Store {
	b := newBent()
	b.save = func(ctx context.Context, key string, data []byte, expected string) (string, error) {
		return b.Store.Save(ctx, key, change(data), expected)
	}
	return b
}

func textOnly() watch.Store {
	return saves(func(data []byte) []byte { return []byte(strings.ToValidUTF8(string(data), "?")) })
}

func cutsRecords() watch.Store {
	return saves(func(data []byte) []byte { return data[:min(len(data), 64<<10)] })
}

func emptyIsMissing() watch.Store {
	b := newBent()
	b.load = func(ctx context.Context, key string) ([]byte, string, error) {
		data, v, err := b.Store.Load(ctx, key)
		if len(data) == 0 {
			return nil, "", watch.ErrNotFound
		}
		return data, v, err
	}
	return b
}

func hashVersions() watch.Store {
	hash := func(data []byte) string {
		sum := sha256.Sum256(data)
		return hex.EncodeToString(sum[:])
	}
	b := newBent()
	b.load = func(ctx context.Context, key string) ([]byte, string, error) {
		data, _, err := b.Store.Load(ctx, key)
		return data, hash(data), err
	}
	b.save = func(ctx context.Context, key string, data []byte, expected string) (string, error) {
		old, v, err := b.Store.Load(ctx, key)
		if (err == nil) != (expected != "") || err == nil && hash(old) != expected {
			return "", watch.ErrConflict
		}
		_, err = b.Store.Save(ctx, key, data, v)
		return hash(data), err
	}
	b.del = func(ctx context.Context, key, _ string) error { return b.Store.Delete(ctx, key, b.version(key)) }
	return b
}

func emptyVersions() watch.Store {
	b := newBent()
	b.save = func(_ context.Context, key string, data []byte, _ string) (string, error) {
		_, err := b.put(key, data)
		return "", err
	}
	return b
}

func tombstones() watch.Store {
	b := newBent()
	b.del = func(ctx context.Context, key, expected string) error {
		_, err := b.Store.Save(ctx, key, nil, expected)
		return err
	}
	return b
}

// aliases keeps and hands out one slice for each key.
func aliases() watch.Store {
	b, data := newBent(), map[string][]byte{}
	b.save = func(ctx context.Context, key string, d []byte, expected string) (string, error) {
		data[key] = d
		return b.Store.Save(ctx, key, d, expected)
	}
	b.load = func(ctx context.Context, key string) ([]byte, string, error) {
		_, v, err := b.Store.Load(ctx, key)
		return data[key], v, err
	}
	return b
}
