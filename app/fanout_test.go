package app

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"go.uber.org/zap"

	"prowatch/config"
	"prowatch/store/memory"
	"prowatch/watch"
)

// stuck is a queue that brings nothing to anybody.
type stuck struct{}

func (stuck) Put(_ context.Context, calls []watch.Call) []error { return make([]error, len(calls)) }
func (stuck) Limits() watch.QueueLimits                         { return watch.QueueLimits{Calls: 1, Accounts: 1000} }

// withQueue assembles an app with such a queue in its settings.
func withQueue(t *testing.T, queue string, queues Queues) (*App, error) {
	t.Helper()
	config := "accounts: [{id: a, secret_id: AKIDx, secret_key: y}]\nchannels: {out: {type: stdout}}\nfanout: {queue: '" + queue + "', batch: 50}\n"
	return New(t.Context(), Options{
		LookupEnv: func(name string) (string, bool) { return config, name == "PROWATCH_CONFIG" },
		ReadFile:  os.ReadFile, State: "memory:", Stdout: io.Discard, Queues: queues,
		Stores: Stores{"memory": func(context.Context, string, Use) (watch.Store, error) { return new(memory.Store), nil }},
	})
}

func TestAQueueIsOfAKindThatIsLinked(t *testing.T) {
	opened := ""
	linked := Queues{"sqs": func(_ context.Context, queue string) (watch.Queue, error) {
		opened = queue
		return stuck{}, nil
	}}
	for _, tt := range []struct {
		queue  string
		queues Queues
		opened string
		want   string // of the error
	}{
		{"sqs:https://sqs.eu-central-1.amazonaws.com/1/q", linked, "sqs:https://sqs.eu-central-1.amazonaws.com/1/q", ""},
		{"https://sqs.eu-central-1.amazonaws.com/1/q", linked, "https://sqs.eu-central-1.amazonaws.com/1/q", ""},
		{"scf:self", linked, "", "fanout.queue is of the kind scf, which this build has not: use one of sqs, or the build for the other cloud"},
		{"kafka:topic", linked, "", "fanout.queue is of no kind that is known: write sqs:URL"},
		{"sqs", linked, "", "fanout.queue is of no kind"},
		{"scf:self", nil, "", ""}, // who hands nothing out needs no queue
	} {
		opened = ""
		a, err := withQueue(t, tt.queue, tt.queues)
		if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) || opened != tt.opened {
			t.Errorf("%s: got %v and opened %q, want %q and %q", tt.queue, err, opened, tt.want, tt.opened)
			continue
		}
		if err == nil && (a.Fleet().Dispatch != nil) != (tt.opened != "") {
			t.Errorf("%s: a run over all accounts is handed out: %t", tt.queue, a.Fleet().Dispatch != nil)
		}
	}
}

// TestAFleetsCheckByHTTPIsHandedOut asks as the page and programs do: one request
// has not the time to check a fleet.
func TestAFleetsCheckByHTTPIsHandedOut(t *testing.T) {
	a, err := withQueue(t, "scf:self", Queues{"scf": func(context.Context, string) (watch.Queue, error) { return stuck{}, nil }})
	if err != nil {
		t.Fatal(err)
	}
	a.Settings.HTTP.Tokens = []config.Token{{Token: "canary-0123456789", Scope: "operate"}}
	h := a.HTTP(zap.NewNop(), nil)
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/api/v1/check", nil)
	r.Header.Set("Authorization", "Bearer canary-0123456789")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"handed_out":1`) {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
}

func TestAQueueOfNoKindIsAFaultOfTheSettings(t *testing.T) {
	a, err := withQueue(t, "kafka:topic", nil)
	if err != nil {
		t.Fatal(err)
	}
	faults := Faults(a.Settings, Options{Stdout: io.Discard})
	if len(faults) != 1 || !strings.Contains(faults[0].Error(), "fanout.queue is of no kind that is known") {
		t.Errorf("got %v", faults)
	}
}

// TestAsManyConnectionsAreKeptAsThereAreChecks guards what a fleet's time comes
// down to: a handshake for each check.
func TestAsManyConnectionsAreKeptAsThereAreChecks(t *testing.T) {
	a, err := withQueue(t, "scf:self", nil)
	if err != nil {
		t.Fatal(err)
	}
	a.Settings.Concurrency = 256
	got, err := transport(a.Settings, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if tr, ok := got.(*http.Transport); !ok || tr.MaxIdleConnsPerHost != 256 || tr.MaxIdleConns < 256 {
		t.Errorf("the transport is %+v, want 256 connections to a host kept", got)
	}
}
