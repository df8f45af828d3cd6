package storetest

import (
	"testing"

	"prowatch/watch"
)

// A Tearer is a store whose test can damage what it keeps, from behind: a store
// that any other program can write to should be opened as one.
type Tearer interface {
	watch.Store

	// Tear puts something that is no record where the record of the key is, or
	// would be.
	Tear(t *testing.T, key string)
}

// tornTests are about records that are torn or somebody else's.
var tornTests = []test{
	{"a torn record is an error of its own and left as it is", testTorn},
	{"a torn record is listed", testTornListed},
}

// tornBatchTests are about both.
var tornBatchTests = []test{
	{"a torn record is an error in its batch and fails no other", testTornInBatch},
}

func testTorn(t *testing.T, s watch.Store) {
	version := save(t, s, key, "x", "")
	s.(Tearer).Tear(t, key)
	foreign := key + "2"
	s.(Tearer).Tear(t, foreign)
	for _, expected := range []string{"", version} {
		if _, err := s.Save(t.Context(), foreign, []byte("new"), expected); err == nil {
			t.Errorf("Save over a foreign record, expecting %q: got no error, want one", expected)
		}
	}
	for _, k := range []string{key, foreign} {
		if err := s.Delete(t.Context(), k, version); err == nil {
			t.Errorf("Delete of the torn %s: got no error, want one", k)
		}
		_, _, err := s.Load(t.Context(), k)
		wantFailed(t, "Load of the torn "+k, err)
	}
}

func testTornListed(t *testing.T, s watch.Store) {
	save(t, s, key, "x", "")
	s.(Tearer).Tear(t, key)
	wantKeys(t, s, "account/", []string{key})
}

func testTornInBatch(t *testing.T, s watch.Store) {
	version := save(t, s, key, "x", "")
	s.(Tearer).Tear(t, "account/torn")
	found := loadMany(t, s, "account/torn", key, "account/never")
	wantLoaded(t, found, key, "x", version)
	wantFailed(t, "LoadMany of the torn record", found["account/torn"].Err)
	if len(found) != 2 {
		t.Errorf("LoadMany: got %d records, want 2", len(found))
	}
}
