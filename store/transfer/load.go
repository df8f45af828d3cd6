package transfer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"prowatch/watch"
)

const (
	chunkSize  = 100 // records that are loaded together, as many as a batch holds
	atOnce     = 16  // loads or saves beside one another
	maxFaults  = 100 // records that fail, then the store is taken to
	leaseKey   = "run/lease"
	scratchKey = "doctor/scratch"
)

// A Record is one record as it is moved.
type Record struct {
	Key  string
	Data []byte
}

// A Fault is what is wrong with one record.
type Fault struct {
	Key   string `json:"key"`
	Error string `json:"error"`
}

// errTooMany ends a transfer from a store that does not work.
var errTooMany = fmt.Errorf("over %d records cannot be moved: see that the store works, with prowatch doctor", maxFaults)

// keysOf lists what there is to move.
func keysOf(ctx context.Context, s watch.Store) ([]string, error) {
	var keys []string
	for key, err := range s.List(ctx, "") {
		if err != nil {
			return nil, err
		}
		if key != leaseKey && key != scratchKey {
			keys = append(keys, key)
		}
	}
	return keys, nil
}

// load loads up to chunkSize records. What is missing is not in the answer.
func load(ctx context.Context, s watch.Store, keys []string) (map[string]watch.Loaded, error) {
	if b, ok := s.(watch.BatchLoader); ok {
		return b.LoadMany(ctx, keys)
	}
	var mu sync.Mutex
	found := make(map[string]watch.Loaded, len(keys))
	each(keys, func(key string) {
		var one watch.Loaded
		one.Data, one.Version, one.Err = s.Load(ctx, key)
		mu.Lock()
		defer mu.Unlock()
		if !errors.Is(one.Err, watch.ErrNotFound) {
			found[key] = one
		}
	})
	return found, ctx.Err()
}

// each calls do for all values, atOnce at a time.
func each[T any](values []T, do func(T)) {
	var wg sync.WaitGroup
	slots := make(chan struct{}, atOnce)
	for _, v := range values {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			do(v)
		})
	}
	wg.Wait()
}

// A reader reads a store's records, checks them and counts what is wrong.
type reader struct {
	store  watch.Store
	faults []Fault
}

// whole calls f with what is whole of each chunk of the keys, in their order.
func (r *reader) whole(ctx context.Context, keys []string, f func(chunk []string, found map[string]watch.Loaded) error) error {
	for chunk := range slices.Chunk(keys, chunkSize) {
		found, err := load(ctx, r.store, chunk)
		if err != nil {
			return err
		}
		for _, key := range chunk {
			one, ok := found[key]
			if !ok {
				continue // deleted since it was listed
			}
			if one.Err == nil {
				one.Err = watch.CheckRecord(key, one.Data)
			}
			if one.Err != nil {
				r.faults = append(r.faults, Fault{key, one.Err.Error()})
				delete(found, key)
			}
		}
		if len(r.faults) > maxFaults {
			return errTooMany
		}
		if err := f(chunk, found); err != nil {
			return err
		}
	}
	return nil
}

// An Entry is one record as a list shows it.
type Entry struct {
	Key   string `json:"key"`
	Bytes int    `json:"bytes"`
	Error string `json:"error,omitempty"` // why it cannot be read
}

// List returns what the store holds, sorted by key, but for the lease.
func List(ctx context.Context, s watch.Store) ([]Entry, error) {
	keys, err := keysOf(ctx, s)
	if err != nil {
		return nil, err
	}
	r := reader{store: s}
	entries := make([]Entry, 0, len(keys))
	err = r.whole(ctx, keys, func(_ []string, found map[string]watch.Loaded) error {
		for key, one := range found {
			entries = append(entries, Entry{Key: key, Bytes: len(one.Data)})
		}
		return nil
	})
	for _, f := range r.faults {
		entries = append(entries, Entry{Key: f.Key, Error: f.Error})
	}
	slices.SortFunc(entries, func(a, b Entry) int { return strings.Compare(a.Key, b.Key) })
	return entries, err
}
