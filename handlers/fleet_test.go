package handlers_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"prowatch/handlers"
	"prowatch/store/memory"
	"prowatch/watch"
)

// jobs is a Fleet and a Run that write down what they are asked for.
type jobs struct {
	asked []string
	work  error
}

func (j *jobs) handler() *handlers.Handler {
	say := func(what string) (*watch.Report, error) {
		j.asked = append(j.asked, what)
		return reportOf(), nil
	}
	run := func(_ context.Context, accounts []string) (*watch.Report, error) {
		_, err := say("run " + strings.Join(accounts, " "))
		report := reportOf()
		for _, id := range accounts {
			report.Accounts = append(report.Accounts, watch.AccountReport{Account: id})
		}
		return report, err
	}
	return handlers.New(run, &handlers.Options{Fleet: handlers.Fleet{
		Dispatch: func(context.Context) (*watch.Report, error) {
			_, err := say("dispatch")
			return &watch.Report{HandedOut: 300}, err
		},
		Work: func(_ context.Context, part watch.Part, accounts []string) (*watch.Report, error) {
			report, _ := say(fmt.Sprint("work ", part, " ", strings.Join(accounts, " ")))
			return report, j.work
		},
		Tell: func(context.Context) (*watch.Report, error) { return say("tell") },
	}})
}

const (
	tellCall = `{"action":"tell"}`
	partCall = `{"action":"check","accounts":["a1"],"sweep":{"id":"s","batch":1,"of":2}}`
)

func TestAFleetsEventsGoWhereTheyBelong(t *testing.T) {
	handedOut := `{"accounts":300,"checked":0,"failed":0,"skipped":0,"notices":0,"sent":0,"pending":0,"handed_out":300}`
	none := `{"accounts":0,"checked":0,"failed":0,"skipped":0,"notices":0,"sent":0,"pending":0}`
	for _, tt := range []struct {
		name, event, answer string
		asked               []string
	}{
		{"a timer", timer, handedOut, []string{"dispatch"}},
		{"a call for all", call(), handedOut, []string{"dispatch"}},
		{"a call for some", call("a1"), `{"accounts":1,"checked":1,"failed":0,"skipped":0,"notices":0,"sent":0,"pending":0}`, []string{"run a1"}},
		{"a batch", partCall, none, []string{"work {s 1 2} a1"}},
		{"a call to tell", tellCall, none, []string{"tell"}},
		{"a timer to tell", `{"Type":"Timer","Message":"{\"action\":\"tell\"}"}`, none, []string{"tell"}},
		{"a queue's", sqs(tellCall, partCall, call("a2"), partCall, tellCall, call("a3")), `{"batchItemFailures":[]}`,
			[]string{"work {s 1 2} a1", "work {s 1 2} a1", "run a2 a3", "tell"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			j := &jobs{}
			answer, err := j.handler().Invoke(t.Context(), []byte(tt.event))
			if err != nil || string(answer) != tt.answer || !slices.Equal(j.asked, tt.asked) {
				t.Errorf("got %s, %v after %q\nwant %s after %q", answer, err, j.asked, tt.answer, tt.asked)
			}
		})
	}
}

func TestABatchThatIsToBeDoneAgainFails(t *testing.T) {
	j := &jobs{work: errors.New("time was short")}
	answer, err := j.handler().Invoke(t.Context(), []byte(sqs(call("a2"), partCall)))
	if want := `{"batchItemFailures":[{"itemIdentifier":"1"}]}`; err != nil || string(answer) != want {
		t.Errorf("got %s, %v, want %s", answer, err, want)
	}
	var re *handlers.RunError
	if _, err := j.handler().Invoke(t.Context(), []byte(partCall)); !errors.As(err, &re) {
		t.Errorf("a direct call got %v, want a RunError, so that the cloud repeats it", err)
	}
}

func TestWhoTellsAloneMustBeAbleTo(t *testing.T) {
	if _, err := handlers.New(returns(reportOf(good)), nil).Invoke(t.Context(), []byte(tellCall)); err == nil {
		t.Error("got no error of a call to tell without somebody who does")
	}
}

// queueFunc hands calls to a func.
type queueFunc func(watch.Call)

func (f queueFunc) Put(_ context.Context, calls []watch.Call) []error {
	for _, c := range calls {
		f(c)
	}
	return make([]error, len(calls))
}

func (queueFunc) Limits() watch.QueueLimits {
	return watch.QueueLimits{Calls: 10, Accounts: 100, Delay: true}
}

// TestWhatACoreHandsOutComesBack has the calls of a dispatch answered by the
// handler that they are for.
func TestWhatACoreHandsOutComesBack(t *testing.T) {
	var calls []watch.Call
	r := &watch.Runner{Store: new(memory.Store), Fanout: &watch.Fanout{Batch: 2, Queue: queueFunc(func(c watch.Call) { calls = append(calls, c) })}}
	for i := range 5 {
		r.Accounts = append(r.Accounts, watch.Account{ID: fmt.Sprint("a.", i), Policy: watch.DefaultPolicy(), Source: readable{}})
	}
	h := handlers.New(func(ctx context.Context, a []string) (*watch.Report, error) { return r.Run(ctx, a...) },
		&handlers.Options{Fleet: handlers.Fleet{Dispatch: r.Dispatch, Tell: r.TellSweep,
			Work: func(ctx context.Context, p watch.Part, a []string) (*watch.Report, error) {
				return r.Work(ctx, p, a...)
			}}})
	if _, err := h.Invoke(t.Context(), []byte(timer)); err != nil {
		t.Fatal(err)
	}
	checked := 0
	for _, c := range calls {
		if c.After > time.Minute {
			t.Errorf("the call %s waits for %s", c.Body, c.After)
		}
		if _, err := h.Invoke(t.Context(), c.Body); err != nil {
			t.Errorf("%s: %v", c.Body, err)
		}
	}
	records, err := r.Records(t.Context())
	for _, rec := range records {
		if rec.Believed.Status == watch.Normal {
			checked++
		}
	}
	if err != nil || len(calls) != 4 || checked != 5 {
		t.Errorf("%d calls checked %d accounts (%v), want 3 batches and one to tell for 5", len(calls), checked, err)
	}
}

type readable struct{}

func (readable) Read(context.Context) (watch.Reading, error) {
	return watch.Reading{Edition: watch.Edition{Status: watch.Normal}}, nil
}
