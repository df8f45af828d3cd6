package functiontest

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

// An Instance is a started function and its cloud's side of the talk.
type Instance interface {
	// Invoke hands over one invocation and returns what the cloud got back. It
	// fails the test when there is no answer.
	Invoke(t *testing.T, in Invocation) Answer

	// Process returns the function's process.
	Process() *Process
}

// An Invocation is what a cloud hands to a function.
type Invocation struct {
	Event     string
	RequestID string
	Deadline  time.Time
	Env       map[string]string // set for this invocation, where the cloud does so
}

// An Answer is what a cloud got back: a payload, or an error.
type Answer struct {
	Payload      string `json:"-"`
	ErrorType    string `json:"errorType"`
	ErrorMessage string `json:"errorMessage"`
}

// Run runs the suite. It calls start once for each subtest, to have a function
// that serves [Function] with [SettingEnv] set.
func Run(t *testing.T, start func(t *testing.T) Instance) {
	for _, tt := range []struct {
		name string
		fn   func(t *testing.T, in Instance)
	}{
		{"EverySampleHasItsAnswer", testSamples},
		{"AnErrorHasItsTypeAndMessage", testErrors},
		{"ThePanickingProcessLivesOn", testPanic},
		{"TheDeadlineIsInTheContext", testDeadline},
		{"AnInvocationWritesOneLineToTheLog", testLog},
		{"AThousandEventsLeakNothing", testLeaks},
	} {
		t.Run(tt.name, func(t *testing.T) { tt.fn(t, start(t)) })
	}
}

// reserve is what the handlers keep of a minute or an hour for their answer.
const reserve = 500 * time.Millisecond

// Call returns an invocation with a direct call for the account, and a minute
// of time.
func Call(account string) Invocation {
	return invocation(fmt.Sprintf(`{"action":"check","accounts":[%q]}`, account))
}

func invocation(event string) Invocation {
	return Invocation{Event: event, RequestID: "req-1", Deadline: time.Now().Add(time.Minute)}
}

func testErrors(t *testing.T, in Instance) {
	for _, tt := range []struct{ event, typ, message string }{
		{Call(Tell).Event, "RunError", "running: setting "},
		{`{}`, "DecodeError", "decoding event: "},
	} {
		got := in.Invoke(t, invocation(tt.event))
		if got.Payload != "" || got.ErrorType != tt.typ || !strings.HasPrefix(got.ErrorMessage, tt.message) {
			t.Errorf("%s\n got %+v\nwant %s: %s…", tt.event, got, tt.typ, tt.message)
		}
	}
}

func testPanic(t *testing.T, in Instance) {
	_, before, _ := strings.Cut(in.Invoke(t, Call(Tell)).ErrorMessage, ", process ")
	got := in.Invoke(t, Call(Panic))
	if got.ErrorType != "PanicError" || got.ErrorMessage != "the run panicked with a value of type string" {
		t.Errorf("got %+v, want a PanicError", got)
	}
	got = in.Invoke(t, invocation(urlEvent("/panic")))
	if !strings.HasPrefix(got.Payload, `{"statusCode":500,`) || strings.Contains(got.Payload, Secret) {
		t.Errorf("got %+v for a panic over HTTP, want the answer 500", got)
	}
	_, after, _ := strings.Cut(in.Invoke(t, Call(Tell)).ErrorMessage, ", process ")
	if before == "" || before != after {
		t.Errorf("got process %q before and %q after the panic, want the same", before, after)
	}
	if log := strings.Join(in.Process().waitFor(t, "the HTTP handler panicked"), "\n"); strings.Contains(log, Secret) {
		t.Error("got the value of the panic in the log, want it without")
	}
}

// testDeadline wants the platform's deadline, less the reserve.
func testDeadline(t *testing.T, in Instance) {
	for _, left := range []time.Duration{time.Minute, time.Hour} {
		call := Call(Tell)
		call.Deadline = time.Now().Add(left).Truncate(time.Millisecond)
		want := ", deadline " + call.Deadline.Add(-reserve).UTC().Format(time.RFC3339Nano) + ", ctx <nil>,"
		if got := in.Invoke(t, call).ErrorMessage; !strings.Contains(got, want) {
			t.Errorf("got %s\nwant …%s…", got, want)
		}
	}
}

// testLog invokes twice, for a second line of the first would come before the
// line of the second.
func testLog(t *testing.T, in Instance) {
	for _, id := range []string{"req-1", "req-2"} {
		call := invocation(`{"Type":"Timer","TriggerName":"hourly"}`)
		call.RequestID = id
		in.Invoke(t, call)
	}
	lines := in.Process().waitFor(t, "req-2")
	if len(lines) != 2 {
		t.Fatalf("got %d lines of two invocations, want 2", len(lines))
	}
	for i, id := range []string{"req-1", "req-2"} {
		got := map[string]any{}
		if err := json.Unmarshal([]byte(lines[i]), &got); err != nil {
			t.Fatalf("got the line %q, want JSON: %v", lines[i], err)
		}
		for key, want := range map[string]any{
			"request_id": id, "source": "scf.timer", "trigger": "hourly", "level": "WARN", "message": "run", "checked": 1.0,
		} {
			if got[key] != want {
				t.Errorf("got %s %v in the log, want %v", key, got[key], want)
			}
		}
	}
}

// Settings are what main needs to watch one account of the API at endpoint,
// tell a channel of which nothing leaves the machine, and remember it in dir.
func Settings(endpoint, secretID, secretKey, dir string) map[string]string {
	return map[string]string{
		"PROWATCH_ENDPOINT":     endpoint,
		"PROWATCH_SECRET_ID":    secretID,
		"PROWATCH_SECRET_KEY":   secretKey,
		"PROWATCH_CHANNEL_TYPE": "stdout",
		"PROWATCH_STATE":        "file:" + dir,
	}
}

// RunMain runs main, in a function started with [MainEnv], through the life of
// a licence that ended long ago; isolate lets it lapse. env is what each invocation sets.
func RunMain(t *testing.T, in Instance, env map[string]string, isolate func()) {
	for _, step := range []struct {
		name string
		do   func()
		want string
	}{
		{"the first run tells the baseline and its past end", func() {}, `{"accounts":1,"checked":1,"failed":0,"skipped":0,"notices":2,"sent":2,"pending":0}`},
		{"the second has nothing to tell", func() {}, `{"accounts":1,"checked":1,"failed":0,"skipped":0,"notices":0,"sent":0,"pending":0}`},
		{"the change is told", isolate, `{"accounts":1,"checked":1,"failed":0,"skipped":0,"notices":1,"sent":1,"pending":0}`},
	} {
		step.do()
		tick := invocation(`{"Type":"Timer","TriggerName":"hourly","Time":"2026-11-23T00:17:00Z","Message":""}`)
		tick.Env = env
		if got := in.Invoke(t, tick); got.Payload != step.want {
			t.Errorf("%s: got %+v\nwant %s", step.name, got, step.want)
		}
	}
	for _, tt := range []struct{ path, want string }{
		{"/healthz", `{"statusCode":200,`}, {"/", `{"statusCode":403,`}, // no token is configured
	} {
		ask := invocation(urlEvent(tt.path))
		ask.Env = env
		if got := in.Invoke(t, ask); !strings.HasPrefix(got.Payload, tt.want) {
			t.Errorf("GET %s: got %+v, want %s…", tt.path, got, tt.want)
		}
	}
	in.Process().waitFor(t, "state file: is lost with this instance")
}
