package httpapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"go.uber.org/zap"

	"prowatch/watch"
)

// A fault is an error that the caller is told of, as a problem document.
type fault struct {
	status int
	detail string
	header http.Header
	counts *watch.Counts // of a run that could do nothing
}

// Error writes the fault for the log.
func (f *fault) Error() string { return fmt.Sprintf("%d: %s", f.status, f.detail) }

// faultf makes a fault whose detail says what is wrong and how to mend it.
func faultf(status int, format string, args ...any) *fault {
	return &fault{status: status, detail: fmt.Sprintf(format, args...)}
}

// problem is a problem document, RFC 9457.
type problem struct {
	Type      string        `json:"type"`
	Title     string        `json:"title"`
	Status    int           `json:"status"`
	Detail    string        `json:"detail"`
	RequestID string        `json:"request_id"`
	Counts    *watch.Counts `json:"counts,omitempty"`
}

// fail answers with the error. One that is no fault is the log's alone.
func (c *call) fail(w http.ResponseWriter, err error) {
	var f *fault
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &f):
	case errors.As(err, &tooLarge):
		f = faultf(http.StatusRequestEntityTooLarge, "the body is larger than %d bytes", tooLarge.Limit)
	case c.Context().Err() != nil:
		f = faultf(http.StatusServiceUnavailable, "the request was given up before its answer")
	default:
		c.Logger.Error("request failed", zap.String("request_id", c.id), zap.String("path", c.shownPath()), zap.Error(err))
		f = faultf(http.StatusServiceUnavailable, "it could not be done now; the log has more, under this request id")
	}
	body, err := json.Marshal(problem{Type: "about:blank", Title: http.StatusText(f.status), Status: f.status, Detail: f.detail, RequestID: c.id, Counts: f.counts})
	if err != nil {
		body = nil // of texts and numbers: it has no error
	}
	for name, values := range f.header {
		w.Header()[name] = values
	}
	h := w.Header()
	h.Del("ETag")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", csp)
	h.Set("Content-Type", "application/problem+json")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(f.status)
	w.Write(body)
}

// shownPath is the path for the log.
func (c *call) shownPath() string { return c.URL.Path[:min(len(c.URL.Path), 256)] }

// typeName names what a panic's value is.
func typeName(v any) string { return fmt.Sprintf("%T", v) }

// faultsIn returns the errors that are joined in err.
func faultsIn(err error) []error {
	joined, ok := err.(interface{ Unwrap() []error })
	switch {
	case err == nil:
		return nil
	case !ok:
		return []error{err}
	}
	var all []error
	for _, e := range joined.Unwrap() {
		all = append(all, faultsIn(e)...)
	}
	return all
}
