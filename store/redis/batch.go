package redis

import (
	"context"
	"errors"
	"fmt"
	"strings"

	goredis "github.com/redis/go-redis/v9"

	"prowatch/watch"
)

var _ watch.BatchLoader = (*Store)(nil)

// LoadMany implements [watch.BatchLoader]. It sends a command for each record,
// all at once, and so asks no server for keys of several slots in one.
func (s *Store) LoadMany(ctx context.Context, keys []string) (map[string]watch.Loaded, error) {
	if len(keys) == 0 {
		return nil, ctx.Err()
	}
	answers, _, err := call(ctx, s, func(ctx context.Context) ([]*goredis.MapStringStringCmd, error) {
		return s.pipeline(ctx, keys)
	})
	if err != nil {
		return nil, fmt.Errorf("loading %d records: %w", len(keys), err)
	}
	found := make(map[string]watch.Loaded, len(keys))
	for i, key := range keys {
		hash, err := answers[i].Result()
		if err != nil {
			found[key] = watch.Loaded{Err: fmt.Errorf("loading record %.80q: %w", key, s.explain(err))}
			continue
		}
		one, err := decode(hash)
		switch {
		case errors.Is(err, watch.ErrNotFound):
		case err != nil:
			found[key] = watch.Loaded{Err: fmt.Errorf("loading record %.80q: %w", key, err)}
		default:
			found[key] = one
		}
	}
	return found, nil
}

// pipeline asks for the hashes. A value of another type is that record's own
// fault; any other error is the whole batch's.
func (s *Store) pipeline(ctx context.Context, keys []string) ([]*goredis.MapStringStringCmd, error) {
	answers := make([]*goredis.MapStringStringCmd, len(keys))
	pipe := s.client.Pipeline()
	for i, key := range keys {
		answers[i] = pipe.HGetAll(ctx, s.prefix+key)
	}
	_, err := pipe.Exec(ctx)
	var answer goredis.Error
	if err != nil && !errors.As(err, &answer) {
		return nil, err
	}
	for _, a := range answers {
		if err := a.Err(); err != nil && !strings.HasPrefix(err.Error(), "WRONGTYPE") {
			return nil, err
		}
	}
	return answers, nil
}

// decode reads the hash of a record.
func decode(hash map[string]string) (watch.Loaded, error) {
	data, whole := hash["data"]
	switch {
	case len(hash) == 0:
		return watch.Loaded{}, watch.ErrNotFound
	case hash["version"] == "" || !whole:
		return watch.Loaded{}, errForeign
	}
	return watch.Loaded{Data: []byte(data), Version: hash["version"]}, nil
}
