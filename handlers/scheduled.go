package handlers

import (
	"context"
	"time"

	"go.uber.org/zap"

	"prowatch/watch"
)

// Scheduled does a run over all accounts at a time of the process's own
// schedule, and logs it. The error is a [*RunError] or a [*PanicError]: nothing
// could be done at all.
func (h *Handler) Scheduled(ctx context.Context, at time.Time) (*watch.Report, error) {
	ctx, cancel := withReserve(ctx)
	defer cancel()
	report, err := h.guardedRun(ctx, h.check(nil))
	LogRun(h.log.With(zap.String("source", "schedule"), zap.Time("scheduled", at)), report, h.opts.Warning, err)
	return report, err
}
