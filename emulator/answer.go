package emulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// refusal is an error answer: a text and what fills its blanks.
type refusal struct {
	text  text
	pairs []string
}

// refuse returns a refusal. pairs are blank, value, blank, value.
func refuse(t text, pairs ...string) *refusal {
	return &refusal{text: t, pairs: pairs}
}

// answer is what will be written for one call.
type answer struct {
	status        int
	body          []byte
	envelope      bool          // the body is one
	code, message string        // of an error envelope
	delay         time.Duration // to wait first
	drop          bool          // to close the connection instead
	cut           bool          // to close it in the middle of the body
	fault         string        // the fault that made it, in words
}

// fields are the members of a Response.
type fields map[string]any

// respond returns the envelope around f.
func (c *call) respond(f fields) answer {
	f["RequestId"] = c.requestID
	return answer{status: http.StatusOK, body: encode(map[string]fields{"Response": f}), envelope: true}
}

// refused returns the envelope of an error.
func (c *call) refused(r *refusal) answer {
	message := r.text.message(c.lang, append(r.pairs, c.blanks()...)...)
	return c.failed(r.text.code, message)
}

// failed returns the envelope of an error whose message is known.
func (c *call) failed(code, message string) answer {
	a := c.respond(fields{"Error": struct{ Code, Message string }{code, message}})
	a.code, a.message = code, message
	return a
}

// blanks are what the call itself can put into a text. They come after those
// of the refusal, so that they fill only what it left open.
func (c *call) blanks() []string {
	return []string{
		"{request_id}", c.requestID, "{service}", c.service().name, "{action}", c.action,
		"{version}", c.version, "{resource}", "*", "{parameter}", "Action", "{part}", "`Signature`",
		"{times}", strconv.Itoa(DefaultRate + 1), "{limit}", strconv.Itoa(DefaultRate),
		"{max}", strconv.Itoa(maxTC3Body), "{size}", strconv.Itoa(maxTC3Body + 1),
	}
}

// write sends the answer, or closes the connection before or in the middle of
// it.
func (a answer) write(w http.ResponseWriter) {
	if a.drop {
		hangUp(w)
		return
	}
	w.Header().Set("Content-Type", a.contentType())
	w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	w.WriteHeader(a.status)
	if a.cut {
		_, _ = w.Write(a.body[:len(a.body)/2])
		_ = http.NewResponseController(w).Flush() // Or the header would wait in vain for the rest.
		panic(http.ErrAbortHandler)               // It closes the connection there.
	}
	_, _ = w.Write(a.body) // The client may have left; there is no one to tell.
}

// wait waits for d and reports whether the client waited too.
func wait(r *http.Request, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-r.Context().Done():
		return false
	}
}

// hangUp closes the connection without a byte of an answer.
func hangUp(w http.ResponseWriter) {
	if h, ok := w.(http.Hijacker); ok {
		if conn, _, err := h.Hijack(); err == nil {
			_ = conn.Close()
			return
		}
	}
	panic(http.ErrAbortHandler) // The server's own word for it, on HTTP/2 too.
}

// contentType is JSON, as the service says, unless a fault put something else
// into the body.
func (a answer) contentType() string {
	switch b := bytes.TrimSpace(a.body); {
	case a.envelope:
		return "application/json"
	case bytes.HasPrefix(b, []byte("<")):
		return "text/html; charset=utf-8"
	case len(b) == 0 || json.Valid(b):
		return "application/json"
	}
	return "text/plain; charset=utf-8"
}

// encode returns v as JSON with < and > left as they are, as the service does.
func encode(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		// Editions are checked when they are set, all else is plain structs.
		panic(fmt.Sprintf("emulator: encoding an answer: %v", err))
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}
