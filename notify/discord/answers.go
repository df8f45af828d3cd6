package discord

import (
	"encoding/json"
	"net/http"
	"time"

	"prowatch/notify"
	"prowatch/watch"
)

// The refusals of the embeds that the plain text may get past.
const (
	codeForm  = "50035" // a field is malformed or too long
	codeLarge = "40005" // the request is
)

var embedsRefused = map[string]bool{codeForm: true, codeLarge: true, "413": true}

// verdicts are what Discord's codes mean that a webhook may get
// (docs.discord.com/developers/topics/opcodes-and-status-codes#json).
var verdicts = map[string]notify.Verdict{
	"10015":   {Result: watch.Permanent, Reason: "the webhook was removed, or its url is wrong: make a new one and set its url"},
	"50027":   {Result: watch.Permanent, Reason: "the token in the url is wrong: copy the webhook's url again, whole"},
	"10003":   {Result: watch.Permanent, Reason: "there is no such thread: check thread_id in the url"},
	"50001":   {Result: watch.Permanent, Reason: "the webhook has no access to the channel or thread: check thread_id in the url"},
	"50013":   {Result: watch.Permanent, Reason: "the webhook may not post there: check the channel's permissions"},
	"50083":   {Result: watch.Permanent, Reason: "the thread is archived: open it, or set another thread_id in the url"},
	"160005":  {Result: watch.Permanent, Reason: "the thread is locked: unlock it, or set another thread_id in the url"},
	"220001":  {Result: watch.Permanent, Reason: "the webhook is of a forum: add ?thread_id=… of a post to the url"},
	"50006":   {Result: watch.Permanent, Reason: "the message is refused as empty: check for a newer prowatch"},
	codeForm:  {Result: watch.Permanent, Reason: "the message is refused as malformed or too long: check for a newer prowatch"},
	codeLarge: {Result: watch.Permanent, Reason: "the message is too large"},
	"130000":  {Result: watch.Retry, Reason: "the service is overloaded"},
}

// judge judges an answer: the proof is HTTP 200 and the id of the message.
func judge(a notify.Answer) watch.Outcome {
	fields := a.Fields()
	if a.Status == http.StatusOK {
		var message string
		if json.Unmarshal(fields["id"], &message) == nil && id.MatchString(message) {
			return a.Outcome(watch.Sent, "", "delivered, message id "+message)
		}
	}
	if v, known := verdicts[string(fields["code"])]; known && a.Status >= http.StatusBadRequest {
		return a.Apply(v, string(fields["code"]), "")
	}
	out, refused := a.Refusal()
	if !refused {
		return a.Unproved("the id of the message")
	}
	if out.Result == watch.Retry {
		out.After = patience(a)
	}
	return out
}

// patience returns how long the answer asks to wait, by whichever of its words
// is the longest. All count in seconds, with fractions.
func patience(a notify.Answer) time.Duration {
	longest := a.RetryAfter()
	for _, text := range []string{a.Header.Get("X-RateLimit-Reset-After"), string(a.Fields()["retry_after"])} {
		as := notify.Answer{Header: http.Header{"Retry-After": {text}}}
		longest = max(longest, as.RetryAfter())
	}
	return longest
}
