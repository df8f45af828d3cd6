// Package sink is the far side of the channels, for tests and demonstrations: a
// chat on one's own machine that refuses what the real ones refuse.
//
// A [Sink] is an http.Handler that speaks as one vendor does. It checks the
// key or signature, the sizes and the rate, answers with the vendor's own
// codes, and keeps the messages it took. It can be told to fail. It shares no
// code with the channels, so that the two cannot share a mistake.
package sink

import (
	"io"
	"net/http"
	"slices"
	"sync"
	"time"
)

// maxRequest is how much of a request is read, in bytes.
const maxRequest = 1 << 20

// defaultKeep is how many messages a sink keeps.
const defaultKeep = 1000

// A Message is what a sink took.
type Message struct {
	At       time.Time
	Kind     string   // the vendor's type: "markdown", "text"; a CloudEvent's type
	ID       string   // where the vendor has ids
	Text     string   // what a person would see
	HTML     string   // the same with its looks, of a mail
	Mentions []string // who was called, or whom a mail went to

	// Duplicate says that the vendor would not show it, having seen its id.
	Duplicate bool

	Header http.Header
	Body   []byte
}

// Options are the optional settings of a sink. The zero value is ready to use.
type Options struct {
	// Now is the clock of the rate and the signatures; it defaults to time.Now.
	Now func() time.Time

	// Rate is how many messages a minute are taken: 0 is the vendor's limit, a
	// negative one is none.
	Rate int

	// Keep is how many messages are kept; it defaults to 1000.
	Keep int
}

// A vendor is the manner of one vendor.
type vendor struct {
	rate      int           // messages a minute, 0 for no limit
	burst     int           // messages a second, 0 for no limit
	ban       time.Duration // how long nothing is taken after too many
	ok        reply
	throttled reply

	// read checks a request and returns the message, or the refusal.
	read func(r *http.Request, body []byte, now time.Time) (Message, *reply)
}

// A reply is what a vendor answers.
type reply struct {
	status      int
	contentType string
	body        string
}

// A Sink takes messages as one vendor does. It is safe for concurrent use.
type Sink struct {
	vendor vendor
	opts   Options

	mu       sync.Mutex
	messages []Message
	faults   []Fault
	taken    []time.Time // within the last minute
	banned   time.Time   // until when nothing is taken
	requests int
}

func newSink(v vendor, o *Options) *Sink {
	s := &Sink{vendor: v}
	if o != nil {
		s.opts = *o
	}
	if s.opts.Now == nil {
		s.opts.Now = time.Now
	}
	if s.opts.Keep == 0 {
		s.opts.Keep = defaultKeep
	}
	if s.opts.Rate == 0 {
		s.opts.Rate = v.rate
	}
	return s
}

// Messages returns what was taken, the oldest first.
func (s *Sink) Messages() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.messages)
}

// Requests counts the requests, refused ones too.
func (s *Sink) Requests() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requests
}

// ServeHTTP answers a request as the vendor would, or as a fault says.
func (s *Sink) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxRequest))
	if err != nil {
		return
	}
	fault, failing := s.nextFault()
	if failing && !fault.Taken {
		fault.serve(w, r, body)
		return
	}
	answer := s.take(r, body)
	if failing {
		fault.serve(w, r, body)
		return
	}
	answer.write(w)
}

// take checks the message and keeps it, and returns what to answer.
func (s *Sink) take(r *http.Request, body []byte) reply {
	now := s.opts.Now()
	m, refusal := s.vendor.read(r, body, now)
	if refusal != nil {
		return *refusal
	}
	m.At, m.Header, m.Body = now, r.Header.Clone(), body
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.withinRate(now) {
		return s.vendor.throttled
	}
	m.Duplicate = m.ID != "" && slices.ContainsFunc(s.messages, func(old Message) bool { return old.ID == m.ID })
	s.messages = append(s.messages, m)
	if n := len(s.messages) - s.opts.Keep; n > 0 {
		s.messages = slices.Delete(s.messages, 0, n)
	}
	return s.vendor.ok
}

// withinRate counts a message against the sliding minute and second.
func (s *Sink) withinRate(now time.Time) bool {
	if now.Before(s.banned) {
		return false
	}
	s.taken = slices.DeleteFunc(s.taken, func(t time.Time) bool { return now.Sub(t) >= time.Minute })
	last := 0 // within the last second
	for _, t := range s.taken {
		if now.Sub(t) < time.Second {
			last++
		}
	}
	if s.opts.Rate > 0 && (len(s.taken) >= s.opts.Rate || s.vendor.burst > 0 && last >= s.vendor.burst) {
		s.banned = now.Add(s.vendor.ban)
		return false
	}
	s.taken = append(s.taken, now)
	return true
}

func (a reply) write(w http.ResponseWriter) {
	if a.contentType != "" {
		w.Header().Set("Content-Type", a.contentType)
	}
	if a.status == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", "1")
	}
	w.WriteHeader(a.status)
	_, _ = io.WriteString(w, a.body)
}
