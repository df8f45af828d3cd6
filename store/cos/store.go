package cos

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tencentyun/cos-go-sdk-v5"
	"go.uber.org/zap"

	"prowatch/store/remote"
	"prowatch/watch"
)

// A Store is a [watch.Store] in a bucket. Any number of stores, in any number
// of processes, may use the same bucket and prefix.
type Store struct {
	client *cos.Client
	sign   *signer
	bucket string
	host   string
	prefix string // "" or with a / at its end
	random io.Reader
	now    func() time.Time
	log    *zap.Logger

	checked atomic.Bool // the bucket has no versioning

	mu    sync.Mutex
	known map[string]sight // by key
}

var _ watch.Store = (*Store)(nil)

// Load implements [watch.Store].
func (s *Store) Load(ctx context.Context, key string) ([]byte, string, error) {
	h, err := s.look(ctx, key)
	if err == nil && h.version() == "" {
		err = watch.ErrNotFound
	}
	if err != nil {
		return nil, "", fmt.Errorf("loading record %.80q: %w", key, err)
	}
	return h.data, h.version(), nil
}

// look finds a record's newest object in a bucket that may be used.
func (s *Store) look(ctx context.Context, key string) (head, error) {
	if err := s.checkKey(key); err != nil {
		return head{}, err
	}
	if err := s.check(ctx); err != nil {
		return head{}, err
	}
	return s.find(ctx, key)
}

// Save implements [watch.Store]. If the expected version was loaded over an
// hour ago, it is [watch.ErrConflict].
func (s *Store) Save(ctx context.Context, key string, data []byte, expected string) (string, error) {
	token, err := remote.Draw(s.random)
	var saved string
	if err == nil {
		saved, err = s.save(ctx, key, entry{token: token, data: data}, expected)
	}
	if err != nil {
		return "", fmt.Errorf("saving record %.80q: %w", key, err)
	}
	return saved, nil
}

func (s *Store) save(ctx context.Context, key string, e entry, expected string) (string, error) {
	n, err := s.base(ctx, key, expected)
	if err != nil {
		return "", err
	}
	return s.append(ctx, key, n, e)
}

// append creates the object that follows the n-th.
func (s *Store) append(ctx context.Context, key string, n int64, e entry) (string, error) {
	if n+1 >= maxNumber {
		return "", errors.New("its numbers are used up: export the state, and import it under another prefix")
	}
	at := s.clock()
	err := s.create(ctx, s.name(key, n+1), e)
	if errors.Is(err, errExists) {
		return "", watch.ErrConflict
	}
	if err != nil {
		return "", err
	}
	h := head{e, n + 1}
	s.see(key, h.number, h.version(), at)
	s.clean(ctx, key, n+1)
	return h.version(), nil
}

// base returns the number of the object that holds the expected version, or
// [watch.ErrConflict]. What this process loaded within the hour needs no
// further look: if another has saved since, the next number is taken.
func (s *Store) base(ctx context.Context, key, expected string) (int64, error) {
	if err := s.checkKey(key); err != nil {
		return 0, err
	}
	if expected != "" {
		seen, stale := s.loaded(key, expected)
		if stale {
			return 0, watch.ErrConflict
		}
		if seen {
			n, _, _ := strings.Cut(expected, "-")
			number, err := strconv.ParseInt(n, 10, 64)
			return number, errors.Join(err, s.check(ctx))
		}
	}
	h, err := s.look(ctx, key)
	if err == nil && h.version() != expected {
		err = watch.ErrConflict
	}
	return h.number, err
}

// loaded reports whether this process saw the version of a record last, and if
// so, whether that was over an hour ago.
func (s *Store) loaded(key, version string) (seen, stale bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := s.known[key]
	seen = k.version == version
	return seen, seen && !s.isFresh(k)
}

// Delete implements [watch.Store].
func (s *Store) Delete(ctx context.Context, key, expected string) error {
	if err := s.delete(ctx, key, expected); err != nil {
		return fmt.Errorf("deleting record %.80q: %w", key, err)
	}
	return nil
}

// delete notes that the key has a tombstone before it has: a list asks once too
// often rather than not at all.
func (s *Store) delete(ctx context.Context, key, expected string) error {
	token, err := remote.Draw(s.random)
	if err != nil {
		return err
	}
	h, err := s.look(ctx, key)
	switch {
	case err != nil:
		return err
	case h.version() == "":
		return watch.ErrNotFound
	case h.version() != expected:
		return watch.ErrConflict
	}
	if _, err := s.put(ctx, s.prefix+deletedFolder+escape(key), nil, nil); err != nil {
		return s.explain(ctx, err)
	}
	_, err = s.append(ctx, key, h.number, entry{token: token, deleted: true})
	return err
}
