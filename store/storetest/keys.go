package storetest

import (
	"slices"
	"strings"
	"testing"

	"prowatch/watch"
)

// keyTests are about the names that records may have: "account/" or "channel/"
// with an id of [A-Za-z0-9._-]{1,64} and no leading dot, and a few fixed ones.
var keyTests = []test{
	{"every character of an id is kept apart", func(t *testing.T, s watch.Store) { wantApart(t, s, characters()) }},
	{"ids of 64 characters are kept apart", func(t *testing.T, s watch.Store) { wantApart(t, s, longIDs()) }},
	{"ids that differ in case are kept apart", func(t *testing.T, s watch.Store) {
		wantApart(t, s, []string{"account/acme", "account/Acme", "account/ACME", "account/acmE"})
	}},
	{"an id that begins as another is kept apart", func(t *testing.T, s watch.Store) {
		wantApart(t, s, []string{"account/a", "account/a-", "account/a.", "account/a.b", "account/a_", "account/aa", "account/a-b"})
	}},
	{"kinds of records are kept apart", func(t *testing.T, s watch.Store) {
		wantApart(t, s, []string{"account/x", "channel/x", "run/x", "run/last", "run/sweep", "account/run", "channel/account"})
	}},
	{"ids that systems use themselves are kept apart", func(t *testing.T, s watch.Store) {
		wantApart(t, s, []string{"account/con", "account/nul.txt", "account/COM1", "account/-", "account/--", "account/_", "account/0", "account/null", "account/a..b", "account/x.lock", "account/x.tmp", "account/x.json", "account/index.html"})
	}},
}

// characters returns an account of each character that an id may begin with,
// and of each with another before it.
func characters() []string {
	const chars = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"
	var keys []string
	for _, c := range chars {
		if c != '.' {
			keys = append(keys, "account/"+string(c))
		}
		keys = append(keys, "account/x"+string(c))
	}
	return keys
}

func longIDs() []string {
	var keys []string
	for _, c := range []string{"a", "A", "_", "-", "9"} {
		for _, end := range []string{"a", "b", "B", "."} {
			keys = append(keys, "account/"+strings.Repeat(c, 63)+end)
		}
	}
	return keys
}

// wantApart saves a record under each key, then changes and deletes them one by
// one, and wants that no other notices.
func wantApart(t *testing.T, s watch.Store, keys []string) {
	t.Helper()
	versions := make(map[string]string, len(keys))
	for _, k := range keys {
		versions[k] = save(t, s, k, "first "+k, "")
	}
	for _, k := range keys {
		wantRecord(t, s, k, "first "+k, versions[k])
		versions[k] = save(t, s, k, "second "+k, versions[k])
	}
	slices.Sort(keys)
	wantKeys(t, s, "", keys)
	for i, k := range keys {
		wantRecord(t, s, k, "second "+k, versions[k])
		if i%2 == 0 {
			remove(t, s, k, versions[k])
		}
	}
	for i, k := range keys {
		if i%2 == 0 {
			wantMissing(t, s, k)
		} else {
			wantRecord(t, s, k, "second "+k, versions[k])
		}
	}
}
