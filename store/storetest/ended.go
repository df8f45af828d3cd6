package storetest

import (
	"context"
	"testing"
	"time"

	"prowatch/watch"
)

// contextTests are about contexts that end.
var contextTests = []test{
	{"a call whose context has ended fails and changes nothing", testEnded},
	{"a list whose context has ended yields one error and no key", testListEnded},
	{"a list stops when its context ends", testListEnds},
	{"calls return soon after their context ends", testEnds},
}

// ended returns a context that was canceled and one whose time is over.
func ended(t *testing.T) []context.Context {
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	late, cancel := context.WithDeadline(t.Context(), time.Unix(0, 0))
	t.Cleanup(cancel)
	return []context.Context{canceled, late}
}

func testEnded(t *testing.T, s watch.Store) {
	version := save(t, s, key, "before", "")
	for _, ctx := range ended(t) {
		within(t, ctx, "Load", func() {
			_, _, err := s.Load(ctx, key)
			wantFailed(t, "Load", err)
			_, _, err = s.Load(ctx, "account/missing")
			wantFailed(t, "Load of a missing record", err)
		})
		within(t, ctx, "Save", func() {
			_, err := s.Save(ctx, key, []byte("after"), version)
			wantFailed(t, "Save", err)
			_, err = s.Save(ctx, key+"2", []byte("after"), "")
			wantFailed(t, "Save of a new record", err)
		})
		within(t, ctx, "Delete", func() { wantFailed(t, "Delete", s.Delete(ctx, key, version)) })
	}
	wantRecord(t, s, key, "before", version)
	wantMissing(t, s, key+"2")
}

func testListEnded(t *testing.T, s watch.Store) {
	save(t, s, key, "x", "")
	for _, ctx := range ended(t) {
		within(t, ctx, "List", func() {
			n := 0
			for k, err := range s.List(ctx, "") {
				n++
				wantFailed(t, "List", err)
				if k != "" {
					t.Errorf("List: got key %q with its error, want none", k)
				}
			}
			if n != 1 {
				t.Errorf("List: got %d yields, want 1, the error", n)
			}
		})
	}
}

// testListEnds ends the context at the first key. A list that was all fetched
// by then may still go on to its end, but an error must be its last word.
func testListEnds(t *testing.T, s watch.Store) {
	for _, k := range []string{"account/a", "account/b", "account/c"} {
		save(t, s, k, k, "")
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	within(t, ctx, "List", func() {
		var failed error
		for k, err := range s.List(ctx, "") {
			cancel()
			if failed != nil {
				t.Errorf("List: got %q, error %v after an error, want nothing", k, err)
			}
			if (k == "") != (err != nil) {
				t.Errorf("List: got key %q with error %v, want one of them", k, err)
			}
			failed = err
		}
	})
}

// testEnds lets writers and readers run against one another until their context
// ends.
func testEnds(t *testing.T, s watch.Store) {
	save(t, s, key, "0", "")
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	within(t, ctx, "32 callers", func() {
		race(32, func(int) {
			for ctx.Err() == nil {
				if _, version, err := s.Load(ctx, key); err == nil {
					s.Save(ctx, key, []byte("1"), version)
				}
			}
		})
	})
	data, version, err := s.Load(t.Context(), key)
	if err != nil || len(data) != 1 {
		t.Fatalf("Load afterwards: got %q, error %v, want a whole record", data, err)
	}
	save(t, s, key, "after", version)
}
