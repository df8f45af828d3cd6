package emulator

import (
	"cmp"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// entry is an exchange as the log holds it: whole, with the secrets that are
// to be masked when it is told.
type entry struct {
	exchange Exchange
	secrets  []string
}

// record adds a call and its answer to the log, in the place of the oldest
// when it is full. The lock is held.
func (e *Emulator) record(c *call, a answer) {
	cred, ok := e.credentialOf(c.secretID)
	n := entry{exchange: c.exchange(a), secrets: append(c.secrets, c.token)}
	if ok {
		n.secrets = append(n.secrets, cred.key, cred.token)
		n.exchange.Account = cred.account
	}
	n.exchange.At, n.exchange.Clock = e.now(), e.virtualNow()
	if len(e.log) < maxExchanges {
		e.log = append(e.log, n)
		return
	}
	e.log[e.oldest] = n
	e.oldest = (e.oldest + 1) % maxExchanges
}

// abandoned notes that the client of a request did not wait for its answer.
func (e *Emulator) abandoned(requestID string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for i := range e.log {
		if a := &e.log[i].exchange.Answer; a.RequestID == requestID {
			a.Abandoned = true
		}
	}
}

// entries returns the log, oldest first.
func (e *Emulator) entries() []entry {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Concat(e.log[e.oldest:], e.log[:e.oldest])
}

// Requests returns the last requests of the API, at most 1000, oldest first.
// Each is there before its client has the answer.
func (e *Emulator) Requests() []Exchange {
	var xs []Exchange
	for _, n := range e.entries() {
		xs = append(xs, n.told())
	}
	return xs
}

// ForgetRequests empties the log of requests.
func (e *Emulator) ForgetRequests() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.log, e.oldest = nil, 0
}

// exchange describes a call and its answer.
func (c *call) exchange(a answer) Exchange {
	x := Exchange{Signing: c.signing}
	x.Signing.CanonicalRequest = cut(c.signing.CanonicalRequest, maxKept)
	x.Signing.StringToSign = cut(c.signing.StringToSign, maxKept)
	x.Request = Request{
		Method: c.method, Target: cut(c.target, maxKept), Host: c.host, Header: c.loggedHeader(),
		Body: string(c.body[:min(len(c.body), maxKept)]), Action: cut(c.action, maxKept), Version: cut(c.version, maxKept),
	}
	x.Answer = Answer{
		RequestID: c.requestID, Status: a.status, Code: a.code, Message: a.message,
		Body: string(a.body[:min(len(a.body), maxAnswerKept)]), Fault: a.fault, Dropped: a.drop, Cut: a.cut,
	}
	if a.delay > 0 {
		x.Answer.Delay = a.delay.String()
	}
	return x
}

// loggedHeader returns the headers that belong to the protocol.
func (c *call) loggedHeader() map[string]string {
	kept := map[string]string{}
	for n := range c.header {
		if strings.HasPrefix(n, "X-Tc-") || n == "Authorization" || n == "Content-Type" || n == "User-Agent" {
			kept[n] = cut(c.header.Get(n), maxKept)
		}
	}
	return kept
}

// told returns the exchange with every secret masked and long texts cut.
func (n entry) told() Exchange {
	m := masker(n.secrets)
	x := n.exchange
	r, s, a := &x.Request, &x.Signing, &x.Answer
	for _, f := range []*string{
		&r.Method, &r.Target, &r.Host, &r.Body, &r.Action, &r.Version,
		&s.SecretID, &s.Scope, &s.SignedHeaders, &s.CanonicalRequest, &s.StringToSign, &s.Signature,
		&a.Message, &a.Body,
	} {
		*f = m(*f)
	}
	header := make(map[string]string, len(r.Header))
	for k, v := range r.Header {
		header[k] = m(v)
	}
	r.Header = header
	s.Hints = maskHints(s.Hints, m)
	return x
}

// tokenParameter is a token where a query, a form or a string to sign has it,
// for the calls that were refused before their token was known.
var tokenParameter = regexp.MustCompile(`\bToken=[^&\n]*`)

// cut shortens what is longer than n bytes.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "") + "…"
}

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
		return cut(s, maxRecorded)
	}
}
