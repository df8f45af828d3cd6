package handlers

import (
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"prowatch/watch"
)

// maxTold bounds the records of notices, and those of deliveries, of one run.
const maxTold = 1000

// logTold writes a record for each notice that a run made and for each message
// that it sent, tried to send or gave up; one that was not proved is at Warn.
func logTold(log *zap.Logger, report *watch.Report) {
	outcomes := outcomesOf(report)
	for i := range report.Notices[:min(len(report.Notices), maxTold)] {
		log.Info("notice", noticeFields(&report.Notices[i], outcomes)...)
	}
	for i := range report.Deliveries[:min(len(report.Deliveries), maxTold)] {
		d := &report.Deliveries[i]
		level := zapcore.InfoLevel
		if d.Outcome.Result != watch.Sent && d.Outcome.Result != watch.Accepted {
			level = zapcore.WarnLevel
		}
		log.Log(level, "delivery", deliveryFields(d)...)
	}
	notices, deliveries := max(0, len(report.Notices)-maxTold), max(0, len(report.Deliveries)-maxTold)
	if notices+deliveries > 0 {
		log.Info("and more", zap.Int("notices", notices), zap.Int("deliveries", deliveries))
	}
}

// outcomesOf returns what became of each notice in this run, a field for each
// channel that it went to.
func outcomesOf(report *watch.Report) map[string][]zap.Field {
	outcomes := map[string][]zap.Field{}
	made := map[string]bool{}
	for _, n := range report.Notices {
		made[n.ID] = true
	}
	for _, d := range report.Deliveries {
		for _, id := range d.Notices {
			if made[id] {
				outcomes[id] = append(outcomes[id], zap.String(d.Channel, string(d.Outcome.Result)))
			}
		}
	}
	return outcomes
}

// noticeFields are the facts by which a notice is found and understood. The
// request id of the API is not that of the invocation, which the log has as well.
func noticeFields(n *watch.Notice, outcomes map[string][]zap.Field) []zap.Field {
	fields := []zap.Field{
		zap.String("id", n.ID), zap.Uint64("seq", n.Seq), zap.String("account", n.Account),
		zap.String("type", string(n.Type)), zap.String("severity", string(n.Severity)),
	}
	text := func(key, value string) {
		if value != "" {
			fields = append(fields, zap.String(key, value))
		}
	}
	text("opens", n.Opens)
	if len(n.Resolves) > 0 {
		fields = append(fields, zap.Strings("resolves", n.Resolves))
	}
	text("problem", n.Problem)
	text("class", string(n.Class))
	text("code", n.Code)
	text("api_request_id", n.RequestID)
	return append(fields, zap.Dict("channels", outcomes[n.ID]...))
}

func deliveryFields(d *watch.DeliveryReport) []zap.Field {
	fields := []zap.Field{
		zap.String("channel", d.Channel), zap.String("id", d.ID), zap.Int("notices", len(d.Notices)),
		zap.String("result", string(d.Outcome.Result)), zap.Duration("took", d.Took),
	}
	if d.Outcome.Code != "" {
		fields = append(fields, zap.String("code", d.Outcome.Code))
	}
	if d.Outcome.Text != "" {
		fields = append(fields, zap.String("text", d.Outcome.Text))
	}
	return fields
}
