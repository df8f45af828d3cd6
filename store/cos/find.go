package cos

import (
	"context"
	"errors"
	"fmt"
	"time"
)

const (
	// fresh is how long it is trusted that the object after one that was seen
	// is still there if it ever was; see maxAge.
	fresh = time.Hour

	// maxSteps is how many objects are asked for one by one before another
	// list is worth its while.
	maxSteps = 8

	// maxGone is how often an object may be missing that a list has.
	maxGone = 3
)

// A sight is when this process last saw a record's newest object.
type sight struct {
	number  int64
	version string
	at      time.Time
}

// A head is a record's newest object; its number is 0 if there was never one.
type head struct {
	entry
	number int64
}

// version returns the version of a record, "" if there is none.
func (h head) version() string {
	if h.number == 0 || h.deleted {
		return ""
	}
	return version(h.number, h.token)
}

func version(number int64, token string) string { return fmt.Sprintf("%d-%s", number, token) }

// find returns the newest object of a record. It begins at the one that this
// process saw within the hour, or else at the first of a list.
func (s *Store) find(ctx context.Context, key string) (head, error) {
	at := s.clock()
	seen, ok := s.recall(key)
	for n, gone, list := seen.number, 0, !ok; gone < maxGone; list = true {
		if list {
			listed, err := s.newest(ctx, key)
			if err != nil {
				return head{}, err
			}
			n = max(n, listed)
		}
		h, err := s.climb(ctx, key, n)
		switch {
		case err == nil:
			s.see(key, h.number, h.version(), at)
			return h, nil
		case errors.Is(err, errSteep):
			n = h.number
		case errors.Is(err, errMissing): // what was seen was removed
			n = 0
			gone++
		default:
			return head{}, err
		}
	}
	return head{}, errors.New("its objects are removed while they are read: look for a lifecycle rule of the bucket")
}

// errSteep says that a climb went on for too long.
var errSteep = errors.New("too many steps")

// climb returns the last of the objects that follow the n-th without a gap, or
// errMissing if the n-th is not there, or errSteep with the number it got to.
func (s *Store) climb(ctx context.Context, key string, n int64) (head, error) {
	last := head{number: n}
	for range maxSteps {
		e, err := s.get(ctx, s.name(key, last.number+1))
		switch {
		case err == nil:
			last = head{e, last.number + 1}
			continue
		case !errors.Is(err, errMissing):
			return head{}, err
		case last.number == 0 || last.token != "":
			return last, nil
		}
		last.entry, err = s.get(ctx, s.name(key, n))
		return last, err
	}
	return last, errSteep
}

// newest returns the number of a record's newest object as a list has it, 0 if
// there is none.
func (s *Store) newest(ctx context.Context, key string) (int64, error) {
	row := s.row(key)
	p, err := s.list(ctx, row, "", "", 1)
	if err != nil || len(p.objects) == 0 {
		return 0, err
	}
	n, ok := number(row, p.objects[0].Key)
	if !ok {
		return 0, fmt.Errorf("the object %.80s %w", p.objects[0].Key, errForeign)
	}
	return n, nil
}

// clock returns the time that the wall shows: a function that was frozen must
// not think that no time has passed.
func (s *Store) clock() time.Time { return s.now().Round(0) }

// recall returns what was seen of a record within the hour.
func (s *Store) recall(key string) (sight, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	seen := s.known[key]
	if seen.number == 0 || !s.isFresh(seen) {
		return sight{}, false
	}
	return seen, true
}

func (s *Store) isFresh(seen sight) bool {
	age := s.clock().Sub(seen.at)
	return 0 <= age && age < fresh
}

// see notes the newest object of a record, which it was at the time at or after.
func (s *Store) see(key string, number int64, version string, at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.known[key] = sight{number, version, at}
}
