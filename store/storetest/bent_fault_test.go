package storetest

import (
	"context"
	"testing"

	"prowatch/store/memory"
	"prowatch/watch"
)

// breaker is a right store whose writes can be lost, unless lost says otherwise
// what becomes of the error of one.
type breaker struct {
	*memory.Store
	lost func(op string, fault Fault, err error) error
}

func (b breaker) Break(_ *testing.T, fault Fault) watch.Store {
	return lossy{&Faulty{Store: b.Store, Hook: func(op, _ string, _ int) Fault {
		if op == OpSave || op == OpDelete {
			return fault
		}
		return None
	}}, b, fault}
}

// lossy is such a store with its faults.
type lossy struct {
	*Faulty
	of    breaker
	fault Fault
}

func (s lossy) Save(ctx context.Context, key string, data []byte, expected string) (string, error) {
	version, err := s.Faulty.Save(ctx, key, data, expected)
	return version, s.of.told(OpSave, s.fault, err)
}

func (s lossy) Delete(ctx context.Context, key, expected string) error {
	return s.of.told(OpDelete, s.fault, s.Faulty.Delete(ctx, key, expected))
}

func (b breaker) told(op string, fault Fault, err error) error {
	if b.lost == nil {
		return err
	}
	return b.lost(op, fault, err)
}

// tells returns a store that has its own word for one kind of fault.
func tells(op string, fault Fault, word error) func() watch.Store {
	return func() watch.Store {
		return breaker{new(memory.Store), func(o string, f Fault, err error) error {
			if o == op && f == fault {
				return word
			}
			return err
		}}
	}
}

// TestARightStoreThatBreaksPasses holds the suite against itself.
func TestARightStoreThatBreaksPasses(t *testing.T) {
	Run(t, func(*testing.T) watch.Store { return breaker{new(memory.Store), nil} })
}
