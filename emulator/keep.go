package emulator

import (
	"maps"
	"slices"
	"strings"
	"sync"
)

// keeper shortens what a client may make as long as it likes, before the log
// keeps it.
type keeper struct{ forms func() []string }

// newKeeper returns one that knows secrets. Of a long one the beginning is
// enough to see whether a cut text ends with it.
func newKeeper(secrets []string) keeper {
	return keeper{sync.OnceValue(func() []string {
		begins := slices.Clone(secrets)
		for i, s := range begins {
			begins[i] = s[:min(len(s), maxRecorded)]
		}
		return secretForms(begins)
	})}
}

// keep returns at most n bytes of s in memory of their own. A cut does not
// leave the beginning of a secret, which could not be masked any more.
func (k keeper) keep(s string, n int) string {
	if len(s) <= n {
		return strings.Clone(s)
	}
	kept := s[:n]
	for _, form := range k.forms() {
		kept = kept[:len(kept)-overlap(kept, form)]
	}
	return strings.ToValidUTF8(kept, "") + "…"
}

// overlap is how many bytes at the end of s begin form.
func overlap(s, form string) int {
	for n := min(len(s), len(form)); n > 0; n-- {
		if strings.HasSuffix(s, form[:n]) {
			return n
		}
	}
	return 0
}

// exchange describes a call and its answer.
func (c *call) exchange(a answer, k keeper) Exchange {
	x := Exchange{Signing: c.signing}
	x.Request = Request{
		Method: c.method, Target: c.target, Host: c.host, Header: c.loggedHeader(k),
		Body: string(c.body[:min(len(c.body), 2*maxRecorded)]), Action: c.action, Version: c.version,
	}
	x.Answer = Answer{
		RequestID: c.requestID, Status: a.status, Code: a.code, Message: a.message,
		Fault: a.fault, Dropped: a.drop, Cut: a.cut,
	}
	limit := maxAnswerKept
	if a.code != "" {
		limit = maxRecorded // It may hold names that the client chose.
	}
	x.Answer.Body = k.keep(string(a.body), limit)
	if a.delay > 0 {
		x.Answer.Delay = a.delay.String()
	}
	x.shorten(k)
	return x
}

// shorten bounds every text that a client may make long, but for the headers.
func (x *Exchange) shorten(k keeper) {
	r, s := &x.Request, &x.Signing
	for _, name := range []*string{
		&r.Method, &r.Host, &r.Action, &r.Version, &s.Method, &s.SecretID, &s.Scope, &s.SignedHeaders, &s.Signature,
	} {
		*name = k.keep(*name, maxName)
	}
	texts := []*string{&r.Target, &r.Body, &s.CanonicalRequest, &s.StringToSign, &x.Answer.Message}
	s.Hints = slices.Clone(s.Hints)
	for i := range s.Hints {
		h := &s.Hints[i]
		texts = append(texts, &h.Says, &h.CanonicalRequest, &h.StringToSign)
	}
	for _, text := range texts {
		*text = k.keep(*text, maxRecorded)
	}
}

// loggedHeader returns the headers that belong to the protocol, as far as they
// are short together.
func (c *call) loggedHeader(k keeper) map[string]string {
	kept, left := map[string]string{}, maxRecorded
	for _, n := range slices.Sorted(maps.Keys(c.header)) {
		if !strings.HasPrefix(n, "X-Tc-") && n != "Authorization" && n != "Content-Type" && n != "User-Agent" {
			continue
		}
		v := c.header.Get(n)
		switch n {
		case "Authorization":
			v = withoutBearer(v)
		case "X-Tc-Token":
			v = "***"
		}
		if left -= len(n); left < 0 {
			break
		}
		v = k.keep(v, min(left, 2*maxName))
		kept[strings.Clone(n)], left = v, max(left-len(v), 0)
	}
	return kept
}

// withoutBearer hides what a scheme other than a signature has for a secret.
func withoutBearer(authorization string) string {
	scheme, _, ok := strings.Cut(authorization, " ")
	if !ok || strings.Contains(scheme, "HMAC") {
		return authorization
	}
	return scheme + " ***"
}
