package emulator

import (
	"slices"
	"strings"
)

// entry is an exchange as the log holds it, with the secrets that are to be
// masked when it is told.
type entry struct {
	exchange Exchange
	secrets  []string
}

// record adds a call and its answer to the log, in the place of the oldest
// when it is full. The lock is held.
func (e *Emulator) record(c *call, a answer) {
	cred, ok := e.credentialOf(c.secretID)
	secrets := append(c.secrets, c.token)
	if ok {
		secrets = append(secrets, cred.key, cred.token)
	}
	n := entry{exchange: c.exchange(a, newKeeper(secrets))}
	for _, s := range secrets {
		// A longer one cannot stand whole in any text that is kept.
		if len(s) <= maxRecorded {
			n.secrets = append(n.secrets, strings.Clone(s))
		}
	}
	if ok {
		n.exchange.Account = strings.Clone(cred.account) // It may be a piece of the request.
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
