package cos

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"prowatch/watch"
)

// listLimit is how many names one answer holds at most.
// https://www.tencentcloud.com/document/product/436/30614
const listLimit = 1000

// List implements [watch.Store]. It collects all keys before the first, a
// request for every 1000, and two or three for each that was ever deleted.
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
	if err := s.check(ctx); err != nil {
		return nil, err
	}
	deleted := map[string]bool{}
	err := s.eachPage(ctx, s.prefix+deletedFolder+escape(prefix), "", func(p page) {
		for _, o := range p.objects {
			deleted[strings.TrimPrefix(o.Key, s.prefix+deletedFolder)] = true
		}
	})
	var keys, doubtful []string
	if err == nil {
		err = s.eachPage(ctx, s.prefix+escape(prefix), mark, func(p page) {
			for _, row := range p.prefixes {
				name := strings.TrimSuffix(strings.TrimPrefix(row, s.prefix), mark)
				if key, ok := unescape(name); ok && deleted[name] {
					doubtful = append(doubtful, key)
				} else if ok {
					keys = append(keys, key)
				}
			}
		})
	}
	if err != nil {
		return nil, err
	}
	for _, key := range doubtful {
		switch _, _, err := s.Load(ctx, key); {
		case err == nil:
			keys = append(keys, key)
		case !errors.Is(err, watch.ErrNotFound):
			return nil, err
		}
	}
	slices.Sort(keys)
	return keys, nil
}

// eachPage calls f with each page of a list.
func (s *Store) eachPage(ctx context.Context, prefix, delimiter string, f func(page)) error {
	for marker := ""; ; {
		p, err := s.list(ctx, prefix, delimiter, marker, listLimit)
		if err != nil {
			return err
		}
		f(p)
		if p.next == "" {
			return nil
		}
		marker = p.next
	}
}
