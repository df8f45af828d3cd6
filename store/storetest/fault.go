package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"prowatch/watch"
)

// A Breaker is a store whose test can lose what goes between it and what keeps
// the records: a store that writes over a network should be opened as one.
type Breaker interface {
	watch.Store

	// Break returns another store of the same records, all of whose writes are
	// lost on their way, with [FailBefore], or whose answers are, with
	// [FailAfter].
	Break(t *testing.T, fault Fault) watch.Store
}

// faultTests are about writes that fail.
var faultTests = []test{
	{"a write that never arrived is an error and changes nothing", testNeverArrived},
	{"a save whose answer was lost is an error and the record is the new one", testAnswerLost},
	{"a delete whose answer was lost is an error and claims nothing", testDeleteLost},
}

// faultTime is how long a write that cannot succeed is tried.
const faultTime = 700 * time.Millisecond

// inTime calls f with a context that ends soon.
func inTime(t *testing.T, f func(ctx context.Context)) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), faultTime)
	defer cancel()
	f(ctx)
}

func testNeverArrived(t *testing.T, s watch.Store) {
	version := save(t, s, key, "before", "")
	bad := s.(Breaker).Break(t, FailBefore)
	inTime(t, func(ctx context.Context) {
		_, err := bad.Save(ctx, key, []byte("after"), version)
		wantFailed(t, "Save", err)
	})
	inTime(t, func(ctx context.Context) {
		_, err := bad.Save(ctx, key+"2", []byte("after"), "")
		wantFailed(t, "Save of a new record", err)
	})
	inTime(t, func(ctx context.Context) { wantFailed(t, "Delete", bad.Delete(ctx, key, version)) })
	wantRecord(t, s, key, "before", version)
	wantMissing(t, s, key+"2")
}

func testAnswerLost(t *testing.T, s watch.Store) {
	versions := map[string]string{key: save(t, s, key, "before", ""), key + "2": ""}
	bad := s.(Breaker).Break(t, FailAfter)
	for k, version := range versions {
		inTime(t, func(ctx context.Context) {
			_, err := bad.Save(ctx, k, []byte("after"), version)
			wantFailed(t, "Save of "+k, err)
		})
		data, got, err := s.Load(t.Context(), k)
		if string(data) != "after" || got == version || err != nil {
			t.Errorf("Load of %s: got %q, version %q, error %v, want the new record with another version", k, data, got, err)
			continue
		}
		wantSaveConflict(t, s, k, version)
		save(t, s, k, "later", got)
	}
}

// testDeleteLost leaves open whether the record is gone: a store may take several
// writes to delete.
func testDeleteLost(t *testing.T, s watch.Store) {
	version := save(t, s, key, "before", "")
	bad := s.(Breaker).Break(t, FailAfter)
	inTime(t, func(ctx context.Context) { wantFailed(t, "Delete", bad.Delete(ctx, key, version)) })
	if _, _, err := s.Load(t.Context(), key); !errors.Is(err, watch.ErrNotFound) {
		wantRecord(t, s, key, "before", version)
		remove(t, s, key, version)
	}
	save(t, s, key, "anew", "")
}
