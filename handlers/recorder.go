package handlers

import (
	"fmt"
	"net/http"

	"prowatch/events"
)

// recorder is an [http.ResponseWriter] that keeps the response, as much of it
// as a platform takes.
type recorder struct {
	header   http.Header // the handler's, until it writes
	response events.Response
	fault    error
}

func (r *recorder) Header() http.Header { return r.header }

// WriteHeader keeps the first final status and the header as it is then. A
// status that is none is the handler's fault, for which net/http panics.
func (r *recorder) WriteHeader(status int) {
	switch {
	case status < 100 || status > 599:
		panic(fmt.Sprintf("invalid status %d", status))
	case status < 200 || r.response.Status != 0:
		return
	}
	r.response.Status, r.response.Header = status, r.header.Clone()
}

// Write returns [events.ErrTooLarge] for what is too much, which finish returns
// too.
func (r *recorder) Write(p []byte) (int, error) {
	r.WriteHeader(http.StatusOK)
	if len(r.response.Body)+len(p) > events.MaxAnswer {
		r.fault = events.ErrTooLarge
		return 0, r.fault
	}
	r.response.Body = append(r.response.Body, p...)
	return len(p), nil
}

// finish completes the response as net/http's server does.
func (r *recorder) finish() error {
	r.WriteHeader(http.StatusOK)
	if _, ok := r.response.Header["Content-Type"]; !ok && len(r.response.Body) > 0 && r.response.Header.Get("Content-Encoding") == "" {
		r.response.Header.Set("Content-Type", http.DetectContentType(r.response.Body))
	}
	return r.fault
}

// setRequestID leaves an id that the handler set.
func (r *recorder) setRequestID(id string) {
	if id != "" && r.response.Header.Get("X-Request-Id") == "" {
		r.response.Header.Set("X-Request-Id", id)
	}
}
