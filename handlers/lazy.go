package handlers

import (
	"context"
	"fmt"

	"go.uber.org/zap"
)

// Lazy returns an invoker that is built at the first invocation, and at the
// next one again where that failed: SCF sets the environment, from which the
// settings come, no sooner than at an invocation. Once built it stays.
//
// build is called by one invocation at a time, with that one's ctx, which it
// must not keep; the others wait until their own ctx ends. Its error must hold
// no secret. log receives a record of each failure.
func Lazy(log *zap.Logger, build func(ctx context.Context) (Invoker, error)) Invoker {
	return &lazy{log: log, build: build, turn: make(chan struct{}, 1)}
}

type lazy struct {
	log   *zap.Logger
	build func(ctx context.Context) (Invoker, error)
	turn  chan struct{} // holds a token while one invocation looks at built
	built Invoker
}

func (l *lazy) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	in, err := l.get(ctx)
	if err != nil {
		l.log.With(requestField(ctx)).Error("setup", errorFields(err)...)
		return nil, err
	}
	return in.Invoke(ctx, payload)
}

func (l *lazy) get(ctx context.Context) (in Invoker, err error) {
	select {
	case l.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, &SetupError{fmt.Errorf("no time was left: %w", ctx.Err())}
	}
	defer func() { <-l.turn }()
	if l.built != nil {
		return l.built, nil
	}
	defer guard("the setup", &err)
	in, err = l.build(ctx)
	if err != nil {
		return nil, &SetupError{err}
	}
	l.built = in
	return in, nil
}

// A SetupError says that the settings could not be read or the parts not be
// assembled. Both clouds report its type's name.
type SetupError struct{ Err error }

// Error writes the error for a person.
func (e *SetupError) Error() string { return "setting up: " + e.Err.Error() }

// Unwrap returns the cause.
func (e *SetupError) Unwrap() error { return e.Err }
