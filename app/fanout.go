package app

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"prowatch/config"
	"prowatch/handlers"
	"prowatch/watch"
)

// Queues are the kinds of queues that a main links, by what stands before the
// first colon of fanout.queue; a plain URL is of the kind sqs.
type Queues map[string]func(ctx context.Context, queue string) (watch.Queue, error)

// queueKinds are all kinds of queues, whatever a main links.
var queueKinds = []string{"sqs", "scf"}

// queueKind returns the kind of a queue, or an error that says what there is.
func queueKind(queue string) (string, error) {
	kind, _, _ := strings.Cut(queue, ":")
	switch {
	case kind == "https", kind == "http":
		return "sqs", nil
	case slices.Contains(queueKinds, kind) && kind != queue:
		return kind, nil
	}
	return "", errors.New("fanout.queue is of no kind that is known: write sqs:URL with the URL of an SQS queue, or scf:self")
}

// fanout opens the queue that accounts are handed out by, if there is one.
func (a *App) fanout(ctx context.Context, o Options) error {
	f := a.Settings.Fanout
	if f.Queue == "" || o.Queues == nil || o.Use != Keep {
		return nil
	}
	kind, err := queueKind(f.Queue)
	if err != nil {
		return err
	}
	open := o.Queues[kind]
	if open == nil {
		return fmt.Errorf("fanout.queue is of the kind %s, which this build has not: use one of %s, or the build for the other cloud",
			kind, strings.Join(slices.Sorted(maps.Keys(o.Queues)), ", "))
	}
	queue, err := open(ctx, f.Queue)
	if err != nil {
		return err
	}
	a.Runner.Fanout = &watch.Fanout{Queue: queue, Batch: f.Batch}
	return nil
}

// Fleet is what a run can be beside one over some accounts.
func (a *App) Fleet() handlers.Fleet {
	fleet := handlers.Fleet{
		Work: func(ctx context.Context, part watch.Part, accounts []string) (*watch.Report, error) {
			return a.Around(ctx, false, func(ctx context.Context) (*watch.Report, error) {
				runner, stale := a.knowing(ctx, accounts, part.Began())
				report, err := runner.Work(ctx, part, accounts...)
				return unlisted(report, stale), err
			})
		},
		Tell: func(ctx context.Context) (*watch.Report, error) {
			return a.Around(ctx, false, func(ctx context.Context) (*watch.Report, error) { return a.Current().TellSweep(ctx) })
		},
	}
	if a.Runner.Fanout != nil {
		fleet.Dispatch = func(ctx context.Context) (*watch.Report, error) {
			return a.Around(ctx, true, func(ctx context.Context) (*watch.Report, error) {
				return a.refreshed(ctx, func(r *watch.Runner) (*watch.Report, error) { return r.Dispatch(ctx) })
			})
		}
	}
	return fleet
}

// fanoutFaults are of a queue that is of no kind.
func fanoutFaults(s *config.Settings) []error {
	if s.Fanout.Queue == "" {
		return nil
	}
	if _, err := queueKind(s.Fanout.Queue); err != nil {
		return []error{fmt.Errorf("%s: %w", s.Origin, err)}
	}
	return nil
}
