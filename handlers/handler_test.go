package handlers_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"prowatch/events"
	"prowatch/handlers"
	"prowatch/watch"
)

const timer = `{"Type":"Timer","TriggerName":"hourly","Time":"2026-11-23T00:17:00Z","Message":""}`

var (
	denied = &watch.Failure{Class: watch.Denied, Code: "AuthFailure.SecretIdNotFound"}
	good   = watch.AccountReport{Account: "good", Status: watch.Normal}
	failed = watch.AccountReport{Account: "failed", Failure: denied}
	unkept = watch.AccountReport{Account: "unkept", Err: errors.New("saving record: no route to host")}
	late   = watch.AccountReport{Account: "late", Skipped: true}
)

func reportOf(accounts ...watch.AccountReport) *watch.Report {
	return &watch.Report{Accounts: accounts, Took: 1500 * time.Millisecond}
}

// returns is a run that returns the report.
func returns(r *watch.Report) handlers.Run {
	return func(context.Context, []string) (*watch.Report, error) { return r, nil }
}

// invoke returns what a handler of run answers, and the record of it.
func invoke(t *testing.T, run handlers.Run, payload string) (answer string, logged observer.LoggedEntry, err error) {
	t.Helper()
	core, logs := observer.New(zapcore.DebugLevel)
	h := handlers.New(run, &handlers.Options{Logger: zap.New(core)})
	b, err := h.Invoke(handlers.WithRequestID(t.Context(), "req-1"), []byte(payload))
	told := logs.FilterMessage("notice").Len() + logs.FilterMessage("delivery").Len()
	if logs.Len()-told != 1 {
		t.Fatalf("got %d log records beside those of notices and deliveries, want one: %v", logs.Len()-told, logs.All())
	}
	logged = logs.All()[0]
	if got := logged.ContextMap()["request_id"]; got != "req-1" {
		t.Errorf("got request_id %v, want req-1", got)
	}
	return string(b), logged, err
}

func TestEveryTakenEventIsARun(t *testing.T) {
	for _, tt := range []struct {
		name, payload, source string
		accounts              []string
	}{
		{"SCF timer", timer, "scf.timer", nil},
		{"SCF timer for one account", `{"Type":"Timer","Message":"{\"action\":\"check\",\"accounts\":[\"a\"]}"}`, "scf.timer", []string{"a"}},
		{"EventBridge rule", `{"detail-type":"Scheduled Event","source":"aws.events","detail":{}}`, "aws.events", nil},
		{"EventBridge Scheduler", `{"detail-type":"Scheduled Event","source":"aws.scheduler","detail":"{}"}`, "aws.scheduler", nil},
		{"direct", `{"action":"check"}`, "direct", nil},
		{"direct for two accounts", `{"action":"check","accounts":["a","b"]}`, "direct", []string{"a", "b"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			runs := 0
			run := func(_ context.Context, accounts []string) (*watch.Report, error) {
				runs++
				if !slices.Equal(accounts, tt.accounts) || (accounts == nil) != (tt.accounts == nil) {
					t.Errorf("got a run over %q, want %q", accounts, tt.accounts)
				}
				return reportOf(good), nil
			}
			_, logged, err := invoke(t, run, tt.payload)
			if err != nil || runs != 1 {
				t.Errorf("got %d runs and error %v, want one and none", runs, err)
			}
			if got := logged.ContextMap()["source"]; got != tt.source {
				t.Errorf("got source %v, want %s", got, tt.source)
			}
		})
	}
}

