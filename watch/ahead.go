package watch

import (
	"context"
	"sync"
)

// ahead loads the accounts' records by the store's batches a little before their
// turn, so that a check waits for the API alone. A record that was changed
// meanwhile is no harm: saving over it is a conflict, and it is loaded afresh.
type ahead struct {
	store BatchLoader
	keys  []string // in the order of their turns
	depth int      // batches that are loaded before the one whose turn it is

	mu      sync.Mutex
	loading []*batch // those that were begun
	wg      sync.WaitGroup
}

// batch is what one call loads.
type batch struct {
	done  chan struct{}
	found map[string]Loaded // that were not taken yet
	err   error
}

// newAhead returns nil where the store has no batches, or they gain nothing.
func (r *Runner) newAhead(keys []string) *ahead {
	store, ok := r.Store.(BatchLoader)
	if !ok || len(keys) < 2 {
		return nil
	}
	return &ahead{store: store, keys: keys, depth: 1 + r.concurrency()/loadBatch}
}

// take returns what was loaded of the i-th record, once; nil says that it is to
// be loaded by itself.
func (a *ahead) take(ctx context.Context, i int) *Loaded {
	if a == nil {
		return nil
	}
	b := a.begin(ctx, i/loadBatch)
	<-b.done
	a.mu.Lock()
	defer a.mu.Unlock()
	one, ok := b.found[a.keys[i]]
	delete(b.found, a.keys[i])
	if !ok && b.err != nil {
		return nil
	}
	return &one
}

// begin begins to load the n-th batch and those after it, and returns it.
func (a *ahead) begin(ctx context.Context, n int) *batch {
	a.mu.Lock()
	defer a.mu.Unlock()
	for len(a.loading) <= n+a.depth && len(a.loading)*loadBatch < len(a.keys) {
		from := len(a.loading) * loadBatch
		keys := a.keys[from:min(from+loadBatch, len(a.keys))]
		b := &batch{done: make(chan struct{})}
		a.loading = append(a.loading, b)
		a.wg.Go(func() {
			defer close(b.done)
			b.found, b.err = a.store.LoadMany(ctx, keys)
		})
	}
	return a.loading[n]
}

// wait waits for loads that nobody waited for.
func (a *ahead) wait() {
	if a != nil {
		a.wg.Wait()
	}
}
