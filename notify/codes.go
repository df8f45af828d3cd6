package notify

import (
	"bytes"
	"encoding/json"
	"net/http"
	"time"

	"prowatch/watch"
)

// Codes is a vendor's table of codes.
type Codes struct {
	Field string // of the answer's JSON object that holds the code, "errcode"
	Said  string // of it that holds the vendor's own text, "errmsg"

	// Table holds what the codes mean that are known.
	Table map[string]Verdict

	// Else judges a code that is not in the table. Where it is nil or has no
	// result either, the code counts as [watch.Retry].
	Else func(code string) Verdict
}

// A Verdict is what a code means.
type Verdict struct {
	Result watch.Result
	After  time.Duration // how long to leave the channel alone, 0 where unknown
	Reason string        // in plain words, with the mend
}

// unknownCode is for codes that no table knows. The message did not arrive; the
// notice is tried until it is too old and then reported, which is better than
// to give it up over a code that may mean "busy".
const unknownCode = "refused with a code that is not known"

// ByCode judges the answer of a vendor whose proof is HTTP 200 and a code in
// the body that is present and 0. At another status a code of the table still
// counts, but 0 does not.
//
// Without the code it is [Answer.Unproved].
func (a Answer) ByCode(c Codes) watch.Outcome {
	fields := a.Fields()
	code, found := scalar(fields[c.Field])
	if a.Status != http.StatusOK {
		if v, known := c.Table[code]; found && known {
			return a.Apply(v, code, "")
		}
		if out, refused := a.Refusal(); refused {
			return out
		}
	}
	switch {
	case found && code == "0" && a.Status == http.StatusOK:
		return a.Outcome(watch.Sent, "", "delivered, "+c.Field+" 0")
	case found && code != "0":
		return a.judge(c, code, fields)
	}
	return a.Unproved(c.Field + " 0")
}

// Unproved judges an answer that refuses nothing and lacks the proof, which it
// is told for the reason. A body that is no JSON object is a stranger's (a login
// or block page): the message did not arrive. A JSON object or an empty body may
// be the vendor's: it may have arrived.
func (a Answer) Unproved(proof string) watch.Outcome {
	if a.Fields() == nil && len(bytes.TrimSpace(a.Body)) > 0 {
		return a.Outcome(watch.Retry, "", "something else answered in its place: check the url and the proxy")
	}
	return a.Outcome(watch.Unknown, "", "the answer does not say whether the message was taken ("+proof+" is missing): it may have arrived")
}

func (a Answer) judge(c Codes, code string, fields map[string]json.RawMessage) watch.Outcome {
	said, _ := scalar(fields[c.Said])
	if v, known := c.Table[code]; known {
		return a.Apply(v, code, "")
	}
	v := Verdict{}
	if c.Else != nil {
		v = c.Else(code)
	}
	if v.Result == "" {
		v = Verdict{Result: watch.Retry, Reason: unknownCode}
	}
	return a.Apply(v, code, said)
}

// Apply returns the outcome of a verdict on the answer. What the vendor said
// beside its code, which may be "", is quoted.
func (a Answer) Apply(v Verdict, code, said string) watch.Outcome {
	reason := v.Reason
	if said = a.secrets.scrub(OneLine(said)); said != "" {
		reason += " (" + Clip(said, maxQuote) + ")"
	}
	out := a.Outcome(v.Result, code, reason)
	if out.Result == watch.Retry {
		out.After = max(v.After, a.RetryAfter())
	}
	return out
}