func TestTheAnswerAndTheLogAreTheCounts(t *testing.T) {
	report := reportOf(good, failed, late)
	report.Notices = make([]watch.Notice, 3)
	report.Deliveries = []watch.DeliveryReport{{Channel: "sec", Notices: []string{"a", "b"}, Outcome: watch.Outcome{Result: watch.Sent}}}
	report.Pending = 4
	answer, logged, err := invoke(t, returns(report), timer)
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal([]byte(answer), &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"accounts": 3., "checked": 1., "failed": 1., "skipped": 1., "notices": 3., "sent": 2., "pending": 4.}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("answer -want +got:\n%s", diff)
	}
	wantLog := map[string]any{
		"request_id": "req-1", "source": "scf.timer", "trigger": "hourly", "scheduled": time.Date(2026, 11, 23, 0, 17, 0, 0, time.UTC),
		"accounts": int64(3), "checked": int64(1), "failed": int64(1), "skipped": int64(1), "notices": int64(3), "sent": int64(2), "pending": int64(4),
		"took": 1500 * time.Millisecond, "faults": []any{"failed: denied: AuthFailure.SecretIdNotFound"},
	}
	if diff := cmp.Diff(wantLog, logged.ContextMap()); diff != "" {
		t.Errorf("log -want +got:\n%s", diff)
	}
}

// TestOnlyNothingDoneIsAnError also holds the level of the log against what
// happened.
func TestOnlyNothingDoneIsAnError(t *testing.T) {
	refused := reportOf(good)
	refused.Deliveries = []watch.DeliveryReport{{Channel: "sec", Outcome: watch.Outcome{Result: watch.Retry, Text: "busy"}}}
	storeFault := reportOf(good)
	storeFault.Errs = []error{errors.New("saving record channel/sec: no route to host")}
	waiting := reportOf(good)
	waiting.Pending = 1
	for _, tt := range []struct {
		name   string
		report *watch.Report
		level  zapcore.Level
		err    string // a part of it
		fault  string // the first one logged
	}{
		{name: "all checked", report: reportOf(good, good), level: zap.InfoLevel},
		{name: "no account at all", report: reportOf(), level: zap.InfoLevel},
		{name: "a notice waits, muted", report: waiting, level: zap.InfoLevel},
		{name: "one failed", report: reportOf(good, failed), level: zap.WarnLevel, fault: "failed: denied: AuthFailure.SecretIdNotFound"},
		{name: "all failed, and that is kept", report: reportOf(failed), level: zap.WarnLevel, fault: "failed: denied: AuthFailure.SecretIdNotFound"},
		{name: "one was not kept", report: reportOf(good, unkept), level: zap.WarnLevel, fault: "unkept: saving record: no route to host"},
		{name: "one skipped", report: reportOf(good, late), level: zap.WarnLevel},
		{name: "a channel refused", report: refused, level: zap.WarnLevel, fault: "channel sec: retry: busy"},
		{name: "a channel's record was not kept", report: storeFault, level: zap.WarnLevel, fault: "saving record channel/sec: no route to host"},
		{name: "none was kept", report: reportOf(unkept, unkept), level: zap.ErrorLevel, fault: "unkept: saving record: no route to host",
			err: "running: nothing could be done: of 2 accounts 2 failed and 0 were skipped for want of time; first unkept: saving record: no route to host"},
		{name: "none was reached", report: reportOf(late), level: zap.ErrorLevel, err: "1 were skipped for want of time"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			answer, logged, err := invoke(t, returns(tt.report), timer)
			if (err != nil) != (tt.err != "") || (err != nil && !strings.Contains(err.Error(), tt.err)) {
				t.Errorf("got error %v, want %q", err, tt.err)
			}
			if (err == nil) == (answer == "") {
				t.Errorf("got answer %q with error %v, want one of them", answer, err)
			}
			if logged.Level != tt.level || logged.Message != "run" {
				t.Errorf("got a log record %q at %v, want run at %v", logged.Message, logged.Level, tt.level)
			}
			faults, _ := logged.ContextMap()["faults"].([]any)
			if tt.fault == "" && faults != nil || tt.fault != "" && (len(faults) == 0 || faults[0] != tt.fault) {
				t.Errorf("got faults %q, want %q first", faults, tt.fault)
			}
		})
	}
}

