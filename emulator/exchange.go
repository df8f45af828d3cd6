package emulator

import (
	"cmp"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

const (
	// maxExchanges is how many requests are remembered, the last ones.
	maxExchanges = 1000
	// maxRecorded is how much of any text of one is kept, in bytes.
	maxRecorded = 4 << 10
)

// Exchange is one request of the API and its answer, as the request log keeps
// them. Keys and tokens in it are masked and long texts are cut.
type Exchange struct {
	At      time.Time `json:"at"` // on the machine's clock
	Request Request   `json:"request"`
	Signing Signing   `json:"signing"`
	Answer  Answer    `json:"answer"`
}

// Request is what was asked.
type Request struct {
	Method  string            `json:"method"`
	Target  string            `json:"target"` // path and query as sent
	Host    string            `json:"host"`
	Header  map[string]string `json:"header"` // those of the protocol
	Body    string            `json:"body,omitempty"`
	Action  string            `json:"action,omitempty"`
	Version string            `json:"version,omitempty"`
}

// Answer is what was answered.
type Answer struct {
	RequestID string `json:"request_id"`
	Status    int    `json:"status,omitempty"`  // absent when the connection was closed
	Code      string `json:"code,omitempty"`    // of an error
	Message   string `json:"message,omitempty"` // of an error
	Body      string `json:"body,omitempty"`
	Fault     string `json:"fault,omitempty"` // the fault that took part
	Delay     string `json:"delay,omitempty"`
	Dropped   bool   `json:"dropped,omitempty"`
}

// exchange describes a call and its answer with every secret masked.
func (c *call) exchange(at time.Time, a answer, secrets ...string) Exchange {
	m := masker(append(secrets, c.token))
	x := Exchange{At: at, Signing: c.signing}
	x.Request = Request{
		Method: m(c.method), Target: m(c.target), Host: m(c.host), Header: c.loggedHeader(m),
		Body: m(string(c.body[:min(len(c.body), 2*maxRecorded)])), Action: m(c.action), Version: m(c.version),
	}
	s := &x.Signing
	for _, f := range []*string{
		&s.SecretID, &s.Scope, &s.SignedHeaders, &s.CanonicalRequest, &s.StringToSign, &s.Signature,
	} {
		*f = m(*f)
	}
	x.Answer = Answer{
		RequestID: c.requestID, Status: a.status, Code: a.code, Message: m(a.message),
		Body: m(string(a.body)), Fault: a.fault, Dropped: a.drop,
	}
	if a.delay > 0 {
		x.Answer.Delay = a.delay.String()
	}
	return x
}

// loggedHeader returns the headers that belong to the protocol.
func (c *call) loggedHeader(m func(string) string) map[string]string {
	kept := map[string]string{}
	for name := range c.header {
		n := http.CanonicalHeaderKey(name)
		if strings.HasPrefix(n, "X-Tc-") || n == "Authorization" || n == "Content-Type" || n == "User-Agent" {
			kept[n] = m(c.header.Get(n))
		}
	}
	return kept
}

// tokenParameter is a token where a query, a form or a string to sign has it,
// for the calls that were refused before their token was known.
var tokenParameter = regexp.MustCompile(`\bToken=[^&\n]*`)

// masker returns a function that puts stars in the place of secrets, in each
// of the forms the protocol writes them in, and cuts what is long.
func masker(secrets []string) func(string) string {
	var forms []string
	for _, s := range secrets {
		if s != "" {
			q := url.QueryEscape(s)
			forms = append(forms, s, q, strings.ToLower(s), strings.ToLower(q))
		}
	}
	// The longest first, for one may be a part of another.
	slices.SortFunc(forms, func(a, b string) int {
		return cmp.Or(len(b)-len(a), strings.Compare(a, b))
	})
	forms = slices.Compact(forms)
	return func(s string) string {
		for _, f := range forms {
			s = strings.ReplaceAll(s, f, "***")
		}
		if strings.Contains(s, "Token=") {
			s = tokenParameter.ReplaceAllString(s, "Token=***")
		}
		if len(s) > maxRecorded {
			s = strings.ToValidUTF8(s[:maxRecorded], "") + "…"
		}
		return s
	}
}

// record adds an exchange to the log, in the place of the oldest when it is
// full. The lock is held.
func (e *Emulator) record(x Exchange) {
	if len(e.log) < maxExchanges {
		e.log = append(e.log, x)
		return
	}
	e.log[e.oldest] = x
	e.oldest = (e.oldest + 1) % maxExchanges
}

// Requests returns the last requests of the API, at most 1000, oldest first.
// Each is there before its client has the answer.
func (e *Emulator) Requests() []Exchange {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Concat(e.log[e.oldest:], e.log[:e.oldest])
}

// ForgetRequests empties the log of requests.
func (e *Emulator) ForgetRequests() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.log, e.oldest = nil, 0
}
