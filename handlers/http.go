package handlers

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"

	"go.uber.org/zap"

	"prowatch/events"
)

// maxLoggedPath bounds a path in the log, in bytes.
const maxLoggedPath = 256

// serve answers an HTTP request and logs it. A fault of the handler is an
// answer too, 500: to an error the gateways answer with one of their own.
func (h *Handler) serve(ctx context.Context, e *events.Request, log *zap.Logger) ([]byte, error) {
	id := RequestID(ctx)
	if id == "" {
		id = e.ID
	}
	h.cutBase(e)
	rec := &recorder{header: http.Header{}}
	ctx = context.WithValue(WithRequestID(ctx, id), prefixKey{}, e.Prefix)
	err := h.guardedServe(rec, httpRequest(ctx, e))
	var answer []byte
	if err == nil {
		rec.setRequestID(id)
		answer, err = e.Answer(&rec.response)
	}
	status := rec.response.Status
	var broken error
	if err != nil {
		status = http.StatusInternalServerError
		answer, broken = e.Answer(problem(status, reason(err), id))
	}
	logRequest(log, e, status, len(answer), err)
	return answer, broken
}

type prefixKey struct{}

// Prefix returns what the caller of an event's HTTP request has before the path
// in the URL, "" for nothing; ok says that the request came in an event at all.
func Prefix(ctx context.Context) (prefix string, ok bool) {
	prefix, ok = ctx.Value(prefixKey{}).(string)
	return prefix, ok
}

// cutBase takes the base path off a path that still has it.
func (h *Handler) cutBase(e *events.Request) {
	base := strings.TrimSuffix(h.opts.BasePath, "/")
	if base == "" || e.Prefix != "" || !strings.HasPrefix(e.Path+"/", base+"/") {
		return
	}
	e.Prefix, e.Path = base, strings.TrimPrefix(e.Path, base)
	if e.Path == "" {
		e.Path = "/"
	}
}

func (h *Handler) guardedServe(rec *recorder, r *http.Request) (err error) {
	defer guard("the HTTP handler", &err)
	h.opts.HTTP.ServeHTTP(rec, r)
	return rec.finish()
}

// httpRequest returns the request as net/http's server would hand it on.
func httpRequest(ctx context.Context, e *events.Request) *http.Request {
	u := &url.URL{Path: e.Path, RawQuery: e.Query.Encode()}
	r := &http.Request{
		Method:        e.Method,
		URL:           u,
		RequestURI:    u.RequestURI(),
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        e.Header,
		Host:          e.Host,
		Body:          io.NopCloser(bytes.NewReader(e.Body)),
		ContentLength: int64(len(e.Body)),
	}
	if e.SourceIP != "" {
		r.RemoteAddr = net.JoinHostPort(e.SourceIP, "0")
	}
	set := func(name, value string) {
		if r.Header.Del(name); value != "" {
			r.Header.Set(name, value)
		}
	}
	set("X-Request-Id", RequestID(ctx))
	set("X-Forwarded-Prefix", e.Prefix)
	return r.WithContext(ctx)
}

func logRequest(log *zap.Logger, e *events.Request, status, size int, err error) {
	fields := []zap.Field{
		zap.String("source", e.Source),
		zap.String("method", e.Method),
		zap.String("path", e.Path[:min(len(e.Path), maxLoggedPath)]),
		zap.Int("status", status),
		zap.Int("bytes", size),
	}
	if e.ID != "" {
		fields = append(fields, zap.String("gateway_request_id", e.ID))
	}
	level := zap.InfoLevel
	if status >= http.StatusInternalServerError {
		level = zap.ErrorLevel
	}
	if err != nil {
		fields = append(fields, errorFields(err)...)
	}
	log.Log(level, "request", fields...)
}

// reason says to the caller why there is no answer, which for a panic is the
// log's alone.
func reason(err error) string {
	if errors.Is(err, events.ErrTooLarge) {
		return "the answer is larger than the platform takes: ask for less"
	}
	return "the log has more, under this request id"
}

func notEnabled(w http.ResponseWriter, r *http.Request) {
	p := problem(http.StatusNotFound, "the HTTP API is not enabled", RequestID(r.Context()))
	w.Header().Set("Content-Type", p.Header.Get("Content-Type"))
	w.WriteHeader(p.Status)
	w.Write(p.Body)
}

// problem is an answer of RFC 9457.
func problem(status int, detail, id string) *events.Response {
	body, _ := json.Marshal(struct { // of texts and a number: it has no error
		Title     string `json:"title"`
		Status    int    `json:"status"`
		Detail    string `json:"detail"`
		RequestID string `json:"request_id,omitempty"`
	}{http.StatusText(status), status, detail, id})
	header := http.Header{"Content-Type": {"application/problem+json"}, "Cache-Control": {"no-store"}}
	if id != "" {
		header.Set("X-Request-Id", id)
	}
	return &events.Response{Status: status, Header: header, Body: body}
}
