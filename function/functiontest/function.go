package functiontest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"go.uber.org/zap"

	"prowatch/handlers"
	"prowatch/watch"
)

// The accounts that make [Act] do something else than let the run be.
const (
	Tell  = "tell"  // it returns what it sees as its error
	Panic = "panic" // it panics with [Secret]
)

// What the function under test reads from the environment: a setting, at its
// setup, and a credential, at every run.
const (
	SettingEnv    = "PROWATCH_STATE"
	CredentialEnv = "TENCENTCLOUD_SECRETID"
)

// Secret is what must not be seen in an answer or in the log.
const Secret = "hunter2"

// Counts is the answer to a run over all accounts of the function under test:
// good, denied and late.
const Counts = `{"accounts":3,"checked":1,"failed":1,"skipped":1,"notices":0,"sent":0,"pending":2}`

// Function returns the function under test: the real handlers around the run
// that run makes of the setting, and around a site that answers what it is asked. Without the setting it cannot be set up.
func Function(getenv func(string) string, log *zap.Logger, run func(setting string) handlers.Run) handlers.Invoker {
	return handlers.Lazy(log, func(context.Context) (handlers.Invoker, error) {
		setting := getenv(SettingEnv)
		if setting == "" {
			return nil, errors.New("state is not set")
		}
		tell := func(context.Context) (*watch.Report, error) { return &watch.Report{Pending: 2}, nil }
		return handlers.New(run(setting), &handlers.Options{Logger: log, HTTP: site(), Fleet: handlers.Fleet{Tell: tell}}), nil
	})
}

// Act does what the accounts of a run ask for. Where that is nothing it returns
// nil, and the run is to return a report of those accounts, with [Counts] where
// none is named.
func Act(ctx context.Context, accounts []string, setting, credential string, pid int) error {
	if slices.Contains(accounts, Panic) {
		panic(Secret)
	}
	if !slices.Contains(accounts, Tell) {
		return nil
	}
	until := "none"
	if deadline, ok := ctx.Deadline(); ok {
		until = deadline.UTC().Format(time.RFC3339Nano)
	}
	return fmt.Errorf("setting %s, credential %s, deadline %s, ctx %v, process %d", setting, credential, until, ctx.Err(), pid)
}
