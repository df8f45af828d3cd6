package dingtalk

import (
	"strings"
	"time"

	"prowatch/notify"
	"prowatch/watch"
)

const (
	codeTooLong = "460101"

	// codeSecurity is that of every refused security setting; the text tells which.
	codeSecurity = "310000"

	// codeBanned is the status of the page that answers an address which called
	// too often. It has no errcode.
	codeBanned = "1111"
)

// How long to leave the robot alone, by the vendor's pages.
const (
	whenBusy      = 30 * time.Second
	whenThrottled = 10 * time.Minute
	whenBanned    = 5 * time.Minute
)

// throttled is the verdict on more than 20 messages a minute. The code for it
// has changed between generations of the page; the text has not.
var throttled = notify.Verdict{Result: watch.Retry, After: whenThrottled, Reason: "more than 20 messages a minute: the robot is silenced for ten minutes"}

const (
	removed  = "there is no such robot: it was removed, or the token is wrong: make a new robot and set its url"
	rejected = "the content is rejected by the vendor's filter"
)

// codes are the robot's codes, by the page on custom robots and public reports.
var codes = notify.Codes{
	Field: "errcode",
	Said:  "errmsg",
	Table: map[string]notify.Verdict{
		"-1":     {Result: watch.Retry, After: whenBusy, Reason: "the service is busy"},
		"90018":  {Result: watch.Retry, After: whenBusy, Reason: "too many requests"},
		"130101": throttled,
		"410100": throttled,

		"300001":    {Result: watch.Permanent, Reason: removed},
		"300005":    {Result: watch.Permanent, Reason: removed},
		"400101":    {Result: watch.Permanent, Reason: removed},
		"400106":    {Result: watch.Permanent, Reason: removed},
		"400013":    {Result: watch.Permanent, Reason: "the group was dissolved: make a robot in another one and set its url"},
		"400102":    {Result: watch.Permanent, Reason: "the robot is stopped: start it in the group's settings"},
		"400105":    {Result: watch.Permanent, Reason: "the robot does not take this type of message: make a custom robot and set its url"},
		"40035":     {Result: watch.Permanent, Reason: "a parameter is refused: check the url, and for a newer prowatch"},
		"43004":     {Result: watch.Permanent, Reason: "the content type is refused: check what stands between, such as a proxy"},
		"430101":    {Result: watch.Permanent, Reason: rejected},
		"430102":    {Result: watch.Permanent, Reason: rejected},
		"430103":    {Result: watch.Permanent, Reason: rejected},
		"430104":    {Result: watch.Permanent, Reason: rejected},
		codeTooLong: {Result: watch.Permanent, Reason: "the message is too long"},
	},
}

// judge judges the answer to a request that was signed or not.
func judge(a notify.Answer, signed bool) watch.Outcome {
	code, said := a.Field("errcode"), a.Field("errmsg")
	switch {
	case code == "" && a.Field("status") == codeBanned:
		return a.Apply(notify.Verdict{Result: watch.Retry, After: whenBanned,
			Reason: "the address that this machine calls from made too many calls: it is shut out for five minutes"}, codeBanned, "")
	case code == codeSecurity:
		return a.Apply(notify.Verdict{Result: watch.Permanent, Reason: security(said, signed)}, code, said)
	case code != "" && code != "0" && strings.Contains(said, "too fast"):
		return a.Apply(throttled, code, said)
	}
	return a.ByCode(codes)
}

// security says which security setting refused, and the mend.
func security(said string, signed bool) string {
	switch {
	case !signed && (strings.Contains(said, "sign") || strings.Contains(said, "timestamp")):
		return "the robot wants a signature: set secret to its SEC…, copied whole"
	case strings.Contains(said, "keyword"):
		return "the message lacks the robot's keyword: add the keyword prowatch to its security settings, every message holds it"
	case strings.Contains(said, "timestamp"):
		return "the clock of this machine is off by more than an hour: set it, and keep it set by NTP"
	case strings.Contains(said, "sign"):
		return "the signature is refused: set secret to the SEC… of this robot, copied whole"
	case strings.Contains(said, "whitelist"):
		return "the address that this machine calls from is not in the robot's list: add it, or secure the robot by a signature instead"
	}
	return "a security setting of the robot refused: set secret to its SEC…, or add the keyword prowatch"
}
