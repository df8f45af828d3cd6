package handlers

import (
	"context"
	"errors"
	"fmt"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"prowatch/watch"
)

// maxFaults bounds the faults in one record of the log.
const maxFaults = 10

// LogRun writes the record of a run, and one for each of its notices and
// deliveries. The run's is at Error where it returned one, at Warn
// where there is a warning or something failed or was left out, else at Info.
func LogRun(log *zap.Logger, report *watch.Report, warning string, err error) {
	level, fields := zapcore.InfoLevel, []zap.Field{}
	if warning != "" {
		level, fields = zapcore.WarnLevel, append(fields, zap.String("warning", warning))
	}
	if report != nil {
		c, f := report.Counts(), faults(report)
		fields = append(append(fields, countFields(c)...), zap.Duration("took", report.Took))
		if len(f) > 0 {
			fields = append(fields, zap.Strings("faults", atMost(f, maxFaults)))
		}
		if len(f) > 0 || c.Skipped > 0 {
			level = zapcore.WarnLevel
		}
	}
	if err != nil {
		level, fields = zapcore.ErrorLevel, append(fields, errorFields(err)...)
	}
	log.Log(level, "run", fields...)
	if report != nil {
		logTold(log, report)
	}
}

func countFields(c watch.Counts) []zap.Field {
	handedOut := zap.Skip()
	if c.HandedOut > 0 {
		handedOut = zap.Int("handed_out", c.HandedOut)
	}
	return []zap.Field{
		handedOut,
		zap.Int("accounts", c.Accounts),
		zap.Int("checked", c.Checked),
		zap.Int("failed", c.Failed),
		zap.Int("skipped", c.Skipped),
		zap.Int("notices", c.Notices),
		zap.Int("sent", c.Sent),
		zap.Int("pending", c.Pending),
	}
}

// errorFields adds to an error the stack of the panic it was.
func errorFields(err error) []zap.Field {
	fields := []zap.Field{zap.Error(err)}
	var p *PanicError
	if errors.As(err, &p) {
		fields = append(fields, zap.String("stack", p.stack))
	}
	return fields
}

// faults lists what went wrong in a run, the store's own faults first.
func faults(report *watch.Report) []string {
	var list []string
	for _, err := range report.Errs {
		list = append(list, err.Error())
	}
	for _, a := range report.Accounts {
		switch {
		case a.Err != nil:
			list = append(list, a.Account+": "+a.Err.Error())
		case a.Failure != nil:
			list = append(list, a.Account+": "+a.Failure.Error())
		}
	}
	for _, d := range report.Deliveries {
		if r := d.Outcome.Result; r != watch.Sent && r != watch.Accepted {
			list = append(list, fmt.Sprintf("channel %s: %s: %s", d.Channel, r, d.Outcome.Text))
		}
	}
	return list
}

func atMost(list []string, n int) []string {
	if len(list) <= n {
		return list
	}
	return append(list[:n:n], fmt.Sprintf("and %d more", len(list)-n))
}

type requestKey struct{}

// WithRequestID returns ctx with the platform's id of the invocation, for the
// log and for the answers over HTTP. The platforms' own contexts are known only
// to their mains.
func WithRequestID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestKey{}, id)
}

// RequestID returns the id that [WithRequestID] gave ctx, "" for none.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestKey{}).(string)
	return id
}

func requestField(ctx context.Context) zap.Field {
	if id := RequestID(ctx); id != "" {
		return zap.String("request_id", id)
	}
	return zap.Skip()
}
