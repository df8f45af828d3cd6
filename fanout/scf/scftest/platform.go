// Package scftest stands in for the API of Tencent SCF as far as asynchronous
// invocations go: it verifies the signature by the documented rule
// (https://www.tencentcloud.com/document/product/583/33846), refuses what SCF
// refuses, and keeps what it accepted until the test takes it.
//
// It differs from SCF in that it repeats no invocation by itself, and knows one
// function.
package scftest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"
)

// maxEvent is what an asynchronous invocation takes, in bytes.
const maxEvent = 128 << 10

// A Platform is a [http.Handler] with one function. Its exported fields are set
// before the first request.
type Platform struct {
	SecretID, SecretKey, Token string
	Name, Namespace, Region    string

	// Refuse returns the code that the n-th request, from 0, is refused with; ""
	// to take it. nil takes all.
	Refuse func(n int) string

	mu       sync.Mutex
	requests int
	events   [][]byte
}

// request is the body of Invoke.
type request struct {
	FunctionName, Namespace, InvocationType, Qualifier string
	ClientContext                                      *string
}

// ServeHTTP answers Invoke, as SCF does with status 200 whatever it says.
func (p *Platform) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 10<<20))
	if err != nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.requests++
	id := fmt.Sprintf("%08d-0000-4000-8000-000000000000", p.requests)
	answer := map[string]any{"RequestId": id}
	if code, message := p.take(r, body); code != "" {
		answer["Error"] = map[string]string{"Code": code, "Message": message}
	} else {
		answer["Result"] = map[string]any{"FunctionRequestId": id, "InvokeResult": 0, "Log": "", "RetMsg": "", "ErrMsg": "", "Duration": 0, "BillDuration": 0, "MemUsage": 0}
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(map[string]any{"Response": answer})
}

// take takes an invocation, or returns why not.
func (p *Platform) take(r *http.Request, body []byte) (code, message string) {
	if code, message = p.verify(r, body, time.Now()); code != "" {
		return code, message
	}
	if p.Refuse != nil {
		if code = p.Refuse(p.requests - 1); code != "" {
			return code, "refused by the test"
		}
	}
	var in request
	switch err := json.Unmarshal(body, &in); {
	case err != nil:
		return "InvalidParameter", "the body is no JSON"
	case r.Header.Get("X-TC-Action") != "Invoke" || r.Header.Get("X-TC-Version") != "2018-04-16":
		return "InvalidAction", "the action is not Invoke of 2018-04-16"
	case r.Header.Get("X-TC-Region") != p.Region:
		return "ResourceNotFound.FunctionName", "no such function in " + r.Header.Get("X-TC-Region")
	case in.FunctionName != p.Name || in.Namespace != p.Namespace:
		return "ResourceNotFound.FunctionName", "no function " + in.Namespace + "/" + in.FunctionName
	case in.InvocationType != "Event":
		return "InvalidParameterValue.InvocationType", "the invocation is not asynchronous"
	case in.ClientContext == nil || !json.Valid([]byte(*in.ClientContext)):
		return "InvalidParameterValue.ClientContext", "ClientContext is no JSON"
	case len(*in.ClientContext) > maxEvent:
		return "InvalidParameter.Payload", "the event is over 128 KB"
	}
	p.events = append(p.events, []byte(*in.ClientContext))
	return "", ""
}

// Requests returns how many there were.
func (p *Platform) Requests() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.requests
}

// Take takes one of the n accepted events out, the one that choose(n) names, or
// returns false.
func (p *Platform) Take(choose func(n int) int) (event []byte, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.events) == 0 {
		return nil, false
	}
	i, last := choose(len(p.events)), len(p.events)-1
	event = p.events[i]
	p.events[i] = p.events[last]
	p.events = p.events[:last]
	return event, true
}

// Again gives an event back, to be delivered once more.
func (p *Platform) Again(event []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.events = append(p.events, event)
}
