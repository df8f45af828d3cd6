package serve

import (
	"io"
	"log"
	"net/http"
	"runtime"
	"time"

	"go.uber.org/zap"
)

// The bounds of one request.
const (
	headerTime = 10 * time.Second
	bodyTime   = 30 * time.Second
	answerTime = 30 * time.Second
	idleTime   = 2 * time.Minute
	maxHeader  = 32 << 10 // bytes
	maxBody    = 64 << 10 // bytes
)

// newServer returns a server of whatever handler is the current one.
func newServer(log *zap.Logger, current func() http.Handler) *http.Server {
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { current().ServeHTTP(w, r) })
	return &http.Server{
		Handler:           http.MaxBytesHandler(recovered(log, patient(h)), maxBody),
		ReadHeaderTimeout: headerTime, ReadTimeout: bodyTime, WriteTimeout: answerTime, IdleTimeout: idleTime,
		MaxHeaderBytes: maxHeader, ErrorLog: discard,
	}
}

// discard takes what net/http says, which quotes what callers send.
var discard = log.New(io.Discard, "", 0)

// patient gives requests that change something the time of a run.
func patient(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(longestRun + answerTime))
		}
		h.ServeHTTP(w, r)
	})
}

// recovered logs a panic of the handler, without its value, which may hold a
// secret, and cuts the connection.
func recovered(log *zap.Logger, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			v := recover()
			if v == nil {
				return
			}
			if v != http.ErrAbortHandler {
				fields := []zap.Field{zap.String("method", r.Method), zap.Stack("stack")}
				if err, ok := v.(runtime.Error); ok {
					fields = append(fields, zap.Error(err))
				}
				log.Error("the HTTP handler panicked", fields...)
			}
			panic(http.ErrAbortHandler)
		}()
		h.ServeHTTP(w, r)
	})
}