func TestTheFaultsOfALogRecordAreBounded(t *testing.T) {
	report := reportOf(slices.Repeat([]watch.AccountReport{failed}, 500)...)
	_, logged, _ := invoke(t, returns(report), timer)
	faults := logged.ContextMap()["faults"].([]any)
	if len(faults) != 11 || faults[10] != "and 490 more" {
		t.Errorf("got %d faults, the last %q; want 10 and the count of the rest", len(faults), faults[len(faults)-1])
	}
}

func TestARunThatIsNotPossibleIsAnError(t *testing.T) {
	cause := errors.New("no account \"nobody\" is configured")
	run := func(context.Context, []string) (*watch.Report, error) { return nil, cause }
	answer, logged, err := invoke(t, run, timer)
	var re *handlers.RunError
	if !errors.As(err, &re) || !errors.Is(err, cause) || answer != "" {
		t.Errorf("got %q, %v; want a RunError of the cause", answer, err)
	}
	if logged.Level != zap.ErrorLevel || logged.ContextMap()["error"] != err.Error() {
		t.Errorf("got log %v %v, want the error", logged.Level, logged.ContextMap())
	}
}

func TestAPanicIsAnErrorWithoutItsValue(t *testing.T) {
	const secret = "hunter2"
	var none *watch.Report
	for _, tt := range []struct {
		name string
		run  handlers.Run
		want string
	}{
		{"a text", func(context.Context, []string) (*watch.Report, error) { panic(secret) }, "the run panicked with a value of type string"},
		{"an error", func(context.Context, []string) (*watch.Report, error) { panic(errors.New(secret)) }, "with a value of type *errors.errorString"},
		{"the runtime's", func(context.Context, []string) (*watch.Report, error) { return none, none.Errs[len(secret)] }, "the run panicked: runtime error: "},
		{"no report", returns(nil), "the run panicked: runtime error: "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			answer, logged, err := invoke(t, tt.run, timer)
			var pe *handlers.PanicError
			if !errors.As(err, &pe) || answer != "" || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("got %q, %v; want a PanicError %q", answer, err, tt.want)
			}
			stack, _ := logged.ContextMap()["stack"].(string)
			if logged.Level != zap.ErrorLevel || !strings.Contains(stack, "handlers.(*Handler).guardedRun") {
				t.Errorf("got log %v with stack\n%s\nwant the function that called run", logged.Level, stack)
			}
			if s := fmt.Sprint(err, logged); strings.Contains(s, secret) {
				t.Errorf("got %s, want it without %s", s, secret)
			}
		})
	}
}

func TestARefusedEventStartsNoRun(t *testing.T) {
	run := func(context.Context, []string) (*watch.Report, error) {
		t.Error("got a run, want none")
		return reportOf(), nil
	}
	_, logged, err := invoke(t, run, `{"type":"TOKEN","methodArn":"a"}`)
	var de *events.DecodeError
	if !errors.As(err, &de) || logged.Level != zap.ErrorLevel || logged.Message != "event refused" {
		t.Errorf("got %v, log %v %q; want a DecodeError, told at Error", err, logged.Level, logged.Message)
	}
}

func TestAWarningIsInTheRecordOfEveryRun(t *testing.T) {
	core, logs := observer.New(zapcore.DebugLevel)
	h := handlers.New(returns(reportOf(good)), &handlers.Options{Logger: zap.New(core), Warning: "state is not kept"})
	for range 2 {
		if _, err := h.Invoke(t.Context(), []byte(timer)); err != nil {
			t.Fatal(err)
		}
	}
	if n := logs.FilterLevelExact(zap.WarnLevel).FilterField(zap.String("warning", "state is not kept")).Len(); n != 2 {
		t.Errorf("got %d warnings of 2 runs in %v, want 2", n, logs.All())
	}
}

func TestTheZeroOptionsLogNothing(t *testing.T) {
	for _, opts := range []*handlers.Options{nil, {}} {
		if _, err := handlers.New(returns(reportOf(good)), opts).Invoke(t.Context(), []byte(timer)); err != nil {
			t.Errorf("Invoke with options %v: %v", opts, err)
		}
	}
}
