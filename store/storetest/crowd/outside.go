package crowd

import (
	"context"
	"iter"
	"strings"
	"testing"

	"prowatch/watch"
)

// A bridge has goroutines that make calls for others, who are in a bubble of
// testing/synctest. Its channels were made outside, so that whoever waits for an
// answer holds the bubble's clock.
type bridge struct {
	calls chan func()
	free  chan chan struct{}
}

func newBridge(t *testing.T, n int) *bridge {
	b := &bridge{calls: make(chan func()), free: make(chan chan struct{}, n)}
	for range n {
		b.free <- make(chan struct{}, 1)
		go func() {
			for call := range b.calls {
				call()
			}
		}()
	}
	t.Cleanup(func() { close(b.calls) })
	return b
}

// do calls f outside and waits for it.
func (b *bridge) do(f func()) {
	done := <-b.free
	b.calls <- func() {
		f()
		done <- struct{}{}
	}
	<-done
	b.free <- done
}

// outside is a part of a store, under a prefix of its keys, that is called
// through a bridge. A call is not made once its context has ended, and else is
// waited for.
type outside struct {
	store  watch.Store
	bridge *bridge
	ctx    context.Context // of the calls
	prefix string
}

// Load implements [watch.Store].
func (s outside) Load(ctx context.Context, key string) (data []byte, version string, err error) {
	if err := ctx.Err(); err != nil {
		return nil, "", err
	}
	s.bridge.do(func() { data, version, err = s.store.Load(s.ctx, s.prefix+key) })
	return data, version, err
}

// Save implements [watch.Store].
func (s outside) Save(ctx context.Context, key string, data []byte, expected string) (version string, err error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	s.bridge.do(func() { version, err = s.store.Save(s.ctx, s.prefix+key, data, expected) })
	return version, err
}

// Delete implements [watch.Store].
func (s outside) Delete(ctx context.Context, key, expected string) (err error) {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.bridge.do(func() { err = s.store.Delete(s.ctx, s.prefix+key, expected) })
	return err
}

// List implements [watch.Store].
func (s outside) List(ctx context.Context, prefix string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		var keys []string
		err := ctx.Err()
		if err == nil {
			s.bridge.do(func() { keys, err = collect(s.store.List(s.ctx, s.prefix+prefix)) })
		}
		for _, key := range keys {
			if !yield(strings.TrimPrefix(key, s.prefix), nil) {
				return
			}
		}
		if err != nil {
			yield("", err)
		}
	}
}

func collect(list iter.Seq2[string, error]) (keys []string, err error) {
	for key, err := range list {
		if err != nil {
			return keys, err
		}
		keys = append(keys, key)
	}
	return keys, nil
}

// outsideBatches is the same of a store that has batches.
type outsideBatches struct{ outside }

// LoadMany implements [watch.BatchLoader].
func (s outsideBatches) LoadMany(ctx context.Context, keys []string) (map[string]watch.Loaded, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	full := make([]string, len(keys))
	for i, key := range keys {
		full[i] = s.prefix + key
	}
	var found map[string]watch.Loaded
	var err error
	s.bridge.do(func() { found, err = s.store.(watch.BatchLoader).LoadMany(s.ctx, full) })
	out := make(map[string]watch.Loaded, len(found))
	for key, one := range found {
		out[strings.TrimPrefix(key, s.prefix)] = one
	}
	return out, err
}

// within returns the part of the store under prefix, with batches if it has them.
func (b *bridge) within(ctx context.Context, s watch.Store, prefix string) watch.Store {
	o := outside{store: s, bridge: b, ctx: ctx, prefix: prefix}
	if _, ok := s.(watch.BatchLoader); ok {
		return outsideBatches{o}
	}
	return o
}
