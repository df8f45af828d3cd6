package storetest

import (
	"testing"

	"prowatch/watch"
)

// conflictTests are about expectations that do not hold. Each looks afterwards
// whether the record was left as it was.
var conflictTests = []test{
	{"creating a record that exists is ErrConflict", testCreateTwice},
	{"saving over a newer version is ErrConflict", testSaveStale},
	{"saving over a deleted record is ErrConflict", testSaveDeleted},
	{"saving over a record created anew is ErrConflict", testSaveRecreated},
	{"saving over a record that never was is ErrConflict", testSaveNever},
	{"a version of another record is ErrConflict", testForeignVersion},
	{"deleting a newer version is ErrConflict", testDeleteStale},
	{"deleting a missing record is ErrNotFound", testDeleteMissing},
}

// wantSaveConflict tries to save and must be refused.
func wantSaveConflict(t *testing.T, s watch.Store, key, expected string) {
	t.Helper()
	version, err := s.Save(t.Context(), key, []byte("the loser's"), expected)
	wantError(t, "Save", err, watch.ErrConflict)
	if version != "" {
		t.Errorf("Save: got version %q with an error, want none", version)
	}
}

func testCreateTwice(t *testing.T, s watch.Store) {
	version := save(t, s, key, "first", "")
	wantSaveConflict(t, s, key, "")
	wantRecord(t, s, key, "first", version)
}

func testSaveStale(t *testing.T, s watch.Store) {
	first := save(t, s, key, "first", "")
	second := save(t, s, key, "second", first)
	wantSaveConflict(t, s, key, first)
	wantSaveConflict(t, s, key, "no version of this store")
	wantRecord(t, s, key, "second", second)
}

func testSaveDeleted(t *testing.T, s watch.Store) {
	version := save(t, s, key, "first", "")
	remove(t, s, key, version)
	wantSaveConflict(t, s, key, version)
	wantMissing(t, s, key)
}

func testSaveRecreated(t *testing.T, s watch.Store) {
	old := save(t, s, key, "the same", "")
	remove(t, s, key, old)
	version := save(t, s, key, "the same", "")
	wantSaveConflict(t, s, key, old)
	wantRecord(t, s, key, "the same", version)
}

func testSaveNever(t *testing.T, s watch.Store) {
	other := save(t, s, key, "x", "")
	wantSaveConflict(t, s, "account/never", other)
	wantMissing(t, s, "account/never")
}

func testForeignVersion(t *testing.T, s watch.Store) {
	mine := save(t, s, key, "the same", "")
	other := save(t, s, "account/other", "the same", "")
	if mine == other {
		t.Skip("two records have one version; no writer can take one for the other's")
	}
	wantSaveConflict(t, s, key, other)
	wantRecord(t, s, key, "the same", mine)
}

func testDeleteStale(t *testing.T, s watch.Store) {
	first := save(t, s, key, "first", "")
	second := save(t, s, key, "second", first)
	for _, expected := range []string{first, "", "no version of this store"} {
		err := s.Delete(t.Context(), key, expected)
		wantError(t, "Delete with version "+expected, err, watch.ErrConflict)
	}
	wantRecord(t, s, key, "second", second)
}

func testDeleteMissing(t *testing.T, s watch.Store) {
	wantError(t, "Delete of what never was", s.Delete(t.Context(), key, ""), watch.ErrNotFound)
	version := save(t, s, key, "x", "")
	remove(t, s, key, version)
	wantError(t, "Delete of what was deleted", s.Delete(t.Context(), key, version), watch.ErrNotFound)
}
