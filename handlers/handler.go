package handlers

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

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

	// HTTP answers HTTP requests. Where it is nil they are answered with 404 and
	// the word that the HTTP API is not enabled.
	//
	// Of the request's headers three are the platform's word, never the
	// caller's: X-Request-Id, the id of the invocation, which the answer has
	// too; X-Forwarded-Prefix, what the caller has before the path in the URL,
	// where that is known; RemoteAddr has the address that the gateway saw, with
	// port 0, and is "" if it saw none.
	HTTP http.Handler

	// BasePath is what callers have before the function's own paths where the
	// event does not tell, as of a load balancer: the path of the public URL,
	// such as "/prowatch". It is taken off the path.
	BasePath string

	// Fleet is what else a run can be.
	Fleet Fleet
}

// Handler answers events with runs, and HTTP requests with an [http.Handler].
type Handler struct {
	run  Run
	opts Options
	log  *zap.Logger
}

// New returns a handler that does its runs with run. opts may be nil.
func New(run Run, opts *Options) *Handler {
	h := &Handler{run: run, log: zap.NewNop()}
	if opts != nil {
		h.opts = *opts
	}
	if h.opts.Logger != nil {
		h.log = h.opts.Logger
	}
	if h.opts.HTTP == nil {
		h.opts.HTTP = http.HandlerFunc(notEnabled)
	}
	return h
}

// Invoke does what the event asks for, and ends a moment before ctx does. A
// [events.Tick], a [events.Direct] and a [events.Tell] are answered with [watch.Counts], an
// [*events.Request] with what [Options.HTTP] answers, and an [events.Batch] of
// SQS with the messages that failed; CKafka takes but an error. The error is an
// [*events.DecodeError]; a [*RunError] or [*PanicError] when nothing could be
// done at all; or a [*BatchError].
func (h *Handler) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	ctx, cancel := withReserve(ctx)
	defer cancel()
	log := h.log.With(requestField(ctx))
	event, err := events.Decode(payload)
	if err != nil {
		log.Error("event refused", zap.Error(err))
		return nil, err
	}
	switch e := event.(type) {
	case events.Tick:
		log = log.With(tickFields(e)...)
		if e.Tell {
			return h.do(ctx, h.tell, log)
		}
		return h.do(ctx, h.check(e.Accounts), log)
	case events.Direct:
		return h.do(ctx, h.part(e.Sweep, e.Accounts), log.With(zap.String("source", "direct")))
	case events.Tell:
		return h.do(ctx, h.tell, log.With(zap.String("source", "direct")))
	case *events.Request:
		return h.serve(ctx, e, log)
	case events.Batch:
		return h.checkBatch(ctx, &e, log)
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

// do does a job, logs it and answers its counts.
func (h *Handler) do(ctx context.Context, what job, log *zap.Logger) ([]byte, error) {
	report, err := h.guardedRun(ctx, what)
	LogRun(log, report, h.opts.Warning, err)
	if err != nil {
		return nil, err
	}
	answer, err := json.Marshal(report.Counts())
	if err != nil {
		return nil, fmt.Errorf("encoding the answer: %w", err)
	}
	return answer, nil
}

// guardedRun returns the job's report, and as an error what left nothing done, or
// a part that is to be done again.
func (h *Handler) guardedRun(ctx context.Context, what job) (report *watch.Report, err error) {
	defer guard("the run", &err)
	report, err = what(ctx)
	if err != nil {
		return report, &RunError{Err: err}
	}
	if !report.Done() {
		err = &RunError{Report: report}
	}
	return report, err
}
