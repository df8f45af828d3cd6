package file

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"
)

// lockName is the file that writers lock. Its content means nothing.
const lockName = ".lock"

// How long to wait between two tries of a lock that another process has. A
// write under it takes about a millisecond.
const (
	firstWait = time.Millisecond
	maxWait   = 16 * time.Millisecond
)

// errLocked says that another process has the lock.
var errLocked = errors.New("the store is locked by another process")

// locked calls f while no other goroutine or process is in locked with the same
// folder. It waits for its turn until ctx ends.
func (s *Store) locked(ctx context.Context, f func(*os.Root) error) error {
	select {
	case s.writer <- struct{}{}:
		defer func() { <-s.writer }()
	case <-ctx.Done():
		return ctx.Err()
	}
	root, err := os.OpenRoot(s.dir)
	if err != nil {
		return mend(s.dir, err)
	}
	defer root.Close()
	unlock, err := lock(ctx, root)
	if err != nil {
		return mend(s.dir, err)
	}
	defer unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	return f(root)
}

// lock takes the kernel's lock, and tries again until it has it or ctx ends.
func lock(ctx context.Context, root *os.Root) (unlock func(), err error) {
	for wait := firstWait; ; wait = min(2*wait, maxWait) {
		unlock, err := tryLock(root)
		if !errors.Is(err, errLocked) {
			return unlock, err
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("waiting for another process to release %s: %w", lockName, ctx.Err())
		case <-time.After(wait):
		}
	}
}

// tryLock takes the kernel's lock, or returns errLocked.
func tryLock(root *os.Root) (unlock func(), err error) {
	f, err := root.OpenFile(lockName, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := lockFile(f); err != nil {
		f.Close()
		return nil, err
	}
	return func() {
		// By hand, as a child that is just being forked has the file open, too.
		unlockFile(f)
		f.Close()
	}, nil
}

// try finds out whether the folder can be written to. If another process has
// the lock, it can.
func (s *Store) try() error {
	root, err := os.OpenRoot(s.dir)
	if err != nil {
		return err
	}
	defer root.Close()
	unlock, err := tryLock(root)
	if errors.Is(err, errLocked) {
		return nil
	}
	if err != nil {
		return err
	}
	defer unlock()
	return errors.Join(writeNew(root, nil), removeNew(root))
}
