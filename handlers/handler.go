package handlers

import (
	"context"
	"encoding/json"
	"fmt"

	"go.uber.org/zap"

	"prowatch/events"
	"prowatch/watch"
)

// An Invoker answers invocations. lambda.Handler of aws-lambda-go and
// cloudfunction.Handler of scf-go-lib are the same interface.
type Invoker interface {
	// Invoke takes an event as the cloud delivered it and returns the answer in
	// JSON. It is safe for use by many goroutines, and its error holds no secret.
	Invoke(ctx context.Context, payload []byte) ([]byte, error)
}

// Run does one run over the accounts named, nil for all of them. It ends before
// ctx does and returns an error when no run was possible, one that holds no
// secret. [watch.Runner.Run] is what it comes down to.
type Run func(ctx context.Context, accounts []string) (*watch.Report, error)

// Options are the optional settings of [New]. The zero value is ready to use.
type Options struct {
	// Logger receives one record for each invocation. It defaults to none.
	Logger *zap.Logger

	// Warning is what the record of every run warns of, "" for nothing.
	Warning string
}

// Handler answers events with runs.
type Handler struct {
	run     Run
	log     *zap.Logger
	warning string
}

// New returns a handler that does its runs with run. opts may be nil.
func New(run Run, opts *Options) *Handler {
	h := &Handler{run: run, log: zap.NewNop()}
	if opts == nil {
		return h
	}
	if opts.Logger != nil {
		h.log = opts.Logger
	}
	h.warning = opts.Warning
	return h
}

// Invoke does what the event asks for. A [events.Tick] and a [events.Direct]
// are answered with [watch.Counts]. The error is an [*events.DecodeError], or a
// [*RunError] or [*PanicError] when nothing could be done at all.
func (h *Handler) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	log := h.log.With(requestField(ctx))
	event, err := events.Decode(payload)
	if err != nil {
		log.Error("event refused", zap.Error(err))
		return nil, err
	}
	switch e := event.(type) {
	case events.Tick:
		return h.check(ctx, e.Accounts, log.With(tickFields(e)...))
	case events.Direct:
		return h.check(ctx, e.Accounts, log.With(zap.String("source", "direct")))
	}
	return nil, fmt.Errorf("no handler takes the event %T", event)
}

func tickFields(t events.Tick) []zap.Field {
	fields := []zap.Field{zap.String("source", t.Source), zap.String("trigger", t.Name)}
	if !t.Time.IsZero() {
		fields = append(fields, zap.Time("scheduled", t.Time))
	}
	return fields
}

// check does a run, logs it and answers its counts.
func (h *Handler) check(ctx context.Context, accounts []string, log *zap.Logger) ([]byte, error) {
	report, err := h.guardedRun(ctx, accounts)
	LogRun(log, report, h.warning, err)
	if err != nil {
		return nil, err
	}
	answer, err := json.Marshal(report.Counts())
	if err != nil {
		return nil, fmt.Errorf("encoding the answer: %w", err)
	}
	return answer, nil
}

// guardedRun returns the run's report, and as an error what left nothing done.
func (h *Handler) guardedRun(ctx context.Context, accounts []string) (report *watch.Report, err error) {
	defer guard("the run", &err)
	report, err = h.run(ctx, accounts)
	if err != nil {
		return nil, &RunError{Err: err}
	}
	if !report.Done() {
		err = &RunError{Report: report}
	}
	return report, err
}
