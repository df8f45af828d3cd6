package handlers_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"prowatch/handlers"
	"prowatch/watch"
)

// fleet is a run that knows the accounts good, failed, unkept and late, and
// a0 to a9, and writes down over which it went.
type fleet struct{ runs []string }

func (f *fleet) run(_ context.Context, accounts []string) (*watch.Report, error) {
	f.runs = append(f.runs, strings.Join(accounts, " "))
	known := []watch.AccountReport{good, failed, unkept, late}
	for i := range 10 {
		known = append(known, watch.AccountReport{Account: fmt.Sprint("a", i)})
	}
	if accounts == nil {
		return reportOf(known...), nil
	}
	report := reportOf()
	for _, id := range accounts {
		if id == "panic" {
			panic("hunter2")
		}
		i := slices.IndexFunc(known, func(a watch.AccountReport) bool { return a.Account == id })
		if i < 0 {
			return nil, fmt.Errorf("no account %q is configured", id)
		}
		report.Accounts = append(report.Accounts, known[i])
	}
	return report, nil
}

// call is a direct call for the accounts, for all where there is none.
func call(accounts ...string) string {
	b, err := json.Marshal(map[string]any{"action": "check", "accounts": accounts})
	if err != nil {
		panic(err)
	}
	return string(b)
}

// sqs and ckafka are batches of the messages, which have the ids 0, 1, 2, … and
// t/0/0, t/0/1, t/0/2, ….
func sqs(messages ...string) string {
	return batch(messages, func(i int, m string) any {
		return map[string]any{"eventSource": "aws:sqs", "messageId": fmt.Sprint(i), "body": m}
	})
}

func ckafka(messages ...string) string {
	return batch(messages, func(i int, m string) any {
		return map[string]any{"Ckafka": map[string]any{"topic": "t", "offset": i, "msgBody": m}}
	})
}

func batch(messages []string, record func(i int, m string) any) string {
	records := []any{}
	for i, m := range messages {
		records = append(records, record(i, m))
	}
	b, err := json.Marshal(map[string]any{"Records": records})
	if err != nil {
		panic(err)
	}
	return string(b)
}

// batches are messages, the ids of those that fail, and the runs they cost.
var batches = []struct {
	name     string
	messages []string
	failed   string   // ids
	runs     []string // accounts
}{
	{"one", []string{call("good")}, "", []string{"good"}},
	{"several are one run", []string{call("a1", "a2"), call("a3"), call("a1")}, "", []string{"a1 a2 a3"}},
	{"all", []string{call()}, "", []string{""}},
	{"all and one", []string{call("a1"), call()}, "", []string{""}},
	{"a check that failed is done", []string{call("failed")}, "", []string{"failed"}},
	{"no call", []string{call("a1"), "hello", `{"action":"delete"}`, call("a2")}, "1 2", []string{"a1 a2"}},
	{"no call at all", []string{"hello"}, "0", nil},
	{"not kept", []string{call("a1"), call("unkept"), call("unkept", "a2")}, "1", []string{"a1 unkept a2"}},
	{"no time", []string{call("late"), call("a1")}, "0", []string{"late a1"}},
	{"neither", []string{call("late", "unkept"), call("a1")}, "0", []string{"late unkept a1"}},
	{"an account that is not configured", []string{call("a1"), call("gone"), call("a2")}, "1", []string{"a1 gone a2", "a1", "gone a2", "gone", "a2"}},
	{"alone", []string{call("gone")}, "0", []string{"gone"}},
	{"beside one that is", []string{call("a1", "gone")}, "0", []string{"a1 gone"}},
	{"beside all", []string{call(), call("gone")}, "1", []string{""}},
	{"a panic", []string{call("a1"), call("panic")}, "1", []string{"a1 panic", "a1", "panic"}},
	{"all are wrong", []string{call("gone"), call("lost")}, "0 1", []string{"gone lost", "gone", "lost"}},
}

