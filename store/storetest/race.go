package storetest

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"prowatch/watch"
)

// raceTests are about many goroutines at once. Run them with the race detector.
var raceTests = []test{
	{"of 32 that create a record one wins", testOneCreates},
	{"of 32 that save over one version one wins", testOneSaves},
	{"of 16 that save and 16 that delete one wins", testOneDeletes},
	{"8 writers with 10 increments each lose none", testIncrements},
	{"a reader sees the old record or the new one", testReaders},
}

// race calls f for 0 to n-1, all at once, and waits for them.
func race(n int, f func(i int)) {
	var wg sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		wg.Go(func() {
			<-start
			f(i)
		})
	}
	close(start)
	wg.Wait()
}

func testOneCreates(t *testing.T, s watch.Store) {
	wantOneWinner(t, s, "")
}

func testOneSaves(t *testing.T, s watch.Store) {
	wantOneWinner(t, s, save(t, s, key, "before", ""))
}

// wantOneWinner lets 32 save with one expectation and wants the winner's record.
func wantOneWinner(t *testing.T, s watch.Store, expected string) {
	t.Helper()
	var versions [32]string
	var errs [32]error
	race(32, func(i int) {
		versions[i], errs[i] = s.Save(t.Context(), key, []byte(strconv.Itoa(i)), expected)
	})
	winner := -1
	for i, err := range errs {
		switch {
		case err == nil && winner >= 0:
			t.Errorf("writers %d and %d: both won", winner, i)
		case err == nil:
			winner = i
		default:
			wantError(t, fmt.Sprintf("writer %d", i), err, watch.ErrConflict)
		}
	}
	if winner < 0 {
		t.Fatal("got no winner, want one")
	}
	wantRecord(t, s, key, strconv.Itoa(winner), versions[winner])
}

// testOneDeletes lets savers and deleters race. A deleter that comes after
// another finds nothing; a saver finds a conflict.
func testOneDeletes(t *testing.T, s watch.Store) {
	expected := save(t, s, key, "before", "")
	var errs [32]error
	race(32, func(i int) {
		if i%2 == 0 {
			_, errs[i] = s.Save(t.Context(), key, []byte("saved"), expected)
		} else {
			errs[i] = s.Delete(t.Context(), key, expected)
		}
	})
	won, saved := 0, false
	for i, err := range errs {
		switch deletes := i%2 == 1; {
		case err == nil:
			won++
			saved = !deletes
		case !errors.Is(err, watch.ErrConflict) && !(deletes && errors.Is(err, watch.ErrNotFound)):
			t.Errorf("writer %d: got error %v, want ErrConflict, or ErrNotFound of Delete", i, err)
		}
	}
	if won != 1 {
		t.Fatalf("got %d winners, want 1", won)
	}
	if _, _, err := s.Load(t.Context(), key); saved != (err == nil) {
		t.Errorf("Load: got error %v after a race that was saved: %v", err, saved)
	}
}

func testIncrements(t *testing.T, s watch.Store) {
	const writers, each = 8, 10
	version := save(t, s, key, "0", "")
	race(writers, func(int) {
		for range each {
			if err := increment(t, s); err != nil {
				t.Errorf("incrementing: %v", err)
				return
			}
		}
	})
	data, last, err := s.Load(t.Context(), key)
	if err != nil || string(data) != strconv.Itoa(writers*each) {
		t.Errorf("got count %q, error %v, want %d", data, err, writers*each)
	}
	if last == version {
		t.Errorf("got version %q after %d saves, want another", last, writers*each)
	}
}

// increment adds one by compare-and-swap, as often as it takes.
func increment(t *testing.T, s watch.Store) error {
	for {
		data, version, err := s.Load(t.Context(), key)
		if err != nil {
			return err
		}
		n, err := strconv.Atoi(string(data))
		if err != nil {
			return err
		}
		_, err = s.Save(t.Context(), key, []byte(strconv.Itoa(n+1)), version)
		if !errors.Is(err, watch.ErrConflict) {
			return err
		}
	}
}

// testReaders writes records of one repeated byte and differing lengths, whose
// versions the readers compare with the writer's.
func testReaders(t *testing.T, s watch.Store) {
	const saves = 40
	var versions sync.Map // version → byte
	var stop atomic.Bool
	first := save(t, s, key, "a", "")
	versions.Store(first, byte('a'))
	race(4, func(i int) {
		if i == 0 {
			defer stop.Store(true)
			rewrite(t, s, first, saves, &versions)
			return
		}
		for !stop.Load() {
			data, version, err := s.Load(t.Context(), key)
			if err != nil || len(data) == 0 || len(bytes.Trim(data, string(data[:1]))) != 0 {
				t.Errorf("Load: got %.40q, error %v, want a whole record", data, err)
				return
			}
			// The newest may not be noted yet.
			if b, ok := versions.Load(version); ok && b != data[0] {
				t.Errorf("Load: got the data of %q with the version of %q", data[0], b)
			}
		}
	})
}

func rewrite(t *testing.T, s watch.Store, version string, saves int, versions *sync.Map) {
	for i := range saves {
		b := byte('a' + i%26)
		v, err := s.Save(t.Context(), key, bytes.Repeat([]byte{b}, 1+i*997%8192), version)
		if err != nil {
			t.Errorf("Save: got error %v, want none", err)
			return
		}
		versions.Store(v, b)
		version = v
	}
}
