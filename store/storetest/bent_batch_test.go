package storetest

import (
	"bytes"
	"context"
	"errors"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"prowatch/store/memory"
	"prowatch/watch"
)

// batcher is a right store with batches, whose records can be torn, unless it
// is bent.
type batcher struct {
	bent
	mu   sync.Mutex
	torn map[string]bool

	bend func(ctx context.Context, keys []string, right map[string]watch.Loaded) (map[string]watch.Loaded, error)
}

func newBatcher() *batcher { return &batcher{bent: *newBent(), torn: map[string]bool{}} }

var errTorn = errors.New("the record is torn")

func (b *batcher) Tear(_ *testing.T, key string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.torn[key] = true
	b.bent.Store.Save(context.Background(), key, []byte("torn"), "")
}

func (b *batcher) isTorn(key string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.torn[key] {
		return errTorn
	}
	return nil
}

func (b *batcher) Load(ctx context.Context, key string) ([]byte, string, error) {
	if err := b.isTorn(key); err != nil {
		return nil, "", err
	}
	return b.bent.Load(ctx, key)
}

func (b *batcher) Save(ctx context.Context, key string, data []byte, expected string) (string, error) {
	if err := b.isTorn(key); err != nil {
		return "", err
	}
	return b.bent.Save(ctx, key, data, expected)
}

func (b *batcher) Delete(ctx context.Context, key, expected string) error {
	if err := b.isTorn(key); err != nil {
		return err
	}
	return b.bent.Delete(ctx, key, expected)
}

func (b *batcher) LoadMany(ctx context.Context, keys []string) (map[string]watch.Loaded, error) {
	right := map[string]watch.Loaded{}
	for _, key := range keys {
		data, version, err := b.Load(ctx, key)
		switch {
		case ctx.Err() != nil:
			return b.bended(ctx, keys, right, ctx.Err())
		case err == nil:
			right[key] = watch.Loaded{Data: data, Version: version}
		case !errors.Is(err, watch.ErrNotFound):
			right[key] = watch.Loaded{Err: err}
		}
	}
	return b.bended(ctx, keys, right, ctx.Err())
}

func (b *batcher) bended(ctx context.Context, keys []string, right map[string]watch.Loaded, err error) (map[string]watch.Loaded, error) {
	if b.bend == nil {
		return right, err
	}
	return b.bend(ctx, keys, right)
}

// bends returns a store whose batches are changed.
func bends(change func(keys []string, right map[string]watch.Loaded) map[string]watch.Loaded) func() watch.Store {
	return func() watch.Store {
		b := newBatcher()
		b.bend = func(ctx context.Context, keys []string, right map[string]watch.Loaded) (map[string]watch.Loaded, error) {
			return change(keys, right), ctx.Err()
		}
		return b
	}
}

// batchFails returns a store whose batches fail for want of something.
func batchFails(fails func(keys []string, right map[string]watch.Loaded) bool) func() watch.Store {
	return func() watch.Store {
		b := newBatcher()
		b.bend = func(ctx context.Context, keys []string, right map[string]watch.Loaded) (map[string]watch.Loaded, error) {
			if fails(keys, right) {
				return nil, errors.New("ValidationException")
			}
			return right, ctx.Err()
		}
		return b
	}
}

func versionless(_ []string, right map[string]watch.Loaded) map[string]watch.Loaded {
	for key, one := range right {
		one.Version = strings.TrimRight(one.Version, "0123456789")
		right[key] = one
	}
	return right
}

func namesMissing(keys []string, right map[string]watch.Loaded) map[string]watch.Loaded {
	for _, key := range keys {
		if _, ok := right[key]; !ok {
			right[key] = watch.Loaded{Err: watch.ErrNotFound}
		}
	}
	return right
}

func firstFew(_ []string, right map[string]watch.Loaded) map[string]watch.Loaded {
	kept := slices.Sorted(maps.Keys(right))
	for _, key := range kept[min(len(kept), 25):] {
		delete(right, key)
	}
	return right
}

