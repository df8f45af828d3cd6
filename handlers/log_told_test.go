package handlers_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/zap"

	"prowatch/handlers"
	"prowatch/watch"
)

// logged returns the records that LogRun writes of the report, as the functions
// write them, without their times.
func logged(t *testing.T, report *watch.Report) []map[string]any {
	t.Helper()
	var b bytes.Buffer
	handlers.LogRun(handlers.NewLogger(&b).With(zap.String("request_id", "req-1")), report, "", nil)
	var records []map[string]any
	for line := range strings.Lines(b.String()) {
		var record map[string]any
		if err := json.Unmarshal([]byte(line), &record); err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		delete(record, "timestamp")
		records = append(records, record)
	}
	return records
}

func TestEachNoticeAndDeliveryIsARecord(t *testing.T) {
	report := reportOf(good)
	report.Notices = []watch.Notice{
		{ID: "a1", Seq: 7, Account: "acme", Type: watch.StatusChanged, Severity: watch.Critical, Opens: watch.ProblemStatus, Resolves: []string{watch.ProblemExpiry}, RequestID: "api-1", Message: "not for the log"},
		{ID: "a2", Seq: 3, Account: "beta", Type: watch.CheckFailing, Severity: watch.Warning, Opens: watch.ProblemCheck, Resolves: []string{}, Class: watch.Rejected, Code: "InvalidAction"},
		{ID: "a3", Seq: 4, Account: "beta", Type: watch.ProblemReminder, Severity: watch.Warning, Problem: watch.ProblemCheck},
	}
	report.Deliveries = []watch.DeliveryReport{
		{Channel: "sec", ID: "d1", Notices: []string{"a1", "a2", "old"}, Outcome: watch.Outcome{Result: watch.Sent, Code: "0", Text: "errcode 0"}, Took: 700 * time.Millisecond},
		{Channel: "pager", ID: "a1", Notices: []string{"a1"}, Outcome: watch.Outcome{Result: watch.Retry, Code: "429", Text: "PagerDuty 429"}, Took: 4 * time.Second},
	}
	want := []map[string]any{
		{"level": "INFO", "message": "notice", "request_id": "req-1", "id": "a1", "seq": 7., "account": "acme", "type": "status.changed", "severity": "critical",
			"opens": "status", "resolves": []any{"expiry"}, "api_request_id": "api-1", "channels": map[string]any{"sec": "sent", "pager": "retry"}},
		{"level": "INFO", "message": "notice", "request_id": "req-1", "id": "a2", "seq": 3., "account": "beta", "type": "check.failing", "severity": "warning",
			"opens": "check", "class": "rejected", "code": "InvalidAction", "channels": map[string]any{"sec": "sent"}},
		{"level": "INFO", "message": "notice", "request_id": "req-1", "id": "a3", "seq": 4., "account": "beta", "type": "problem.reminder", "severity": "warning",
			"problem": "check", "channels": map[string]any{}},
		{"level": "INFO", "message": "delivery", "request_id": "req-1", "channel": "sec", "id": "d1", "notices": 3., "result": "sent", "code": "0", "text": "errcode 0", "took": "700ms"},
		{"level": "WARN", "message": "delivery", "request_id": "req-1", "channel": "pager", "id": "a1", "notices": 1., "result": "retry", "code": "429", "text": "PagerDuty 429", "took": "4s"},
	}
	if diff := cmp.Diff(want, logged(t, report)[1:]); diff != "" {
		t.Errorf("log -want +got:\n%s", diff)
	}
}

func TestTheRecordsOfARunAreBounded(t *testing.T) {
	report := reportOf(good)
	for i := range 1003 {
		report.Notices = append(report.Notices, watch.Notice{ID: fmt.Sprint(i)})
	}
	for i := range 1001 {
		report.Deliveries = append(report.Deliveries, watch.DeliveryReport{ID: fmt.Sprint(i), Outcome: watch.Outcome{Result: watch.Sent}})
	}
	records := logged(t, report)
	want := map[string]any{"level": "INFO", "message": "and more", "request_id": "req-1", "notices": 3., "deliveries": 1.}
	if diff := cmp.Diff(want, records[len(records)-1]); len(records) != 1+1000+1000+1 || diff != "" {
		t.Errorf("got %d records, want 2002; the last one -want +got:\n%s", len(records), diff)
	}
}
