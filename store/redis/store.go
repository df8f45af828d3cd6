package redis

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
	"strings"

	goredis "github.com/redis/go-redis/v9"

	"prowatch/store/remote"
	"prowatch/watch"
)

// scanCount is how many keys the server looks at for one step of a list.
const scanCount = 1000

// A Store is a [watch.Store] in Redis. Any number of stores, in any number of
// processes, may use the same server and prefix.
type Store struct {
	client *goredis.Client
	addr   string
	secret string // the password, to be kept out of errors
	prefix string
	random io.Reader
}

var _ watch.Store = (*Store)(nil)

// Close closes the connections. What is under way fails.
func (s *Store) Close() error { return s.client.Close() }

// Load implements [watch.Store].
func (s *Store) Load(ctx context.Context, key string) ([]byte, string, error) {
	hash, _, err := call(ctx, s, func(ctx context.Context) (map[string]string, error) {
		return s.client.HGetAll(ctx, s.prefix+key).Result()
	})
	var one watch.Loaded
	if err == nil {
		one, err = decode(hash)
	}
	if err != nil {
		return nil, "", fmt.Errorf("loading record %.80q: %w", key, err)
	}
	return one.Data, one.Version, nil
}

// Save implements [watch.Store]. Where an answer was lost and another writer
// came in between, it is unknown who won: that is an error of its own.
func (s *Store) Save(ctx context.Context, key string, data []byte, expected string) (string, error) {
	version, err := remote.Draw(s.random)
	if err == nil {
		err = s.save(ctx, key, slices.Clone(data), expected, version)
	}
	if err != nil {
		return "", fmt.Errorf("saving record %.80q: %w", key, err)
	}
	return version, nil
}

func (s *Store) save(ctx context.Context, key string, data []byte, expected, version string) error {
	said, unsure, err := s.run(ctx, saveScript, key, expected, version, data)
	switch {
	case err != nil:
		return err
	case said == conflict && unsure:
		return errUnsure
	case said == conflict:
		return watch.ErrConflict
	case said == foreign:
		return errForeign
	}
	return nil
}

// Delete implements [watch.Store]. If its answer was lost and the record is
// gone when it asks again, it has succeeded.
func (s *Store) Delete(ctx context.Context, key, expected string) error {
	said, unsure, err := s.run(ctx, deleteScript, key, expected)
	switch {
	case err != nil:
	case said == missing && !unsure:
		err = watch.ErrNotFound
	case said == conflict && unsure:
		err = errUnsure
	case said == conflict:
		err = watch.ErrConflict
	case said == foreign:
		err = errForeign
	}
	if err != nil {
		return fmt.Errorf("deleting record %.80q: %w", key, err)
	}
	return nil
}

// run runs a script on a record.
func (s *Store) run(ctx context.Context, script *goredis.Script, key string, args ...any) (said string, unsure bool, err error) {
	return call(ctx, s, func(ctx context.Context) (string, error) {
		return script.Run(ctx, s.client, []string{s.prefix + key}, args...).Text()
	})
}

// List implements [watch.Store]. It collects all keys before the first, as the
// server yields them in no order and some twice.
func (s *Store) List(ctx context.Context, prefix string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		keys, err := s.keys(ctx, prefix)
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

func (s *Store) keys(ctx context.Context, prefix string) ([]string, error) {
	found := map[string]bool{}
	pattern := escape.Replace(s.prefix+prefix) + "*"
	for cursor := uint64(0); ; {
		p, _, err := call(ctx, s, func(ctx context.Context) (page, error) {
			keys, next, err := s.client.Scan(ctx, cursor, pattern, scanCount).Result()
			return page{keys, next}, err
		})
		if err != nil {
			return nil, err
		}
		for _, k := range p.keys {
			found[strings.TrimPrefix(k, s.prefix)] = true
		}
		if p.next == 0 {
			return slices.Sorted(maps.Keys(found)), nil
		}
		cursor = p.next
	}
}

// A page is one step of a list; next is 0 after the last.
type page struct {
	keys []string
	next uint64
}

// escape makes a text its own pattern. https://redis.io/docs/latest/commands/keys/
var escape = strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`, `]`, `\]`)

var (
	errForeign = errors.New("the key holds something that is no record of prowatch: name another prefix, or delete it to start afresh")
	errUnsure  = errors.New("the answer was lost, and another writer came after: this may have been done or not")
)