func ignoresCaseInBatch(_ []string, right map[string]watch.Loaded) map[string]watch.Loaded {
	for key := range right {
		if one, ok := right[strings.ToLower(key)]; ok {
			right[key] = one
		}
	}
	return right
}

func leavesOutTorn(_ []string, right map[string]watch.Loaded) map[string]watch.Loaded {
	maps.DeleteFunc(right, func(_ string, one watch.Loaded) bool { return one.Err != nil })
	return right
}

func hasTorn(_ []string, right map[string]watch.Loaded) bool {
	for _, one := range right {
		if one.Err != nil {
			return true
		}
	}
	return false
}

func hasTwice(keys []string, _ map[string]watch.Loaded) bool {
	return len(slices.Compact(slices.Sorted(slices.Values(keys)))) < len(keys)
}

// lagging answers a batch with what it answered before.
func lagging() watch.Store {
	b := newBatcher()
	before := map[string]watch.Loaded{}
	b.bend = func(ctx context.Context, _ []string, right map[string]watch.Loaded) (map[string]watch.Loaded, error) {
		for key, one := range right {
			if old, ok := before[key]; ok {
				right[key] = old
			}
			before[key] = one
		}
		return right, ctx.Err()
	}
	return b
}

// sharing hands out the bytes of its cache.
func sharing() watch.Store {
	b := newBatcher()
	cache := map[string][]byte{}
	b.bend = func(ctx context.Context, _ []string, right map[string]watch.Loaded) (map[string]watch.Loaded, error) {
		for key, one := range right {
			if old, ok := cache[one.Version]; ok {
				one.Data = old
			}
			cache[one.Version] = one.Data
			right[key] = one
		}
		return right, ctx.Err()
	}
	return b
}

// lateBatches asks whether or not the context has ended.
func lateBatches() watch.Store {
	b := newBatcher()
	b.bend = func(context.Context, []string, map[string]watch.Loaded) (map[string]watch.Loaded, error) {
		return map[string]watch.Loaded{}, nil
	}
	return b
}

// overwritesTorn takes what is torn for nothing.
type overwritesTorn struct{ *batcher }

func (s overwritesTorn) Save(ctx context.Context, key string, data []byte, expected string) (string, error) {
	return s.put(key, bytes.Clone(data))
}

// hidesTorn lists whole records only.
type hidesTorn struct{ *batcher }

func newHidesTorn() watch.Store {
	b := newBatcher()
	b.list = func(_ context.Context, prefix string) iter.Seq2[string, error] {
		return yields(slices.DeleteFunc(b.keys(prefix), func(k string) bool { return b.isTorn(k) != nil }))
	}
	return hidesTorn{b}
}

// TestARightStoreWithBatchesPasses holds the suite against itself.
func TestARightStoreWithBatchesPasses(t *testing.T) {
	Run(t, func(*testing.T) watch.Store { return newBatcher() })
}

func TestABatchMayFailOnOrder(t *testing.T) {
	for _, fault := range []Fault{None, FailBefore, FailAfter} {
		b := newBatcher()
		save(t, b, key, "x", "")
		f := &Faulty{Store: b, Hook: FailNth(OpBatch, key+" other", 1, fault)}
		found, err := f.Batches().LoadMany(t.Context(), []string{key, "other"})
		if failed := errors.Is(err, ErrFault); failed != (fault != None) || failed && found != nil || !failed && string(found[key].Data) != "x" {
			t.Errorf("fault %v: got %d records, error %v", fault, len(found), err)
		}
		if f.Operations() != 1 {
			t.Errorf("fault %v: a batch counts as %d operations, want 1", fault, f.Operations())
		}
	}
	if _, ok := watch.Store(&Faulty{Store: new(memory.Store)}).(watch.BatchLoader); ok {
		t.Error("a faulty store has batches, which its store has not")
	}
}
