package storetest

import (
	"fmt"
	"slices"
	"sync/atomic"
	"testing"

	"prowatch/watch"
)

// listTests are about List.
var listTests = []test{
	{"an empty store lists nothing", testListNothing},
	{"a list is sorted by bytes", testListSorted},
	{"a prefix is the start of a key", testListPrefix},
	{"a prefix is no pattern", testListPattern},
	{"each of 300 keys is listed once", testListMany},
	{"a record that is rewritten is listed once and a deleted one not", testListChanges},
	{"records that others rewrite are listed", testListBusy},
	{"a list may be broken off and begun again", testListBreak},
}

// list returns the keys that begin with prefix.
func list(t *testing.T, s watch.Store, prefix string) []string {
	t.Helper()
	var keys []string
	for k, err := range s.List(t.Context(), prefix) {
		if err != nil {
			t.Fatalf("List(%q): got key %q, error %v after %d keys, want none", prefix, k, err, len(keys))
		}
		keys = append(keys, k)
	}
	return keys
}

func wantKeys(t *testing.T, s watch.Store, prefix string, want []string) {
	t.Helper()
	if got := list(t, s, prefix); !slices.Equal(got, want) {
		t.Errorf("List(%q)\n got %q\nwant %q", prefix, got, want)
	}
}

func testListNothing(t *testing.T, s watch.Store) {
	wantKeys(t, s, "", nil)
	wantKeys(t, s, "account/", nil)
	save(t, s, key, "x", "")
	wantKeys(t, s, "channel/", nil)
	wantKeys(t, s, key+"2", nil)
}

func testListSorted(t *testing.T, s watch.Store) {
	keys := []string{"run/last", "account/b", "account/B", "account/a-b", "account/a", "account/a.b", "account/a_b", "account/ab", "account/a1", "account/a10", "account/a2", "channel/a", "account/_", "account/Z"}
	for _, k := range keys {
		save(t, s, k, k, "")
	}
	slices.Sort(keys)
	wantKeys(t, s, "", keys)
}

func testListPrefix(t *testing.T, s watch.Store) {
	for _, k := range []string{"account/acme", "account/acme-prod", "account/acne", "account/Acme", "channel/account", "run/last"} {
		save(t, s, k, k, "")
	}
	for prefix, want := range map[string][]string{
		"account/":          {"account/Acme", "account/acme", "account/acme-prod", "account/acne"},
		"account/ac":        {"account/acme", "account/acme-prod", "account/acne"},
		"account/acme":      {"account/acme", "account/acme-prod"},
		"account/acme-prod": {"account/acme-prod"},
		"account/A":         {"account/Acme"},
		"account":           {"account/Acme", "account/acme", "account/acme-prod", "account/acne"},
		"r":                 {"run/last"},
		"run/last":          {"run/last"},
		"ccount/":           nil,
		"/":                 nil,
	} {
		wantKeys(t, s, prefix, want)
	}
}

func testListPattern(t *testing.T, s watch.Store) {
	for _, k := range []string{"account/a_b", "account/a.b", "account/axb"} {
		save(t, s, k, k, "")
	}
	wantKeys(t, s, "account/a_", []string{"account/a_b"})
	wantKeys(t, s, "account/a.", []string{"account/a.b"})
	for _, prefix := range []string{"account/*", "account/%", "account/?", "account/[a]", "account/.", "account/_", `account/\`, "%", "*"} {
		wantKeys(t, s, prefix, nil)
	}
}

func testListMany(t *testing.T, s watch.Store) {
	var keys []string
	for i := range 300 {
		keys = append(keys, fmt.Sprintf("account/id-%03d", i*7%300))
	}
	race(8, func(i int) {
		for j := i; j < len(keys); j += 8 {
			if _, err := s.Save(t.Context(), keys[j], []byte("x"), ""); err != nil {
				t.Errorf("Save(%q): got error %v, want none", keys[j], err)
			}
		}
	})
	slices.Sort(keys)
	wantKeys(t, s, "account/", keys)
	wantKeys(t, s, "account/id-2", keys[200:])
}

func testListChanges(t *testing.T, s watch.Store) {
	gone := save(t, s, "account/gone", "x", "")
	version := save(t, s, "account/kept", "x", "")
	for range 3 {
		version = save(t, s, "account/kept", "x", version)
	}
	remove(t, s, "account/gone", gone)
	wantKeys(t, s, "account/", []string{"account/kept"})
}

// testListBusy lists while every record is being rewritten: what exists all the
// time must be in each list, once.
func testListBusy(t *testing.T, s watch.Store) {
	var keys []string
	versions := make([]string, 20)
	for i := range versions {
		keys = append(keys, fmt.Sprintf("account/id-%02d", i))
		versions[i] = save(t, s, keys[i], "x", "")
	}
	var stop atomic.Bool
	race(3, func(i int) {
		if i == 0 {
			defer stop.Store(true)
			for range 10 {
				if got, err := tryList(t, s, "account/"); err != nil || !slices.Equal(got, keys) {
					t.Errorf("List\n got %q, error %v\nwant %q", got, err, keys)
				}
			}
			return
		}
		for j := i - 1; !stop.Load(); j = (j + 2) % len(keys) {
			v, err := s.Save(t.Context(), keys[j], []byte("y"), versions[j])
			if err != nil {
				t.Errorf("Save(%q): got error %v, want none", keys[j], err)
				return
			}
			versions[j] = v
		}
	})
}

// tryList is list for goroutines, which must not end the test.
func tryList(t *testing.T, s watch.Store, prefix string) ([]string, error) {
	var keys []string
	for k, err := range s.List(t.Context(), prefix) {
		if err != nil {
			return keys, err
		}
		keys = append(keys, k)
	}
	return keys, nil
}

func testListBreak(t *testing.T, s watch.Store) {
	want := []string{"account/a", "account/b", "account/c"}
	for _, k := range want {
		save(t, s, k, k, "")
	}
	seq := s.List(t.Context(), "account/")
	for range 3 {
		for k, err := range seq {
			if k != "account/a" || err != nil {
				t.Errorf("the first of List: got %q, error %v, want %q", k, err, "account/a")
			}
			break
		}
	}
	// A loop may write to what it lists.
	for k, err := range s.List(t.Context(), "account/") {
		if err != nil {
			t.Fatalf("List: got error %v, want none", err)
		}
		_, version, err := s.Load(t.Context(), k)
		if err != nil {
			t.Fatalf("Load(%q) in a list: got error %v, want none", k, err)
		}
		save(t, s, k, "again", version)
	}
	wantKeys(t, s, "account/", want)
}
