package storetest

import (
	"bytes"
	"strings"
	"testing"

	"prowatch/watch"
)

const key = "account/acme-prod"

// recordTests are about one record and one writer.
var recordTests = []test{
	{"a missing record is ErrNotFound", testMissing},
	{"what was saved is loaded byte for byte", testRoundTrip},
	{"an empty record is a record", testEmpty},
	{"a record of 256 KiB is kept", testLarge},
	{"a version is never empty and never used twice", testVersions},
	{"a deleted record is gone and may be created again", testDelete},
	{"the bytes given to Save are the caller's again", testSaveAliases},
	{"the bytes returned by Load are the caller's", testLoadAliases},
}

func testMissing(t *testing.T, s watch.Store) {
	wantMissing(t, s, key)
	save(t, s, key, "x", "")
	wantMissing(t, s, key+"2")
	wantMissing(t, s, strings.TrimSuffix(key, "d"))
}

func testRoundTrip(t *testing.T, s watch.Store) {
	var every []byte
	for b := range 256 {
		every = append(every, byte(b))
	}
	version := ""
	for _, data := range []string{`{"format":1}`, string(every), "\n\r\n\x00", "\xff\xfe", "企业版 ✓", " x "} {
		version = save(t, s, key, data, version)
		wantRecord(t, s, key, data, version)
	}
}

func testEmpty(t *testing.T, s watch.Store) {
	first := save(t, s, key, "", "")
	wantRecord(t, s, key, "", first)
	version, err := s.Save(t.Context(), "account/nil", nil, "")
	if err != nil {
		t.Fatalf("Save of nil: got error %v, want none", err)
	}
	wantRecord(t, s, "account/nil", "", version)
	second := save(t, s, key, "x", first)
	third := save(t, s, key, "", second)
	wantRecord(t, s, key, "", third)
}

// testLarge uses what the core takes for the largest record.
func testLarge(t *testing.T, s watch.Store) {
	large := strings.Repeat("0123456789abcdef", 256<<10/16)
	version := save(t, s, key, large, "")
	wantRecord(t, s, key, large, version)
	version = save(t, s, key, "small", version)
	wantRecord(t, s, key, "small", version)
}

func testVersions(t *testing.T, s watch.Store) {
	seen := map[string]bool{"": true}
	for range 4 {
		version := ""
		for range 4 {
			version = save(t, s, key, "the same", version)
			if seen[version] {
				t.Fatalf("Save returned version %q, which is empty or was used before", version)
			}
			seen[version] = true
			wantRecord(t, s, key, "the same", version)
		}
		remove(t, s, key, version)
	}
}

func testDelete(t *testing.T, s watch.Store) {
	neighbour := save(t, s, key+"2", "neighbour", "")
	version := save(t, s, key, "old", "")
	remove(t, s, key, version)
	wantMissing(t, s, key)
	version = save(t, s, key, "new", "")
	wantRecord(t, s, key, "new", version)
	wantRecord(t, s, key+"2", "neighbour", neighbour)
}

func testSaveAliases(t *testing.T, s watch.Store) {
	data := []byte("what was saved")
	version, err := s.Save(t.Context(), key, data, "")
	if err != nil {
		t.Fatalf("Save: got error %v, want none", err)
	}
	copy(data, bytes.Repeat([]byte("!"), len(data)))
	wantRecord(t, s, key, "what was saved", version)
}

func testLoadAliases(t *testing.T, s watch.Store) {
	version := save(t, s, key, "what was saved", "")
	data, _, err := s.Load(t.Context(), key)
	if err != nil {
		t.Fatalf("Load: got error %v, want none", err)
	}
	copy(data, bytes.Repeat([]byte("!"), len(data)))
	_ = append(data, "more"...)
	wantRecord(t, s, key, "what was saved", version)
}
