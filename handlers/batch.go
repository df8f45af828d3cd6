package handlers

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"go.uber.org/zap"

	"prowatch/events"
	"prowatch/watch"
)

// A BatchError says that messages of a batch failed, to a queue that takes no
// answer for each. Both clouds report its type's name.
type BatchError struct {
	Messages int // of the batch
	Failed   int
	ID       string // of the first one that failed
	Err      error  // why it did
}

// Error writes the error for a person.
func (e *BatchError) Error() string {
	return fmt.Sprintf("checking batch: %d of %d messages failed; first %s: %v", e.Failed, e.Messages, e.ID, e.Err)
}

// Unwrap returns why the first message failed.
func (e *BatchError) Unwrap() error { return e.Err }

// errNoAccountDone is why a message of a run failed; the log has more.
var errNoAccountDone = errors.New("none of its accounts could be checked and kept")

// checkBatch checks the accounts of all messages in as few runs as can be; a
// batch of a sweep is one of its own, and to tell comes last. A message fails if
// it is no call, if its run was not possible, or if none of its accounts was
// asked and kept; that of a sweep if its worker says so.
func (h *Handler) checkBatch(ctx context.Context, b *events.Batch, log *zap.Logger) ([]byte, error) {
	log = log.With(zap.String("source", b.Source), zap.String("queue", b.Name))
	job := batchRun{handler: h, log: log, messages: b.Messages, faults: make([]error, len(b.Messages))}
	var calls, tells []int
	for i, m := range b.Messages {
		switch job.faults[i] = m.Err; {
		case m.Err != nil:
		case m.Tell:
			tells = append(tells, i)
		case m.Sweep != nil && h.opts.Fleet.Work != nil:
			job.faults[i] = job.one(ctx, h.part(m.Sweep, m.Accounts))
		default:
			calls = append(calls, i)
		}
	}
	job.run(ctx, calls)
	job.tell(ctx, tells)
	failed, err := job.failed()
	logBatch(log, len(b.Messages), len(failed), err)
	switch {
	case b.Source == events.AWSQueue:
		return b.Answer(failed)
	case err != nil:
		return nil, err
	}
	return fmt.Appendf(nil, `{"messages":%d}`, len(b.Messages)), nil
}

// batchRun is the work on a batch.
type batchRun struct {
	handler  *Handler
	log      *zap.Logger
	messages []events.Message
	faults   []error // of each message
}

// run does one run over the accounts of the messages todo. Where that is not
// possible, as with an account that is no longer configured, it halves them, so
// that one message costs the others no more than a few short runs.
func (j *batchRun) run(ctx context.Context, todo []int) {
	if len(todo) == 0 {
		return
	}
	report, err := j.handler.guardedRun(ctx, j.handler.check(j.union(todo)))
	LogRun(j.log, report, j.handler.opts.Warning, err)
	if report == nil && len(todo) > 1 && ctx.Err() == nil {
		half := len(todo) / 2
		j.run(ctx, todo[:half])
		j.run(ctx, todo[half:])
		return
	}
	for _, i := range todo {
		if j.faults[i] = err; report != nil {
			j.faults[i] = faultOf(report, j.messages[i].Accounts)
		}
	}
}

// one does the job of one message, and returns why it failed.
func (j *batchRun) one(ctx context.Context, what job) error {
	report, err := j.handler.guardedRun(ctx, what)
	LogRun(j.log, report, j.handler.opts.Warning, err)
	return err
}

// tell does once what any number of messages ask for.
func (j *batchRun) tell(ctx context.Context, todo []int) {
	if len(todo) == 0 {
		return
	}
	err := j.one(ctx, j.handler.tell)
	for _, i := range todo {
		j.faults[i] = err
	}
}

// union returns the accounts of the messages, each once; nil, for all, where
// one of them wants all.
func (j *batchRun) union(todo []int) []string {
	seen := map[string]bool{}
	var accounts []string
	for _, i := range todo {
		if j.messages[i].Accounts == nil {
			return nil
		}
		for _, id := range j.messages[i].Accounts {
			if !seen[id] {
				accounts = append(accounts, id)
			}
			seen[id] = true
		}
	}
	return accounts
}

// faultOf returns why a message for the accounts failed, nil if it did not.
func faultOf(report *watch.Report, accounts []string) error {
	part := watch.Report{}
	for _, a := range report.Accounts {
		if accounts == nil || slices.Contains(accounts, a.Account) {
			part.Accounts = append(part.Accounts, a)
		}
	}
	if len(part.Accounts) < len(accounts) || !part.Done() {
		return errNoAccountDone
	}
	return nil
}

// failed returns the ids of the messages that failed, and an error if any did.
func (j *batchRun) failed() (ids []string, err error) {
	e := &BatchError{Messages: len(j.messages)}
	for i, fault := range j.faults {
		if fault == nil {
			continue
		}
		if ids = append(ids, j.messages[i].ID); len(ids) == 1 {
			e.ID, e.Err = ids[0], fault
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	e.Failed = len(ids)
	return ids, e
}

func logBatch(log *zap.Logger, messages, failed int, err error) {
	fields := []zap.Field{zap.Int("messages", messages), zap.Int("messages_failed", failed)}
	level := zap.InfoLevel
	if err != nil {
		level, fields = zap.ErrorLevel, append(fields, errorFields(err)...)
	}
	log.Log(level, "batch", fields...)
}
