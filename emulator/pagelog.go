package emulator

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// logRow is a request in the log of the overview.
type logRow struct {
	ID, At, Time, Clock string
	Action, Account     string
	Signed              string
	Answer              label
	Detail, Fault       string
}

// logRows are the last requests, the newest first.
func (e *Emulator) logRows() []logRow {
	entries := e.entries()
	entries = entries[max(0, len(entries)-maxRows):]
	var rows []logRow
	for _, n := range slices.Backward(entries) {
		rows = append(rows, n.told().row())
	}
	return rows
}

func (x Exchange) row() logRow {
	r := logRow{
		ID: x.Answer.RequestID, At: x.At.Format(time.RFC3339), Time: x.At.Format("15:04:05"),
		Action: x.Request.Action, Account: x.Account, Signed: x.signedHow(), Fault: x.Answer.Fault,
	}
	if d := x.Clock.Sub(x.At); d < -time.Second || d > time.Second {
		r.Clock = x.Clock.Format("2006-01-02 15:04")
	}
	if r.Action == "" {
		r.Action = x.Request.Method + " " + x.Request.Target
	}
	if r.Account == "" && x.Signing.SecretID != "" {
		r.Account = x.Signing.SecretID + ", unknown"
	}
	r.Answer, r.Detail = x.answerLabel()
	return r
}

// signedHow is the signature in a few words.
func (x Exchange) signedHow() string {
	how := strings.TrimSuffix(x.Signing.Method, "-HMAC-SHA256")
	if how == "" {
		return "not at all"
	}
	how += " " + x.Request.Method
	if x.Answer.Code == textSignatureFailure.code {
		how += ", wrong"
	}
	return how
}

// answerLabel is the answer in a word, and what else there is to say of it.
func (x Exchange) answerLabel() (label, string) {
	a := x.Answer
	switch {
	case a.Abandoned:
		return label{"bad", "not waited for"}, ""
	case a.Dropped:
		return label{"bad", "connection closed"}, ""
	case a.Cut:
		return label{"bad", "cut short"}, ""
	case a.Code != "":
		return label{"bad", a.Code}, ""
	}
	var envelope struct{ Response Edition }
	if json.Unmarshal([]byte(a.Body), &envelope) != nil || envelope.Response == nil {
		return label{"warn", "no envelope"}, ""
	}
	if _, ok := envelope.Response["BuyStatus"]; !ok {
		return label{"good", "answered"}, ""
	}
	detail := "no end"
	if end := shown(envelope.Response["EndTime"]); end != "" {
		detail = "until " + end
	}
	return statusLabel(envelope.Response), detail
}
