package file

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"prowatch/watch"
)

// hold opens a store in which another process, as it were, is writing: it has
// the lock, and the file it writes is half done.
func hold(t *testing.T) (s *Store, version string, release func()) {
	t.Helper()
	s, err := Open(t.TempDir(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if version, err = s.Save(t.Context(), "k", []byte("old"), ""); err != nil {
		t.Fatal(err)
	}
	root, err := os.OpenRoot(s.dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	unlock, err := tryLock(root)
	if err != nil {
		t.Fatal(err)
	}
	if err := root.WriteFile(newName, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	return s, version, unlock
}

func TestAWriterWaitsForAnotherUntilItsContextEnds(t *testing.T) {
	s, version, release := hold(t)
	ctx, cancel := context.WithTimeout(t.Context(), 40*time.Millisecond)
	defer cancel()
	_, saveErr := s.Save(ctx, "k", []byte("new"), version)
	deleteErr := s.Delete(ctx, "k", version)
	var listErr error
	for _, listErr = range s.List(ctx, "") {
	}
	for what, err := range map[string]error{"Save": saveErr, "Delete": deleteErr, "List": listErr} {
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: got error %v, want %v", what, err, context.DeadlineExceeded)
		}
	}
	if data, got, err := s.Load(t.Context(), "k"); string(data) != "old" || got != version || err != nil {
		t.Errorf("Load meanwhile: got %q, error %v, want the old record at once", data, err)
	}
	release()
	if _, err := s.Save(t.Context(), "k", []byte("new"), version); err != nil {
		t.Errorf("Save afterwards: got error %v, want none", err)
	}
}

func TestWaitingForTheLockEndsWithTheContext(t *testing.T) {
	s, _, release := hold(t)
	defer release()
	root, err := os.OpenRoot(s.dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := lock(ctx, root); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got error %v, want %v", err, context.DeadlineExceeded)
	}
}

func TestAWriterThatGetsTheLockTooLateDoesNothing(t *testing.T) {
	s, _, release := hold(t)
	release()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for range 20 { // the turn and the end come at once: either may be seen first
		err := s.locked(ctx, func(*os.Root) error {
			t.Error("the write was begun")
			return nil
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got error %v, want %v", err, context.Canceled)
		}
	}
}

func TestAListEndsWithItsContext(t *testing.T) {
	s, _, release := hold(t)
	release()
	if _, err := s.Save(t.Context(), "k2", nil, ""); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var got []string
	var last error
	for k, err := range s.List(ctx, "") {
		cancel()
		got, last = append(got, k), err
	}
	if want := []string{"k", ""}; !slices.Equal(got, want) || !errors.Is(last, context.Canceled) {
		t.Errorf("got %q, error %v, want %q, error %v", got, last, want, context.Canceled)
	}
}

func TestAWriterGoesOnWhenAnotherIsDone(t *testing.T) {
	s, version, release := hold(t)
	time.AfterFunc(20*time.Millisecond, release)
	if _, err := s.Save(t.Context(), "k", []byte("new"), version); err != nil {
		t.Errorf("Save: got error %v, want none", err)
	}
}

func TestTheFileOfALiveWriterIsLeftAlone(t *testing.T) {
	s, version, release := hold(t)
	defer release()
	if _, err := Open(s.dir, nil); err != nil {
		t.Errorf("Open: got error %v, want none", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := s.Save(ctx, "k", []byte("new"), version); err == nil {
		t.Error("Save: got no error, want one")
	}
	if got, err := os.ReadFile(filepath.Join(s.dir, newName)); string(got) != "half" {
		t.Errorf("%s: got %q, error %v, want it untouched", newName, got, err)
	}
}

func TestTheFileOfAKilledWriterIsRemoved(t *testing.T) {
	for _, tt := range []struct {
		name string
		next func(s *Store, version string) error
	}{
		{"by Save", func(s *Store, version string) error {
			_, err := s.Save(t.Context(), "k", []byte("new"), version)
			return err
		}},
		{"by Save of another record", func(s *Store, _ string) error {
			_, err := s.Save(t.Context(), "other", nil, "")
			return err
		}},
		{"by Open", func(s *Store, _ string) error {
			_, err := Open(s.dir, nil)
			return err
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, version, release := hold(t)
			release()
			for k, err := range s.List(t.Context(), "") {
				if k != "k" || err != nil {
					t.Errorf("List: got %q, error %v, want %q alone", k, err, "k")
				}
			}
			if err := os.Chmod(filepath.Join(s.dir, newName), 0); err != nil {
				t.Fatal(err)
			}
			if err := tt.next(s, version); err != nil {
				t.Fatal(err)
			}
			if _, err := os.Lstat(filepath.Join(s.dir, newName)); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("%s: got error %v, want that it is gone", newName, err)
			}
		})
	}
}

func TestAWriteThatCannotBeDoneLeavesTheOldRecord(t *testing.T) {
	s, version, release := hold(t)
	release()
	stuck := filepath.Join(s.dir, newName)
	if err := errors.Join(os.Remove(stuck), os.MkdirAll(filepath.Join(stuck, "full"), 0o700)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Save(t.Context(), "k", []byte("new"), version); err == nil || errors.Is(err, watch.ErrConflict) {
		t.Errorf("Save: got error %v, want one of the disk", err)
	}
	if data, got, err := s.Load(t.Context(), "k"); string(data) != "old" || got != version || err != nil {
		t.Errorf("Load: got %q, error %v, want the old record", data, err)
	}
}

// A context that ends while the lock is held must end the write before it
// takes effect.
func TestAContextThatEndsBeforeTheRenameStopsTheWrite(t *testing.T) {
	s, version, release := hold(t)
	release()
	ctx, cancel := context.WithCancel(t.Context())
	err := s.locked(ctx, func(root *os.Root) error {
		cancel()
		return write(ctx, root, "k"+suffix, []byte("new"))
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("write: got error %v, want %v", err, context.Canceled)
	}
	if data, got, err := s.Load(t.Context(), "k"); string(data) != "old" || got != version || err != nil {
		t.Errorf("Load: got %q, error %v, want the old record", data, err)
	}
	entries, err := os.ReadDir(s.dir)
	if i := slices.IndexFunc(entries, func(e os.DirEntry) bool { return e.Name() == newName }); i >= 0 || err != nil {
		t.Errorf("got %v, error %v, want no %s", entries, err, newName)
	}
}

func TestAHungDiskDoesNotOutlastTheContext(t *testing.T) {
	hung := make(chan struct{})
	defer close(hung)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	_, err := await(ctx, func() (int, error) {
		<-hung
		return 1, nil
	})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got error %v, want %v", err, context.DeadlineExceeded)
	}
}
