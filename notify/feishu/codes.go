package feishu

import (
	"net/http"
	"strings"

	"prowatch/notify"
	"prowatch/watch"
)

// throttled is the verdict on too many messages, which several codes and a text
// stand for. The vendor refuses so at full and half hours, too. How long to wait
// it says in a header if at all; a second may do.
var throttled = notify.Verdict{Result: watch.Retry, Reason: "too many messages, or the service is busy, as at full and half hours"}

// The codes that may be about the card.
const (
	codeBadRequest = "9499"
	codeParameter  = "19002"
)

// cardRefused are the refusals that the plain text may get past: they are for a
// body that is too big, or a card that an old deployment does not know.
var cardRefused = map[string]bool{codeBadRequest: true, codeParameter: true}

// codes are the bot's codes, by the page on custom bots, the one on general
// errors (open.feishu.cn/document/server-docs/getting-started/server-error-codes)
// and public reports.
var codes = notify.Codes{
	Field: "code",
	Said:  "msg",
	Table: map[string]notify.Verdict{
		"11232":    throttled,
		"230020":   throttled,
		"99991400": throttled,

		codeBadRequest: {Result: watch.Permanent, Reason: "the message is refused as malformed or over 20 KB"},
		codeParameter:  {Result: watch.Permanent, Reason: "a parameter is refused: check for a newer prowatch"},
		"10002":        {Result: watch.Permanent, Reason: "a parameter is refused: check the url, and for a newer prowatch"},
		"19001":        {Result: watch.Permanent, Reason: "there is no such bot: it was removed, or the url is wrong: add a custom bot to the group and set its url"},
		"19022":        {Result: watch.Permanent, Reason: "the address that this machine calls from is not in the bot's list: add it, or secure the bot by a signature instead"},
		"19024":        {Result: watch.Permanent, Reason: "the message lacks the bot's keyword: add the keyword prowatch to its security settings, every message holds it"},
	},
}

// codeSignature is that of a wrong signature and of a wrong clock alike.
const codeSignature = "19021"

// judge judges the answer to a request that was signed or not. Old bots answer
// with StatusCode in place of code.
func judge(a notify.Answer, signed bool) watch.Outcome {
	c := codes
	if a.Field("code") == "" && a.Field("StatusCode") != "" {
		c.Field, c.Said = "StatusCode", "StatusMessage"
	}
	code, said := a.Field(c.Field), a.Field(c.Said)
	a.Header = withRetryAfter(a.Header)
	switch {
	case code == codeSignature:
		return a.Apply(notify.Verdict{Result: watch.Permanent, Reason: signatureReason(signed)}, code, "")
	case code != "" && code != "0" && strings.Contains(strings.ToLower(said), "frequency"):
		return a.Apply(throttled, code, said)
	}
	return a.ByCode(c)
}

func signatureReason(signed bool) string {
	if !signed {
		return "the bot wants a signature: set secret to that of its security settings"
	}
	return "the signature is refused: set secret to that of this bot, copied whole, and check that the clock of this machine is right to the hour"
}

// withRetryAfter takes the gateway's own header, in seconds, for Retry-After
// where that is missing.
func withRetryAfter(h http.Header) http.Header {
	reset := h.Get("X-Ogw-Ratelimit-Reset")
	if reset == "" || h.Get("Retry-After") != "" {
		return h
	}
	h = h.Clone()
	h.Set("Retry-After", reset)
	return h
}
