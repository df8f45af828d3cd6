package cos

import (
	"context"
	"time"

	"go.uber.org/zap"
)

const (
	// maxAge is how old an object must be before it may be removed: so much
	// more than [fresh] and [signedFor] that no save can meet a gap where one
	// was, and that lists which lag by hours do no harm.
	maxAge = 24 * time.Hour

	// cleanEvery is how many saves of a record go by between two cleanings.
	cleanEvery = 16
)

// clean removes what is old of a record whose newest object is the n-th, once
// in 16 saves. The record is saved whatever becomes of it, so that a fault is
// logged, and made good by the next.
func (s *Store) clean(ctx context.Context, key string, n int64) {
	if n%cleanEvery != 0 {
		return
	}
	if err := s.removeOld(ctx, key, n); err != nil {
		s.log.Warn("old records could not be removed", zap.String("key", key), zap.Error(err))
	}
}

func (s *Store) removeOld(ctx context.Context, key string, n int64) error {
	for marker := s.name(key, n); ; {
		p, err := s.list(ctx, s.row(key), "", marker, listLimit)
		if err != nil {
			return err
		}
		if old := s.old(key, n, p); len(old) > 0 {
			if err := s.remove(ctx, old); err != nil {
				return err
			}
		}
		if p.next == "" {
			return nil
		}
		marker = p.next
	}
}

// old returns the names of a page that may be removed: older than the n-th, and
// than a day by the clock of COS, which wrote both times.
func (s *Store) old(key string, n int64, p page) (names []string) {
	for _, o := range p.objects {
		i, ok := number(s.row(key), o.Key)
		modified, err := time.Parse(time.RFC3339, o.LastModified)
		if ok && i < n && err == nil && p.at.Sub(modified) > maxAge {
			names = append(names, o.Key)
		}
	}
	return names
}
