package functiontest

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// RuntimeAPI is Lambda's side of its runtime API, for one process:
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html. It answers
// one invocation at a time, as an execution environment does.
type RuntimeAPI struct {
	process *Process
	next    chan Invocation

	mu      sync.Mutex
	waiting map[string]chan Answer // by request id
}

// StartLambda starts the function under a runtime API of its own.
func StartLambda(t *testing.T, env ...string) *RuntimeAPI {
	t.Helper()
	return startLambda(t, func(host string) *Process {
		return Start(t, append(env, "AWS_LAMBDA_RUNTIME_API="+host)...)
	})
}

// StartLambdaFile does so with the function at path, as [StartFile] starts it.
func StartLambdaFile(t *testing.T, path string, env ...string) *RuntimeAPI {
	t.Helper()
	return startLambda(t, func(host string) *Process {
		return StartFile(t, path, append(env, "AWS_LAMBDA_RUNTIME_API="+host)...)
	})
}

func startLambda(t *testing.T, start func(host string) *Process) *RuntimeAPI {
	t.Helper()
	api := &RuntimeAPI{next: make(chan Invocation), waiting: map[string]chan Answer{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /2018-06-01/runtime/invocation/next", api.serveNext)
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/response", api.serveResponse)
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/error", api.serveError)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	api.process = start(strings.TrimPrefix(server.URL, "http://"))
	return api
}

// Process returns the function's process.
func (api *RuntimeAPI) Process() *Process { return api.process }

// Invoke hands the invocation to the process and waits for its answer. The
// environment of a Lambda function is the process's, so in.Env is of no use.
func (api *RuntimeAPI) Invoke(t *testing.T, in Invocation) Answer {
	t.Helper()
	answer := make(chan Answer, 1)
	api.mu.Lock()
	api.waiting[in.RequestID] = answer
	api.mu.Unlock()
	timeout := time.After(patience)
	for next := api.next; ; {
		select {
		case next <- in:
			next = nil
		case a := <-answer:
			return a
		case <-api.process.Done():
			t.Fatal("the function ended, want an answer")
		case <-timeout:
			t.Fatal("the function gave no answer")
		}
	}
}

func (api *RuntimeAPI) serveNext(w http.ResponseWriter, r *http.Request) {
	select {
	case in := <-api.next:
		h := w.Header()
		h.Set("Lambda-Runtime-Aws-Request-Id", in.RequestID)
		h.Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(in.Deadline.UnixMilli(), 10))
		h.Set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-1:123456789012:function:prowatch")
		io.WriteString(w, in.Event)
	case <-r.Context().Done():
	}
}

func (api *RuntimeAPI) serveResponse(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	api.finish(w, r, Answer{Payload: string(body)})
}

func (api *RuntimeAPI) serveError(w http.ResponseWriter, r *http.Request) {
	var a Answer
	if err := json.NewDecoder(r.Body).Decode(&a); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	api.finish(w, r, a)
}

func (api *RuntimeAPI) finish(w http.ResponseWriter, r *http.Request, a Answer) {
	api.mu.Lock()
	answer, ok := api.waiting[r.PathValue("id")]
	delete(api.waiting, r.PathValue("id"))
	api.mu.Unlock()
	if !ok {
		http.Error(w, "no such invocation", http.StatusNotFound)
		return
	}
	w.WriteHeader(http.StatusAccepted)
	answer <- a
}
