package events_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"prowatch/events"
)

var fired = time.Date(2026, 11, 23, 0, 17, 0, 0, time.UTC)

// part is the batch of a sweep in samples.
var part = &events.Part{Sweep: "20261123T001700.000-k3qz7w2m", Batch: 17, Of: 100}

// wantedSamples are the events in samples that are taken.
func wantedSamples() map[string]events.Event {
	want := map[string]events.Event{
		"scf-timer":          events.Tick{Source: events.SCFTimer, Time: fired, Name: "hourly"},
		"scf-timer-accounts": events.Tick{Source: events.SCFTimer, Time: fired, Name: "hourly-prod", Accounts: []string{"acme-prod"}},
		"eventbridge-rule": events.Tick{Source: events.AWSRule, Time: fired,
			Name: "arn:aws:events:us-east-1:123456789012:rule/prowatch-hourly"},
		"eventbridge-scheduler": events.Tick{Source: events.AWSScheduler, Time: fired,
			Name: "arn:aws:scheduler:us-east-1:123456789012:schedule/default/prowatch-hourly"},
		"scf-timer-tell":  events.Tick{Source: events.SCFTimer, Time: fired, Name: "tell", Tell: true},
		"direct-tell":     events.Tell{},
		"direct-sweep":    events.Direct{Accounts: []string{"acme-prod", "acme-test"}, Sweep: part},
		"direct":          events.Direct{},
		"direct-accounts": events.Direct{Accounts: []string{"acme-prod", "acme-test"}},
	}
	for name, r := range requests {
		want[name] = r
	}
	for name, b := range batches {
		want[name] = b
	}
	return want
}

