package server

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
)

// InMemory returns a transport that hands requests to h without a network, so
// that a test may run on the clock of testing/synctest.
func InMemory(h http.Handler) http.RoundTripper {
	return roundTripper(func(req *http.Request) (*http.Response, error) {
		if err := req.Context().Err(); err != nil {
			return nil, err
		}
		in := req.Clone(req.Context()) // as a server sees it
		if in.Host == "" {
			in.Host = in.URL.Host
		}
		if in.Body == nil {
			in.Body = http.NoBody
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, in)
		resp := w.Result()
		resp.Request = req
		return resp, nil
	})
}

// Settled returns a transport whose requests go on until the server answers, even
// if their context ends: a test that gave up on a write, and looks at the record
// afterwards, must not be overtaken by it.
func Settled() http.RoundTripper {
	next := &http.Transport{MaxIdleConnsPerHost: 32}
	return roundTripper(func(req *http.Request) (*http.Response, error) {
		ctx := req.Context()
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		resp, err := next.RoundTrip(req.WithContext(context.WithoutCancel(ctx)))
		if err == nil && ctx.Err() != nil {
			resp.Body.Close()
			return nil, ctx.Err()
		}
		return resp, err
	})
}

// OneByOne returns a transport that sends a request once the one before it was
// answered: moto looks at a condition and writes in two steps, between which
// another of its threads may write, which the services that it stands for exclude.
func OneByOne(next http.RoundTripper) http.RoundTripper {
	var mu sync.Mutex
	return roundTripper(func(req *http.Request) (*http.Response, error) {
		mu.Lock()
		defer mu.Unlock()
		resp, err := next.RoundTrip(req)
		if err != nil {
			return nil, err
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		resp.Body = io.NopCloser(bytes.NewReader(body))
		return resp, err
	})
}

type roundTripper func(*http.Request) (*http.Response, error)

// RoundTrip implements [http.RoundTripper].
func (f roundTripper) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// A Fault is what becomes of one request that should go to next.
type Fault func(req *http.Request, next http.RoundTripper) (*http.Response, error)

var errReset = errors.New("connection reset by peer")

// Pass lets the request through.
func Pass(req *http.Request, next http.RoundTripper) (*http.Response, error) {
	return next.RoundTrip(req)
}

// Unsent loses the request.
func Unsent(*http.Request, http.RoundTripper) (*http.Response, error) { return nil, errReset }

// Lost loses the answer: the server did what it was asked to.
func Lost(req *http.Request, next http.RoundTripper) (*http.Response, error) {
	resp, err := next.RoundTrip(req)
	if err == nil {
		resp.Body.Close()
	}
	return nil, errors.Join(errReset, err)
}

// OnWrites returns a fault of requests that write, and lets the others through.
func OnWrites(fault Fault, writes func(*http.Request) bool) Fault {
	return func(req *http.Request, next http.RoundTripper) (*http.Response, error) {
		if writes(req) {
			return fault(req, next)
		}
		return Pass(req, next)
	}
}

// Hang answers nothing until the caller gives up.
func Hang(req *http.Request, _ http.RoundTripper) (*http.Response, error) {
	<-req.Context().Done()
	return nil, req.Context().Err()
}

// Answer answers in the server's place, which sees nothing of the request. The
// headers are "Name: value".
func Answer(status int, body string, headers ...string) Fault {
	return func(req *http.Request, _ http.RoundTripper) (*http.Response, error) {
		resp := &http.Response{
			StatusCode: status, Status: http.StatusText(status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
			Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)), Request: req,
		}
		for _, h := range headers {
			name, value, _ := strings.Cut(h, ": ")
			resp.Header.Set(name, value)
		}
		return resp, nil
	}
}

// Broken is a transport with faults, one for each request in their order; the
// last one is for all that come after, too. It must not be copied.
type Broken struct {
	Next   http.RoundTripper
	Faults []Fault

	mu       sync.Mutex
	requests int
}

// RoundTrip implements [http.RoundTripper].
func (b *Broken) RoundTrip(req *http.Request) (*http.Response, error) {
	b.mu.Lock()
	fault := b.Faults[min(b.requests, len(b.Faults)-1)]
	b.requests++
	b.mu.Unlock()
	return fault(req, b.Next)
}

// Requests returns how many requests came.
func (b *Broken) Requests() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.requests
}
