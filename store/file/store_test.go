package file_test

import (
	"context"
	"errors"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"prowatch/store/file"
	"prowatch/store/storetest"
	"prowatch/watch"
)

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) watch.Store {
		dir := t.TempDir()
		return tearable{open(t, dir), dir}
	})
}

// tearable is a store whose files the test can damage.
type tearable struct {
	*file.Store
	dir string
}

// Tear implements [storetest.Tearer].
func (s tearable) Tear(t *testing.T, key string) {
	if err := os.WriteFile(filepath.Join(s.dir, strings.ReplaceAll(key, "/", "+")+".record"), []byte("prowatch-record 1 "), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestTwoStoresInOneFolderAreOne(t *testing.T) {
	storetest.Run(t, func(t *testing.T) watch.Store {
		dir := t.TempDir()
		return &pair{a: open(t, dir), b: open(t, dir)}
	})
}

// A pair loads and deletes from one store and saves to another.
type pair struct{ a, b *file.Store }

func (p *pair) Load(ctx context.Context, key string) ([]byte, string, error) {
	return p.a.Load(ctx, key)
}

func (p *pair) Save(ctx context.Context, key string, data []byte, expected string) (string, error) {
	return p.b.Save(ctx, key, data, expected)
}

func (p *pair) Delete(ctx context.Context, key, expected string) error {
	return p.a.Delete(ctx, key, expected)
}

func (p *pair) List(ctx context.Context, prefix string) iter.Seq2[string, error] {
	return p.a.List(ctx, prefix)
}

func open(t *testing.T, dir string) *file.Store {
	t.Helper()
	s, err := file.Open(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func save(t *testing.T, s *file.Store, key, data, expected string) (version string) {
	t.Helper()
	version, err := s.Save(t.Context(), key, []byte(data), expected)
	if err != nil {
		t.Fatal(err)
	}
	return version
}

func names(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestOpenMakesTheFolderAndKeepsItToTheOwner(t *testing.T) {
	above := filepath.Join(t.TempDir(), "a", "b")
	dir := filepath.Join(above, "state")
	save(t, open(t, dir), "account/acme", "x", "")
	for path, want := range map[string]os.FileMode{
		above: 0o700 | os.ModeDir,
		dir:   0o700 | os.ModeDir,
		filepath.Join(dir, "account+acme.record"): 0o600,
		filepath.Join(dir, ".lock"):               0o600,
	} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode(); got != want && os.PathSeparator == '/' {
			t.Errorf("%s: got mode %v, want %v", path, got, want)
		}
	}
	if got, want := names(t, dir), []string{".lock", "account+acme.record"}; !slices.Equal(got, want) {
		t.Errorf("got files %q, want %q", got, want)
	}
}

func TestOpenSaysWhatIsWrongAndTheMend(t *testing.T) {
	dir := t.TempDir()
	plain := filepath.Join(dir, "plain")
	if err := os.WriteFile(plain, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, dir, mend string }{
		{"no name", "", "name"},
		{"a file", plain, "name another folder"},
		{"in a file", filepath.Join(plain, "state"), "name another folder"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := file.Open(tt.dir, nil)
			if err == nil || !strings.Contains(err.Error(), tt.dir) || !strings.Contains(err.Error(), tt.mend) {
				t.Errorf("Open(%q): got error %v, want one with the path and %q", tt.dir, err, tt.mend)
			}
		})
	}
	if got, err := os.ReadFile(plain); string(got) != "mine" {
		t.Errorf("the file: got %q, error %v, want it untouched", got, err)
	}
}

func TestARelativeFolderStaysTheSame(t *testing.T) {
	t.Chdir(t.TempDir())
	s := open(t, "state")
	version := save(t, s, "k", "x", "")
	t.Chdir(t.TempDir())
	if _, got, err := s.Load(t.Context(), "k"); got != version {
		t.Errorf("Load in another folder: got version %q, error %v, want %q", got, err, version)
	}
}

func TestRecordsOutliveTheStore(t *testing.T) {
	dir := t.TempDir()
	version := save(t, open(t, dir), "account/acme", "kept", "")
	data, got, err := open(t, dir).Load(t.Context(), "account/acme")
	if string(data) != "kept" || got != version || err != nil {
		t.Errorf("got %q, version %q, error %v, want %q, version %q", data, got, err, "kept", version)
	}
}

func TestAFolderThatWentAwayIsNoMissingRecord(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "state")
	s := open(t, dir)
	version := save(t, s, "k", "x", "")
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	_, _, loadErr := s.Load(t.Context(), "k")
	_, saveErr := s.Save(t.Context(), "k", nil, "")
	var listErr error
	for _, listErr = range s.List(t.Context(), "") {
	}
	for what, err := range map[string]error{
		"Load": loadErr, "Save": saveErr, "Delete": s.Delete(t.Context(), "k", version), "List": listErr,
	} {
		if err == nil || errors.Is(err, watch.ErrNotFound) || !strings.Contains(err.Error(), "the folder is gone") {
			t.Errorf("%s: got error %v, want that the folder is gone", what, err)
		}
	}
}

func TestAVersionThatCannotBeDrawnIsAnError(t *testing.T) {
	dir := t.TempDir()
	for name, random := range map[string]io.Reader{
		"broken": iotest.ErrReader(errors.New("no entropy")),
		"short":  strings.NewReader("short"),
	} {
		s, err := file.Open(dir, &file.Options{Random: random})
		if err != nil {
			t.Fatal(err)
		}
		if version, err := s.Save(t.Context(), "k", nil, ""); version != "" || err == nil {
			t.Errorf("%s: Save: got version %q, error %v, want an error", name, version, err)
		}
	}
	if got, want := names(t, dir), []string{".lock"}; !slices.Equal(got, want) {
		t.Errorf("got files %q, want %q", got, want)
	}
}

func TestTheVersionComesFromTheReader(t *testing.T) {
	s, err := file.Open(t.TempDir(), &file.Options{Random: strings.NewReader("0123456789abcdefrest")})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := save(t, s, "k", "", ""), "30313233343536373839616263646566"; got != want {
		t.Errorf("got version %q, want %q", got, want)
	}
}

func TestAnEndedContextIsTheError(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Save(ctx, "k", nil, ""); !errors.Is(err, context.Canceled) {
		t.Errorf("Save: got error %v, want %v", err, context.Canceled)
	}
	if got, want := names(t, dir), []string{".lock"}; !slices.Equal(got, want) {
		t.Errorf("got files %q, want %q", got, want)
	}
}
