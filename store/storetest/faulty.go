package storetest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"sync"
	"sync/atomic"

	"prowatch/watch"
)

// ErrFault is the error of an operation that failed on order.
var ErrFault = errors.New("the store failed as the test ordered")

// A Fault is what is to happen to one operation.
type Fault int

// The faults.
const (
	None       Fault = iota // it does what it should
	FailBefore              // it fails and did nothing
	FailAfter               // it takes effect, and fails all the same
)

// The operations, as a [Hook] sees them.
const (
	OpLoad   = "load"
	OpSave   = "save"
	OpDelete = "delete"
	OpList   = "list"
	OpBatch  = "batch"
)

// A Hook decides about the n-th operation of a store, counted from 1 over all
// of them, on key (of a list, the prefix; of a batch, its keys with spaces
// between). It is called by many goroutines.
type Hook func(op, key string, n int) Fault

// Faulty is a [watch.Store] that does what Store does unless Hook, if there is
// one, says otherwise. A fault is [ErrFault] and neither of the store's own
// words. It must not be copied. It is no [watch.BatchLoader], so that each record
// of a batch is an operation; [Faulty.Batches] is one.
//
// A crash table breaks each operation of a run in turn, once written and once
// not:
//
//	for n := 1; ; n++ {
//		for _, fault := range []storetest.Fault{storetest.FailBefore, storetest.FailAfter} {
//			s := &storetest.Faulty{Store: inner, Hook: storetest.Crash(n, fault)}
//			…
//			if s.Operations() < n { return }
type Faulty struct {
	Store watch.Store
	Hook  Hook

	operations atomic.Int64
}

var _ watch.Store = (*Faulty)(nil)

// Operations returns how many operations were begun.
func (f *Faulty) Operations() int { return int(f.operations.Load()) }

// Load implements [watch.Store].
func (f *Faulty) Load(ctx context.Context, key string) (data []byte, version string, err error) {
	err = f.do(OpLoad, key, func() (err error) {
		data, version, err = f.Store.Load(ctx, key)
		return err
	})
	if err != nil {
		return nil, "", err
	}
	return data, version, nil
}

// Save implements [watch.Store].
func (f *Faulty) Save(ctx context.Context, key string, data []byte, expected string) (version string, err error) {
	err = f.do(OpSave, key, func() (err error) {
		version, err = f.Store.Save(ctx, key, data, expected)
		return err
	})
	if err != nil {
		return "", err
	}
	return version, nil
}

// Delete implements [watch.Store].
func (f *Faulty) Delete(ctx context.Context, key, expected string) error {
	return f.do(OpDelete, key, func() error { return f.Store.Delete(ctx, key, expected) })
}

// List implements [watch.Store]. Each loop over it is one operation, and
// [FailAfter] is an error after the last key.
func (f *Faulty) List(ctx context.Context, prefix string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		stopped := false
		err := f.do(OpList, prefix, func() error {
			for k, err := range f.Store.List(ctx, prefix) {
				if err != nil {
					return err
				}
				if stopped = !yield(k, nil); stopped {
					return nil
				}
			}
			return nil
		})
		if err != nil && !stopped {
			yield("", err)
		}
	}
}

// Batches returns the store as a [watch.BatchLoader], which Store must be. A
// batch is one operation; after a fault the answer holds nothing.
func (f *Faulty) Batches() watch.BatchLoader { return batches{f} }

type batches struct{ *Faulty }

// LoadMany implements [watch.BatchLoader].
func (b batches) LoadMany(ctx context.Context, keys []string) (found map[string]watch.Loaded, err error) {
	err = b.do(OpBatch, strings.Join(keys, " "), func() (err error) {
		found, err = b.Store.(watch.BatchLoader).LoadMany(ctx, keys)
		return err
	})
	if errors.Is(err, ErrFault) {
		return nil, err
	}
	return found, err
}

// do calls g as the hook says. A fault hides what g answers, a conflict too.
func (f *Faulty) do(op, key string, g func() error) error {
	n := int(f.operations.Add(1))
	fault := None
	if f.Hook != nil {
		fault = f.Hook(op, key, n)
	}
	if fault != FailBefore {
		if err := g(); fault == None {
			return err
		}
	}
	return fmt.Errorf("%s of %s, operation %d: %w", op, key, n, ErrFault)
}

// FailNth returns a hook that orders the fault for the n-th operation, from 1,
// of those that are op on key; "" stands for any.
func FailNth(op, key string, n int, fault Fault) Hook {
	var mu sync.Mutex
	seen := 0
	return func(o, k string, _ int) Fault {
		if op != "" && o != op || key != "" && k != key {
			return None
		}
		mu.Lock()
		defer mu.Unlock()
		seen++
		if seen == n {
			return fault
		}
		return None
	}
}

// Crash returns a hook of a process that dies at its n-th operation, from 1:
// that one has the fault, and nothing works any more.
func Crash(n int, fault Fault) Hook {
	return func(_, _ string, i int) Fault {
		switch {
		case i < n:
			return None
		case i == n:
			return fault
		}
		return FailBefore
	}
}
