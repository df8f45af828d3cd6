package app

import (
	"context"
	"fmt"
	"time"

	"prowatch/watch"
)

// askTime bounds what a store is asked about itself.
const askTime = 2 * time.Second

// OpenState opens the state that is named, or with "" the one that the settings
// name, which need no channels for it. It returns its name, too.
func OpenState(ctx context.Context, o Options, state string, use Use) (string, watch.Store, error) {
	if state == "" {
		o.Use = None
		s, err := Settings(ctx, o)
		if err != nil {
			return "", nil, err
		}
		if state = s.State; state == "" {
			state = o.State
		}
	}
	store, err := o.Stores.open(ctx, state, use)
	return state, store, err
}

// StateName is as much of the state as holds no secret: the folder of a file:,
// else the kind.
func StateName(state string) string { return stateName(state) }

// Doubts asks the store what speaks against keeping records in it, each with its
// mend. A store that cannot be asked, or does not answer, has none.
func Doubts(ctx context.Context, s watch.Store) []string {
	d, ok := s.(interface {
		Doubts(context.Context) ([]string, error)
	})
	if !ok {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	doubts, err := d.Doubts(ctx)
	if err != nil {
		return nil // whoever uses it will say what is wrong
	}
	return doubts
}

// forgetful returns a warning of a store that keeps nothing when its server ends.
func forgetful(ctx context.Context, state string, s watch.Store) []string {
	f, ok := s.(interface {
		Forgets(context.Context) (string, error)
	})
	if !ok {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	why, err := f.Forgets(ctx)
	if err != nil || why == "" {
		return nil
	}
	return []string{fmt.Sprintf("state %s: %s", stateName(state), why)}
}