func TestAMessageFailsOnlyByItself(t *testing.T) {
	for _, tt := range batches {
		t.Run(tt.name, func(t *testing.T) {
			var f fleet
			core, logs := observer.New(zapcore.DebugLevel)
			h := handlers.New(f.run, &handlers.Options{Logger: zap.New(core)})
			got, err := h.Invoke(t.Context(), []byte(sqs(tt.messages...)))
			want := `{"batchItemFailures":[`
			for _, id := range strings.Fields(tt.failed) {
				want += `{"itemIdentifier":"` + id + `"},`
			}
			want = strings.TrimSuffix(want, ",") + "]}"
			if err != nil || string(got) != want {
				t.Errorf("got %s, %v\nwant %s", got, err, want)
			}
			if diff := cmp.Diff(tt.runs, f.runs); diff != "" {
				t.Errorf("runs -want +got:\n%s", diff)
			}
			wantBatchLog(t, logs, len(tt.messages), len(strings.Fields(tt.failed)), len(tt.runs))

			got, err = handlers.New((&fleet{}).run, nil).Invoke(t.Context(), []byte(ckafka(tt.messages...)))
			wantCKafka(t, got, err, len(tt.messages), strings.Fields(tt.failed))
		})
	}
}

func wantBatchLog(t *testing.T, logs *observer.ObservedLogs, messages, failed, runs int) {
	t.Helper()
	if n := logs.FilterMessage("run").FilterField(zap.String("source", "aws.sqs")).Len(); n != runs {
		t.Errorf("got %d records of runs, want %d", n, runs)
	}
	last := logs.FilterMessage("batch").All()
	if len(last) != 1 || last[0].ContextMap()["messages"] != int64(messages) || last[0].ContextMap()["messages_failed"] != int64(failed) || (last[0].Level == zap.ErrorLevel) != (failed > 0) {
		t.Errorf("got log %v, want one batch of %d messages, %d failed", last, messages, failed)
	}
	if s := fmt.Sprint(logs.All()); strings.Contains(s, "hunter2") {
		t.Errorf("got a panic's value in the log: %s", s)
	}
}

func wantCKafka(t *testing.T, got []byte, err error, messages int, failed []string) {
	t.Helper()
	if len(failed) == 0 {
		if want := fmt.Sprintf(`{"messages":%d}`, messages); err != nil || string(got) != want {
			t.Errorf("CKafka: got %s, %v, want %s", got, err, want)
		}
		return
	}
	var be *handlers.BatchError
	if !errors.As(err, &be) || got != nil || be.Messages != messages || be.Failed != len(failed) || be.ID != "t/0/"+failed[0] || be.Err == nil {
		t.Errorf("CKafka: got %s, %+v; want a BatchError of %q", got, be, failed)
	}
}

func TestABatchErrorNamesItsFirstFault(t *testing.T) {
	_, err := handlers.New((&fleet{}).run, nil).Invoke(t.Context(), []byte(ckafka(call("a1"), "hello", call("gone"))))
	const want = "checking batch: 2 of 3 messages failed; first t/0/1: decoding event: the message is no JSON object"
	if err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
}

func TestOneBadMessageOfManyCostsFewRuns(t *testing.T) {
	messages := slices.Repeat([]string{call("a1")}, 1000)
	messages[777] = call("gone")
	var f fleet
	got, err := handlers.New(f.run, nil).Invoke(t.Context(), []byte(sqs(messages...)))
	if want := `{"batchItemFailures":[{"itemIdentifier":"777"}]}`; err != nil || string(got) != want || len(f.runs) > 21 {
		t.Errorf("got %s, %v after %d runs; want %s after at most 21", got, err, len(f.runs), want)
	}
}

func TestABatchIsNotHalvedWhenItsTimeIsOver(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	runs := 0
	run := func(context.Context, []string) (*watch.Report, error) {
		runs++
		cancel()
		return nil, errors.New("stopped")
	}
	got, err := handlers.New(run, nil).Invoke(ctx, []byte(sqs(call("a"), call("b"))))
	if want := `{"batchItemFailures":[{"itemIdentifier":"0"},{"itemIdentifier":"1"}]}`; err != nil || string(got) != want || runs != 1 {
		t.Errorf("got %s, %v after %d runs; want %s after one", got, err, runs, want)
	}
}
