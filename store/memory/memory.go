// Package memory keeps records in the memory of one process. It is the store
// of tests and of the demo: what it holds ends with the process.
package memory

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"prowatch/watch"
)

// A Store is a [watch.Store] in memory. The zero value is empty and ready to
// use; it must not be copied.
type Store struct {
	mu      sync.Mutex
	records map[string]record
	saves   uint64 // so far; the number of one is its version
}

var _ watch.Store = (*Store)(nil)

type record struct {
	data    []byte
	version string
}

// Load implements [watch.Store].
func (s *Store) Load(ctx context.Context, key string) ([]byte, string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return nil, "", fmt.Errorf("loading record %s: %w", key, err)
	}
	r, ok := s.records[key]
	if !ok {
		return nil, "", fmt.Errorf("loading record %s: %w", key, watch.ErrNotFound)
	}
	return bytes.Clone(r.data), r.version, nil
}

// Save implements [watch.Store].
func (s *Store) Save(ctx context.Context, key string, data []byte, expected string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return "", fmt.Errorf("saving record %s: %w", key, err)
	}
	if s.records[key].version != expected {
		return "", fmt.Errorf("saving record %s: %w", key, watch.ErrConflict)
	}
	if s.records == nil {
		s.records = make(map[string]record)
	}
	s.saves++
	r := record{bytes.Clone(data), strconv.FormatUint(s.saves, 10)}
	s.records[key] = r
	return r.version, nil
}

// Delete implements [watch.Store].
func (s *Store) Delete(ctx context.Context, key, expected string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, ok := s.records[key]
	err := ctx.Err()
	switch {
	case err != nil:
	case !ok:
		err = watch.ErrNotFound
	case r.version != expected:
		err = watch.ErrConflict
	default:
		delete(s.records, key)
		return nil
	}
	return fmt.Errorf("deleting record %s: %w", key, err)
}

// List implements [watch.Store]. It yields the keys of one moment.
func (s *Store) List(ctx context.Context, prefix string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for _, key := range s.keys() {
			if ctx.Err() != nil {
				break
			}
			if strings.HasPrefix(key, prefix) && !yield(key, nil) {
				return
			}
		}
		if err := ctx.Err(); err != nil {
			yield("", fmt.Errorf("listing records: %w", err))
		}
	}
}

func (s *Store) keys() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(maps.Keys(s.records))
}