// TestSamples decodes every file of samples; a file without a row is a fault.
func TestSamples(t *testing.T) {
	want := wantedSamples()
	refused := map[string]string{
		"aws-websocket":          "a WebSocket message of AWS API Gateway is not taken",
		"aws-authorizer-token":   "an authorizer's event is not taken",
		"aws-authorizer-request": "an authorizer's event is not taken",
		"aws-authorizer-v2":      "an authorizer's event is not taken",
		"aws-sns":                `an event with the keys "Records" is not known`,
	}
	files, err := filepath.Glob("samples/*")
	if err != nil || len(files) != len(want)+len(refused) {
		t.Errorf("samples holds %d files, got rows for %d (%v)", len(files), len(want)+len(refused), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		t.Run(name, func(t *testing.T) {
			payload, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if why, ok := refused[name]; ok {
				wantRefused(t, string(payload), why, "taken are a Tencent SCF timer")
				return
			}
			wantEvent(t, string(payload), want[name])
		})
	}
}

func TestTaken(t *testing.T) {
	for _, tt := range []struct {
		name, payload string
		want          events.Event
	}{
		{"a timer's plain text is a note", `{"Type":"Timer","Message":"every hour"}`, events.Tick{Source: events.SCFTimer}},
		{"a timer's call may name no account", `{"Type":"Timer","Message":" {\"action\":\"check\"} "}`, events.Tick{Source: events.SCFTimer}},
		{"a time of another form does not stop a run", `{"Type":"Timer","Time":"yesterday"}`, events.Tick{Source: events.SCFTimer}},
		{"a time in another zone is kept in UTC", `{"Type":"Timer","Time":"2026-11-23T08:17:00+08:00"}`, events.Tick{Source: events.SCFTimer, Time: fired}},
		{"a rule without resources", `{"detail-type":"Scheduled Event","source":"aws.events"}`, events.Tick{Source: events.AWSRule}},
		{"a resource that is no text", `{"detail-type":"Scheduled Event","source":"aws.events","resources":[{}]}`, events.Tick{Source: events.AWSRule}},
		{"null accounts are all", `{"action":"check","accounts":null}`, events.Direct{}},
		{"an account named twice is one", `{"action":"check","accounts":["b","a","b"]}`, events.Direct{Accounts: []string{"b", "a"}}},
		{"white space around", " \r\n{\"action\":\"check\"}\n", events.Direct{}},
		{"the longest account id", `{"action":"check","accounts":["` + strings.Repeat("a", 64) + `"]}`, events.Direct{Accounts: []string{strings.Repeat("a", 64)}}},
	} {
		t.Run(tt.name, func(t *testing.T) { wantEvent(t, tt.payload, tt.want) })
	}
}

func TestRefused(t *testing.T) {
	for _, tt := range []struct{ name, payload, want string }{
		{"nothing", ``, "the event is no JSON object; taken are"},
		{"null", `null`, "is no JSON object"},
		{"a tell of some accounts", `{"action":"tell","accounts":["a"]}`, `a direct call has no key "accounts"`},
		{"an action in other letters", `{"action":"Tell"}`, `the action of a direct call is none of "check", "tell" (did you mean "tell"?)`},
		{"a sweep over all", `{"action":"check","sweep":{"id":"x","batch":0,"of":1}}`, "sweep is given without accounts"},
		{"a sweep of no batch", `{"action":"check","accounts":["a"],"sweep":{"id":"x","of":1}}`, "sweep is no batch of one"},
		{"a batch past the last", `{"action":"check","accounts":["a"],"sweep":{"id":"x","batch":1,"of":1}}`, "sweep is no batch of one"},
		{"a sweep with another key", `{"action":"check","accounts":["a"],"sweep":{"id":"x","batch":0,"of":1,"x":1}}`, "sweep is no batch of one"},
		{"an array", `[{"action":"check"}]`, "is no JSON object"},
		{"a call inside a string", `"{\"action\":\"check\"}"`, "is no JSON object"},
		{"broken JSON", `{"action":"check"`, "is broken JSON after byte"},
		{"a comma too many", `{"action":"check",}`, "is broken JSON after byte"},
		{"two events", `{"action":"check"}{"action":"check"}`, "has something after its end"},
		{"a key twice", `{"action":"check","accounts":["a"],"accounts":["b"]}`, `has the key "accounts" twice`},
		{"no key", `{}`, "an event with no key at all is not known; taken are"},
		{"an unknown event", `{"version":"0","detail-type":"EC2 Instance","detail":{}}`, `the keys "version", "detail-type", "detail" is not known`},
		{"a misspelt action key", `{"Acton":"check"}`, `is not known (did you mean "action"?); taken are`},
		{"a schedule of another source", `{"detail-type":"Scheduled Event","source":"acme"}`, "from a source other than"},
		{"an unknown action", `{"action":"delete"}`, `the action of a direct call is none of "check"`},
		{"a misspelt action", `{"action":"Chekc"}`, `none of "check", "tell" (did you mean "check"?)`},
		{"an action that is no text", `{"action":["check"]}`, `none of "check"`},
		{"an unknown key in a call", `{"action":"check","verbose":true}`, `has no key "verbose"`},
		{"a misspelt key in a call", `{"action":"check","acounts":["a"]}`, `has no key "acounts" (did you mean "accounts"?)`},
		{"accounts as one text", `{"action":"check","accounts":"a"}`, "accounts is no list"},
		{"accounts as numbers", `{"action":"check","accounts":[1]}`, "accounts[0] is no account id"},
		{"no account in the list", `{"action":"check","accounts":[]}`, "accounts is empty"},
		{"a path for an account", `{"action":"check","accounts":["a","../b"]}`, "accounts[1] is no account id"},
		{"an empty account", `{"action":"check","accounts":[""]}`, "accounts[0] is no account id"},
		{"a long account", `{"action":"check","accounts":["` + strings.Repeat("a", 65) + `"]}`, "accounts[0] is no account id"},
		{"a timer with a broken call", `{"Type":"Timer","Message":"{\"action\""}`, "the timer's Message begins as JSON but is broken JSON"},
		{"a timer with a wrong call", `{"Type":"Timer","Message":"{\"action\":\"chek\"}"}`, `the timer's Message: the action of a direct call is none of "check", "tell" (did you mean`},
		{"Tencent's key in AWS's case", `{"type":"Timer"}`, "is not known"},
	} {
		t.Run(tt.name, func(t *testing.T) { wantRefused(t, tt.payload, tt.want) })
	}
}

func TestAnErrorQuotesNoValue(t *testing.T) {
	const secret = "hunter2"
	for _, payload := range []string{
		`{"token":"hunter2","password":{"hunter2":["hunter2"]}}`,
		`{"token":"hunter2",hunter2}`,
		`{"token":"hunter2"`,
		`{"token":"hunter2"}hunter2`,
		`hunter2`,
		`"hunter2"`,
		`{"action":"hunter2"}`,
		`{"action":"check","accounts":"hunter2"}`,
		`{"action":"check","accounts":["hunter2!"]}`,
		`{"action":"check","token":"hunter2"}`,
		`{"Type":"Timer","Message":"{hunter2"}`,
		`{"Type":"Timer","Message":"{\"action\":\"hunter2\"}"}`,
		`{"type":"TOKEN","authorizationToken":"hunter2","methodArn":"hunter2"}`,
		`{"httpMethod":"hunter2","headers":{"authorization":"hunter2"},"body":"hunter2"}`,
		`{"Records":[{"eventSource":"aws:sqs","body":"hunter2"}]}`,
		`{"Records":[{"eventSource":"hunter2"}]}`,
		`{"httpMethod":"GET","path":"/hunter2","headers":{"hunter2":["hunter2",{}]}}`,
		`{"httpMethod":"GET","path":"/hunter2","headers":{"hunter2 ":"hunter2"}}`,
		`{"httpMethod":"GET","path":"/hunter2","headers":{"a":"hunter2\r\nhunter2"}}`,
		`{"httpMethod":"GET","path":"/hunter2","body":"hunter2!","isBase64Encoded":true}`,
		`{"httpMethod":"GET","path":"/hunter2","queryString":{"hunter2":{"hunter2":1}}}`,
		`{"detail-type":"Scheduled Event","source":"hunter2"}`,
	} {
		_, err := events.Decode([]byte(payload))
		if err == nil || strings.Contains(err.Error(), secret) {
			t.Errorf("Decode(%s)\ngot error %v\nwant one without %q", payload, err, secret)
		}
	}
}

func TestAnEventIsBounded(t *testing.T) {
	wantRefused(t, `{"a":"`+strings.Repeat("x", 8<<20)+`"}`, "the event is over 8388608 bytes")

	controls := strings.Repeat(`\u0001`, 40)
	long := "{"
	for i := range 12 {
		long += `"` + string(rune('a'+i)) + controls + `":1,`
	}
	_, err := events.Decode([]byte(long[:len(long)-1] + "}"))
	if err == nil || len(err.Error()) > 2<<10 {
		t.Errorf("got an error of %d bytes, want at most 2 KiB", len(err.Error()))
	}

	var keys string
	for i := range 65 {
		keys += `"` + strings.Repeat("k", i+1) + `":1,`
	}
	wantRefused(t, "{"+keys[:len(keys)-1]+"}", "has more than 64 keys")
	wantRefused(t, `{"`+strings.Repeat("k", 100)+`":1}`, `"`+strings.Repeat("k", 32)+`"… is not known`)
	wantRefused(t, `{"a":1,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1,"h":1,"i":1,"j":1,"k":1,"l":1,"m":1,"n":1}`, `"j" and 4 more is not known`)
}

func wantEvent(t *testing.T, payload string, want events.Event) {
	t.Helper()
	got, err := events.Decode([]byte(payload))
	if err != nil {
		t.Fatalf("Decode(%s): %v", payload, err)
	}
	if b, ok := got.(events.Batch); ok {
		takeFaults(t, b)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Decode(%s) -want +got:\n%s", payload, diff)
	}
}

// takeFaults holds the faults of the messages against those wanted, and removes
// them.
func takeFaults(t *testing.T, b events.Batch) {
	t.Helper()
	for i, m := range b.Messages {
		got := ""
		if m.Err != nil {
			got = m.Err.Error()
		}
		if got != faults[m.ID] {
			t.Errorf("message %s: got %q, want %q", m.ID, got, faults[m.ID])
		}
		b.Messages[i].Err = nil
	}
}

// wantRefused wants an error with every one of parts.
func wantRefused(t *testing.T, payload string, parts ...string) {
	t.Helper()
	got, err := events.Decode([]byte(payload))
	var refused *events.DecodeError
	if !errors.As(err, &refused) || got != nil {
		t.Fatalf("Decode(%.200s)\ngot %v, %v\nwant a DecodeError", payload, got, err)
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("Decode(%.200s)\n got %v\nwant %s", payload, err, part)
		}
	}
}
