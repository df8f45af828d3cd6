// Package storetest is the contract of [watch.Store] as a test suite, and a
// store whose operations fail on order.
//
// Every "must" in the comments of the interface is a named subtest of [Run].
// Two promises it cannot see from outside, and leaves to the store's own tests:
// that a write survives a crash and a killed process leaves a whole record, and
// that no error holds a secret.
package storetest

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"time"

	"prowatch/watch"
)

// soon is how long an operation may go on after its context ended.
const soon = 5 * time.Second

// Run runs the suite. It calls open once for each subtest, to have an empty
// store, and once before, to see what more it promises: a [watch.BatchLoader] is
// held to batches, too, a [Tearer] to what it says of torn records, a [Breaker] to
// what it says of writes that were lost. It cleans nothing up: open should use
// t.Cleanup. The largest test holds 300 records.
func Run(t *testing.T, open func(t *testing.T) watch.Store) {
	t.Helper()
	parts := [][]test{recordTests, conflictTests, raceTests, keyTests, listTests, contextTests}
	one := open(t)
	_, batches := one.(watch.BatchLoader)
	_, tears := one.(Tearer)
	if batches {
		parts = append(parts, batchTests)
	}
	if tears {
		parts = append(parts, tornTests)
	}
	if batches && tears {
		parts = append(parts, tornBatchTests)
	}
	if _, breaks := one.(Breaker); breaks {
		parts = append(parts, faultTests)
	}
	for _, tests := range parts {
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) { tt.run(t, open(t)) })
		}
	}
}

type test struct {
	name string // what a store promises
	run  func(t *testing.T, s watch.Store)
}

// save writes a record that must succeed, and returns its version.
func save(t *testing.T, s watch.Store, key, data, expected string) (version string) {
	t.Helper()
	version, err := s.Save(t.Context(), key, []byte(data), expected)
	if err != nil {
		t.Fatalf("Save(%q, expected %q): got error %v, want none", key, expected, err)
	}
	return version
}

// remove deletes a record and must succeed.
func remove(t *testing.T, s watch.Store, key, expected string) {
	t.Helper()
	if err := s.Delete(t.Context(), key, expected); err != nil {
		t.Fatalf("Delete(%q, expected %q): got error %v, want none", key, expected, err)
	}
}

// wantRecord fails t unless the record has the data and the version.
func wantRecord(t *testing.T, s watch.Store, key, data, version string) {
	t.Helper()
	gotData, gotVersion, err := s.Load(t.Context(), key)
	if err != nil {
		t.Fatalf("Load(%q): got error %v, want none", key, err)
	}
	if !bytes.Equal(gotData, []byte(data)) {
		t.Errorf("Load(%q): got %d bytes %.40q, want %d bytes %.40q", key, len(gotData), gotData, len(data), data)
	}
	if gotVersion != version {
		t.Errorf("Load(%q): got version %q, want %q, which Save returned", key, gotVersion, version)
	}
}

// wantMissing fails t unless there is no record.
func wantMissing(t *testing.T, s watch.Store, key string) {
	t.Helper()
	_, _, err := s.Load(t.Context(), key)
	wantError(t, "Load of "+key, err, watch.ErrNotFound)
}

// wantError fails t unless err is want and not the store's other word.
func wantError(t *testing.T, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: got error %v, want %q", what, err, want)
	}
	for _, other := range []error{watch.ErrNotFound, watch.ErrConflict} {
		if other != want && errors.Is(err, other) {
			t.Errorf("%s: got error %v, which is %q too", what, err, other)
		}
	}
}

// wantFailed fails t unless err says that the store failed, and claims nothing
// about the record.
func wantFailed(t *testing.T, what string, err error) {
	t.Helper()
	if err == nil || errors.Is(err, watch.ErrNotFound) || errors.Is(err, watch.ErrConflict) {
		t.Errorf("%s: got error %v, want one that is neither ErrNotFound nor ErrConflict", what, err)
	}
}

// within calls f and fails t if it takes longer than soon after ctx ended.
func within(t *testing.T, ctx context.Context, what string, f func()) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	select {
	case <-done:
		return
	case <-ctx.Done():
	}
	select {
	case <-done:
	case <-time.After(soon):
		t.Fatalf("%s: still busy %v after its context ended", what, soon)
	}
}
