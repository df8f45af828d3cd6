package handlers

import (
	"context"
	"errors"

	"prowatch/events"
	"prowatch/watch"
)

// Fleet is what a run can be beside one over some accounts. Each may be nil, and
// does as a [Run] does.
type Fleet struct {
	// Dispatch does the runs over all accounts: it hands them to workers.
	Dispatch func(ctx context.Context) (*watch.Report, error)

	// Work does a batch that Dispatch handed out. Its error says that the batch
	// is to be done again, beside the report of what was done. Where it is nil
	// the batch is a run over its accounts.
	Work func(ctx context.Context, part watch.Part, accounts []string) (*watch.Report, error)

	// Tell tells what is owed, and asks about no account.
	Tell func(ctx context.Context) (*watch.Report, error)
}

var errNoTell = errors.New("nothing is set up that tells alone: call with the action check")

// job is a run of any kind.
type job func(ctx context.Context) (*watch.Report, error)

// check is a run over the accounts, nil for all.
func (h *Handler) check(accounts []string) job {
	if accounts == nil && h.opts.Fleet.Dispatch != nil {
		return h.opts.Fleet.Dispatch
	}
	return func(ctx context.Context) (*watch.Report, error) { return h.run(ctx, accounts) }
}

// part is a batch of a sweep, or where it is none a run.
func (h *Handler) part(p *events.Part, accounts []string) job {
	work := h.opts.Fleet.Work
	if p == nil || work == nil {
		return h.check(accounts)
	}
	return func(ctx context.Context) (*watch.Report, error) {
		return work(ctx, watch.Part{Sweep: p.Sweep, Batch: p.Batch, Of: p.Of}, accounts)
	}
}

// tell tells what is owed.
func (h *Handler) tell(ctx context.Context) (*watch.Report, error) {
	if h.opts.Fleet.Tell == nil {
		return nil, errNoTell
	}
	return h.opts.Fleet.Tell(ctx)
}
