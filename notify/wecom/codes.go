package wecom

import (
	"strings"
	"time"

	"prowatch/notify"
	"prowatch/watch"
)

// codeTooLong is also that of other bad parameters; the plain text that follows
// it tells which.
const codeTooLong = "40058"

// rateWindow is the window of the robot's limit of 20 messages.
const rateWindow = time.Minute

// codes are the robot's codes (developer.work.weixin.qq.com/document/path/90313);
// 45033 and 6000 are from public reports.
var codes = notify.Codes{
	Field: "errcode",
	Said:  "errmsg",
	Table: map[string]notify.Verdict{
		"-1":    {Result: watch.Retry, Reason: "the service is busy"},
		"6000":  {Result: watch.Retry, Reason: "two changes met"},
		"45009": {Result: watch.Retry, After: rateWindow, Reason: "more than 20 messages a minute"},
		"45033": {Result: watch.Retry, Reason: "too many messages at once"},

		"93000":     {Result: watch.Permanent, Reason: "the webhook key is wrong or the robot was removed: make a new robot and set its URL"},
		"40008":     {Result: watch.Permanent, Reason: "the robot does not take this type of message: an old private deployment must be updated"},
		codeTooLong: {Result: watch.Permanent, Reason: "the content is too long or malformed"},
		"44004":     {Result: watch.Permanent, Reason: "the content is empty"},
	},
	Else: parameterFault,
}

// parameterFault judges the codes that are not in the table: 40xxx are bad
// parameters.
func parameterFault(code string) notify.Verdict {
	if len(code) == len("40000") && strings.HasPrefix(code, "40") {
		return notify.Verdict{Result: watch.Permanent, Reason: "a parameter is refused: check the url"}
	}
	return notify.Verdict{}
}
