package file

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"prowatch/watch"
)

// Options are the optional settings of [Open]. The zero value is ready to use.
type Options struct {
	// Random is where versions are drawn from, 16 bytes each, by many
	// goroutines at once. It defaults to crypto/rand.Reader.
	Random io.Reader

	// ReadOnly makes nothing: a folder that is missing is an empty store, and
	// every Save and Delete is [ErrReadOnly].
	ReadOnly bool
}

// ErrReadOnly says that a store was opened to be read only.
var ErrReadOnly = errors.New("the store was opened to be read only")

// A Store is a [watch.Store] in a folder. Any number of stores, in any number
// of processes, may have the same folder.
//
// A key may be any text that is not empty. In its file name lower-case letters,
// digits, "-", "_" and "." stand for themselves, "+" for "/", "!a" for "A" and
// "%2b" for the byte 0x2b, so that no two keys share a file where case is
// ignored: account/ACME is in account+!a!c!m!e.record. A key whose file name
// is over 255 bytes is an error.
type Store struct {
	dir    string // absolute
	random io.Reader
	writer chan struct{} // full while a goroutine of this store has the lock
	frozen bool          // opened read-only
}

var _ watch.Store = (*Store)(nil)

// Open returns the store in the folder dir, which it makes if it is missing,
// for its owner only. A dir that is no folder or cannot be written to is an
// error. opts may be nil.
func Open(dir string, opts *Options) (*Store, error) {
	if dir == "" {
		return nil, errors.New("opening file store: no folder is named: give one, such as file:./state")
	}
	path, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("opening file store %s: %w", dir, err)
	}
	s := &Store{dir: path, random: rand.Reader, writer: make(chan struct{}, 1)}
	if opts != nil && opts.Random != nil {
		s.random = opts.Random
	}
	if opts != nil && opts.ReadOnly {
		s.frozen = true
		return s, nil
	}
	if err := makeFolder(path); err != nil {
		return nil, fmt.Errorf("opening file store: %w", mend(path, err))
	}
	if err := s.try(); err != nil {
		return nil, fmt.Errorf("opening file store: %w", mend(path, err))
	}
	return s, nil
}

// Load implements [watch.Store].
func (s *Store) Load(ctx context.Context, key string) ([]byte, string, error) {
	r, err := await(ctx, func() (record, error) { return s.load(key) })
	if err != nil {
		return nil, "", fmt.Errorf("loading record %.80q: %w", key, err)
	}
	return r.data, r.version, nil
}

// Save implements [watch.Store].
func (s *Store) Save(ctx context.Context, key string, data []byte, expected string) (string, error) {
	version, err := s.draw()
	if err != nil {
		return "", fmt.Errorf("saving record %.80q: %w", key, err)
	}
	content := encode(record{data, version})
	_, err = await(ctx, func() (struct{}, error) {
		return struct{}{}, s.save(ctx, key, content, expected)
	})
	if err != nil {
		return "", fmt.Errorf("saving record %.80q: %w", key, err)
	}
	return version, nil
}

// Delete implements [watch.Store].
func (s *Store) Delete(ctx context.Context, key, expected string) error {
	_, err := await(ctx, func() (struct{}, error) {
		return struct{}{}, s.delete(ctx, key, expected)
	})
	if err != nil {
		return fmt.Errorf("deleting record %.80q: %w", key, err)
	}
	return nil
}

// List implements [watch.Store]. It yields the keys of one moment. Files that
// are no record's are passed over; a record that is torn is yielded.
func (s *Store) List(ctx context.Context, prefix string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		keys, err := await(ctx, func() ([]string, error) { return s.keys(ctx, prefix) })
		for _, key := range keys {
			if err = ctx.Err(); err != nil {
				break
			}
			if !yield(key, nil) {
				return
			}
		}
		if err != nil {
			yield("", fmt.Errorf("listing records: %w", err))
		}
	}
}

// await returns what f returns, or the error of ctx once that ends: the kernel
// may keep a file operation waiting for as long as a disk or a server hangs.
// The operation then goes on alone.
func await[T any](ctx context.Context, f func() (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	var none T
	if err := ctx.Err(); err != nil {
		return none, err
	}
	done := make(chan result, 1)
	go func() {
		v, err := f()
		done <- result{v, err}
	}()
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
		return none, ctx.Err()
	}
}

// draw returns a version, which no other record ever had or will have.
func (s *Store) draw() (string, error) {
	b := make([]byte, versionBytes)
	if _, err := io.ReadFull(s.random, b); err != nil {
		return "", fmt.Errorf("drawing a version: %w", err)
	}
	return hex.EncodeToString(b), nil
}

func (s *Store) load(key string) (record, error) {
	name, err := fileName(key)
	if err != nil {
		return record{}, err
	}
	root, err := os.OpenRoot(s.dir)
	if s.frozen && errors.Is(err, fs.ErrNotExist) {
		return record{}, watch.ErrNotFound
	}
	if err != nil {
		return record{}, mend(s.dir, err)
	}
	defer root.Close()
	return read(root, name)
}

func (s *Store) save(ctx context.Context, key string, content []byte, expected string) error {
	if s.frozen {
		return ErrReadOnly
	}
	name, err := fileName(key)
	if err != nil {
		return err
	}
	return s.locked(ctx, func(root *os.Root) error {
		old, err := read(root, name)
		if err != nil && !errors.Is(err, watch.ErrNotFound) {
			return err
		}
		if old.version != expected {
			return watch.ErrConflict
		}
		return write(ctx, root, name, content)
	})
}

func (s *Store) delete(ctx context.Context, key, expected string) error {
	if s.frozen {
		return ErrReadOnly
	}
	name, err := fileName(key)
	if err != nil {
		return err
	}
	return s.locked(ctx, func(root *os.Root) error {
		old, err := read(root, name)
		if err != nil {
			return err
		}
		if old.version != expected {
			return watch.ErrConflict
		}
		if err := root.Remove(name); err != nil {
			return err
		}
		return flushFolder(root)
	})
}

// unlocked reads the folder as it is; one that is missing is empty.
func (s *Store) unlocked(_ context.Context, f func(*os.Root) error) error {
	root, err := os.OpenRoot(s.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return mend(s.dir, err)
	}
	defer root.Close()
	return f(root)
}

// keys takes the lock since a file that is renamed while a folder is read may
// be missed or met twice.
func (s *Store) keys(ctx context.Context, prefix string) ([]string, error) {
	var keys []string
	locked := s.locked
	if s.frozen {
		locked = s.unlocked
	}
	err := locked(ctx, func(root *os.Root) error {
		entries, err := fs.ReadDir(root.FS(), ".")
		for _, e := range entries {
			if key, ok := keyOf(e.Name()); ok && strings.HasPrefix(key, prefix) {
				keys = append(keys, key)
			}
		}
		return err
	})
	slices.Sort(keys)
	return keys, err
}
