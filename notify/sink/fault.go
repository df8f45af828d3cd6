package sink

import (
	"fmt"
	"io"
	"maps"
	"net/http"
)

// A Fault is how a sink answers instead of the vendor.
type Fault struct {
	// Times is how many requests get it, from 1; 0 counts as 1.
	Times int

	// Taken says that the message is taken all the same, if the vendor would.
	Taken bool

	// Hang waits until the client leaves; Drop closes the connection without an
	// answer, Cut in the midst of one. Otherwise the answer is as below.
	Hang, Drop, Cut bool

	Status int // 0 is 200
	Header http.Header
	Body   string

	// Echo adds all of the request to Body, as a debugging proxy might.
	Echo bool
}

// Fail lets the next requests get the faults, in order.
func (s *Sink) Fail(faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, faults...)
}

// nextFault takes one request off the faults.
func (s *Sink) nextFault() (Fault, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests++
	if len(s.faults) == 0 {
		return Fault{}, false
	}
	f := s.faults[0]
	if s.faults[0].Times--; s.faults[0].Times <= 0 {
		s.faults = s.faults[1:]
	}
	return f, true
}

// serve answers the request; its body was read before.
func (f Fault) serve(w http.ResponseWriter, r *http.Request, body []byte) {
	switch {
	case f.Hang:
		<-r.Context().Done()
		return
	case f.Drop:
		panic(http.ErrAbortHandler)
	}
	text := f.Body
	if f.Echo {
		text += fmt.Sprintf(" %s http://%s%s %v %s", r.Method, r.Host, r.URL.RequestURI(), r.Header, body)
	}
	maps.Copy(w.Header(), f.Header)
	if f.Cut {
		w.Header().Set("Content-Length", fmt.Sprint(len(text)+100))
	}
	w.WriteHeader(max(f.Status, http.StatusOK))
	_, _ = io.WriteString(w, text)
	if f.Cut {
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
}
