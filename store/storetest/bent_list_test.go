package storetest

import (
	"context"
	"errors"
	"iter"
	"path"
	"slices"
	"strings"
	"sync"

	"prowatch/watch"
)

// lists returns a store that lists otherwise.
func lists(list func(b *bent, prefix string) iter.Seq2[string, error]) watch.Store {
	b := newBent()
	b.list = func(_ context.Context, prefix string) iter.Seq2[string, error] { return list(b, prefix) }
	return b
}

func listsFolder() watch.Store {
	return lists(func(b *bent, prefix string) iter.Seq2[string, error] {
		return yields(append([]string{prefix}, b.keys(prefix)...))
	})
}

func listsByCase() watch.Store {
	return lists(func(b *bent, prefix string) iter.Seq2[string, error] {
		keys := b.keys(prefix)
		slices.SortFunc(keys, func(x, y string) int { return strings.Compare(strings.ToLower(x), strings.ToLower(y)) })
		return yields(keys)
	})
}

func listsByFolder() watch.Store {
	return lists(func(b *bent, prefix string) iter.Seq2[string, error] {
		return yields(b.keys(strings.TrimSuffix(prefix, "/") + "/"))
	})
}

func listsByPattern() watch.Store {
	return lists(func(b *bent, prefix string) iter.Seq2[string, error] {
		return yields(slices.DeleteFunc(b.keys(""), func(k string) bool {
			ok, _ := path.Match(prefix+"*", k)
			return !ok
		}))
	})
}

func listsOnePage() watch.Store {
	return lists(func(b *bent, prefix string) iter.Seq2[string, error] {
		keys := b.keys(prefix)
		return yields(keys[:min(len(keys), 100)])
	})
}

func listsTwice() watch.Store {
	return lists(func(b *bent, prefix string) iter.Seq2[string, error] {
		keys := b.keys(prefix)
		if len(keys) > 100 {
			keys = slices.Insert(keys, 100, keys[100])
		}
		return yields(keys)
	})
}

func listsVersions() watch.Store {
	b := newBent()
	var names []string
	b.save = func(ctx context.Context, key string, data []byte, expected string) (string, error) {
		names = append(names, key)
		return b.Store.Save(ctx, key, data, expected)
	}
	b.list = func(context.Context, string) iter.Seq2[string, error] { return yields(names) }
	return b
}

func listsOn() watch.Store {
	return lists(func(b *bent, prefix string) iter.Seq2[string, error] {
		return func(yield func(string, error) bool) {
			for _, k := range b.keys(prefix) {
				yield(k, nil)
			}
		}
	})
}

// listsLocked refuses writes while a list is under way, which a lock would keep
// waiting.
func listsLocked() watch.Store {
	b := newBent()
	var mu sync.Mutex
	b.save = func(ctx context.Context, key string, data []byte, expected string) (string, error) {
		if !mu.TryLock() {
			return "", errors.New("the database is locked")
		}
		defer mu.Unlock()
		return b.Store.Save(ctx, key, data, expected)
	}
	b.list = func(ctx context.Context, prefix string) iter.Seq2[string, error] {
		return func(yield func(string, error) bool) {
			mu.Lock()
			defer mu.Unlock()
			b.Store.List(ctx, prefix)(yield)
		}
	}
	return b
}

func listsPastError() watch.Store {
	b := newBent()
	b.list = func(ctx context.Context, prefix string) iter.Seq2[string, error] {
		return func(yield func(string, error) bool) {
			for _, k := range b.keys(prefix) {
				if err := ctx.Err(); err != nil {
					k = ""
				}
				if !yield(k, ctx.Err()) {
					return
				}
			}
		}
	}
	return b
}
