package storetest

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"prowatch/watch"
)

// batchTests are about [watch.BatchLoader], where the store is one.
var batchTests = []test{
	{"a batch has each record as it is loaded alone", testBatch},
	{"a batch lacks the records that are missing", testBatchMissing},
	{"a batch of nothing is empty", testBatchOfNothing},
	{"a record that is asked for twice is in a batch once", testBatchTwice},
	{"a batch holds 100 records", testBatchFull},
	{"a batch has what was saved last", testBatchLast},
	{"the bytes of a batch are the caller's", testBatchAliases},
	{"ids that differ little are kept apart in a batch", testBatchApart},
	{"a batch whose context has ended fails", testBatchEnded},
}

// loadMany loads a batch that must succeed.
func loadMany(t *testing.T, s watch.Store, keys ...string) map[string]watch.Loaded {
	t.Helper()
	found, err := s.(watch.BatchLoader).LoadMany(t.Context(), keys)
	if err != nil {
		t.Fatalf("LoadMany of %d: got error %v, want none", len(keys), err)
	}
	return found
}

// wantLoaded wants the batch to hold the record whole, or to lack it where
// version is "".
func wantLoaded(t *testing.T, found map[string]watch.Loaded, key, data, version string) {
	t.Helper()
	one, ok := found[key]
	switch {
	case ok != (version != ""):
		t.Errorf("LoadMany: has %q: %v, want %v", key, ok, version != "")
	case one.Err != nil:
		t.Errorf("LoadMany: %q: got error %v, want none", key, one.Err)
	case string(one.Data) != data || one.Version != version:
		t.Errorf("LoadMany: %q: got %d bytes %.40q, version %q, want %d bytes %.40q, version %q", key, len(one.Data), one.Data, one.Version, len(data), data, version)
	}
}

func testBatch(t *testing.T, s watch.Store) {
	records := map[string]string{"account/a": "", "account/b": "\x00\xff\r\n", "channel/a": "企业版 ✓", "run/last": strings.Repeat("x", 64<<10)}
	versions := map[string]string{}
	for key, data := range records {
		versions[key] = save(t, s, key, data, "")
	}
	found := loadMany(t, s, slices.Collect(maps.Keys(records))...)
	for key, data := range records {
		wantLoaded(t, found, key, data, versions[key])
	}
}

func testBatchMissing(t *testing.T, s watch.Store) {
	wantLoaded(t, loadMany(t, s, key), key, "", "")
	gone := save(t, s, "account/gone", "x", "")
	remove(t, s, "account/gone", gone)
	version := save(t, s, key, "x", "")
	found := loadMany(t, s, "account/never", key, "account/gone")
	wantLoaded(t, found, key, "x", version)
	if len(found) != 1 {
		t.Errorf("LoadMany: got %d records, want the one that there is", len(found))
	}
}

func testBatchOfNothing(t *testing.T, s watch.Store) {
	save(t, s, key, "x", "")
	if found := loadMany(t, s); len(found) != 0 {
		t.Errorf("LoadMany of nothing: got %d records, want none", len(found))
	}
}

func testBatchTwice(t *testing.T, s watch.Store) {
	version := save(t, s, key, "x", "")
	found := loadMany(t, s, key, "account/never", key, "account/never")
	wantLoaded(t, found, key, "x", version)
	if len(found) != 1 {
		t.Errorf("LoadMany: got %d records, want 1", len(found))
	}
}

func testBatchFull(t *testing.T, s watch.Store) {
	var keys []string
	versions := make([]string, 100)
	for i := range versions {
		keys = append(keys, fmt.Sprintf("account/id-%02d", i))
	}
	race(8, func(i int) {
		for j := i; j < len(keys); j += 8 {
			var err error
			if versions[j], err = s.Save(t.Context(), keys[j], bytes.Repeat([]byte(keys[j]), 300), ""); err != nil {
				t.Errorf("Save(%q): got error %v, want none", keys[j], err)
			}
		}
	})
	save(t, s, "account/id-100", "not asked for", "")
	found := loadMany(t, s, keys...)
	for i, key := range keys {
		wantLoaded(t, found, key, strings.Repeat(key, 300), versions[i])
	}
	if len(found) != len(keys) {
		t.Errorf("LoadMany: got %d records, want %d", len(found), len(keys))
	}
}

// testBatchLast wants each batch to be as new as the last save, whichever way
// the store answers.
func testBatchLast(t *testing.T, s watch.Store) {
	version := ""
	for i := range 20 {
		data := fmt.Sprint("save ", i)
		version = save(t, s, key, data, version)
		wantLoaded(t, loadMany(t, s, "account/never", key), key, data, version)
	}
}

func testBatchAliases(t *testing.T, s watch.Store) {
	version := save(t, s, key, "what was saved", "")
	data := loadMany(t, s, key)[key].Data
	copy(data, bytes.Repeat([]byte("!"), len(data)))
	_ = append(data, "more"...)
	wantLoaded(t, loadMany(t, s, key), key, "what was saved", version)
}

func testBatchApart(t *testing.T, s watch.Store) {
	keys := []string{"account/a", "account/A", "account/a-", "account/a.", "account/a_", "account/aa", "account/con", "channel/a"}
	versions := map[string]string{}
	for _, k := range keys {
		versions[k] = save(t, s, k, "of "+k, "")
	}
	found := loadMany(t, s, keys...)
	for k, version := range versions {
		wantLoaded(t, found, k, "of "+k, version)
	}
}

func testBatchEnded(t *testing.T, s watch.Store) {
	save(t, s, key, "x", "")
	for _, ctx := range ended(t) {
		within(t, ctx, "LoadMany", func() {
			_, err := s.(watch.BatchLoader).LoadMany(ctx, []string{key})
			wantFailed(t, "LoadMany", err)
		})
	}
}
