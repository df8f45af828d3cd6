package notify

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"prowatch/watch"
)

// maxQuote is how much of an answer an outcome quotes, in bytes.
const maxQuote = 120

// longestWait bounds what a far side may ask for: an absurd Retry-After must
// not silence a channel until its notices are too old.
const longestWait = 6 * time.Hour

// Outcome returns an outcome with the vendor's name before the text and any
// secret that an answer echoed taken out.
func (a Answer) Outcome(r watch.Result, code, text string) watch.Outcome {
	lead := a.vendor
	if code != "" {
		lead += " " + code
	}
	return Outcome(r, code, a.secrets.scrub(lead+": "+text))
}

// Refusal judges the answer by its HTTP status. A 2xx is no refusal; whether
// it is a success is for the vendor's own proof. 408, 425, 429 and 5xx are for
// now, and so is a redirect that is, such as to a login or maintenance page;
// the others are for good.
func (a Answer) Refusal() (out watch.Outcome, refused bool) {
	code := strconv.Itoa(a.Status)
	switch {
	case a.Status/100 == 2:
		return watch.Outcome{}, false
	case a.Status == http.StatusTooManyRequests:
		out = a.Outcome(watch.Retry, code, "too many messages"+a.Quote())
	case a.Status == http.StatusRequestTimeout, a.Status == http.StatusTooEarly, a.Status/100 == 5:
		out = a.Outcome(watch.Retry, code, "the service is unavailable for now"+a.Quote())
	case a.Status == http.StatusMovedPermanently, a.Status == http.StatusPermanentRedirect:
		return a.Outcome(watch.Permanent, code, "the address has moved, and no redirect is followed: set the new url"), true
	case a.Status/100 == 3:
		return a.Outcome(watch.Retry, code, "redirected, and no redirect is followed: if this lasts, set the final url"), true
	default:
		return a.Outcome(watch.Permanent, code, refusalReason(a.Status)+a.Quote()), true
	}
	out.After = a.RetryAfter()
	return out, true
}

func refusalReason(status int) string {
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden:
		return "access refused: check the url and the secret"
	case http.StatusNotFound:
		return "nothing is there: check the url"
	case http.StatusGone:
		return "the endpoint was removed: set another url, or remove the channel"
	case http.StatusRequestEntityTooLarge:
		return "the message is too large for the far side: raise its limit"
	case http.StatusUnsupportedMediaType:
		return "the far side does not take this content type"
	}
	return "refused"
}

// RetryAfter returns how long the answer asks to wait, 0 where it does not. It
// reads seconds and an HTTP date, which it holds against the answer's own Date,
// so that no clock of ours matters. More than 6 h counts as 6 h.
func (a Answer) RetryAfter() time.Duration {
	text := strings.TrimSpace(a.Header.Get("Retry-After"))
	if seconds, err := strconv.ParseFloat(text, 64); err == nil {
		return bounded(seconds)
	}
	until, err := http.ParseTime(text)
	if err != nil {
		return 0
	}
	from, err := http.ParseTime(a.Header.Get("Date"))
	if err != nil {
		return 0
	}
	return bounded(until.Sub(from).Seconds())
}

// bounded takes NaN for 0.
func bounded(seconds float64) time.Duration {
	switch {
	case seconds >= longestWait.Seconds():
		return longestWait
	case seconds > 0:
		return time.Duration(seconds * float64(time.Second))
	}
	return 0
}

// Quote returns the start of the body as " (…)" for the end of a reason, or ""
// where that would tell a person nothing.
func (a Answer) Quote() string {
	text := a.secrets.scrub(OneLine(string(a.Body)))
	if text == "" || text == "{}" || strings.HasPrefix(text, "<") {
		return ""
	}
	return fmt.Sprintf(" (%s)", Clip(text, maxQuote))
}

// Fields returns the body as a JSON object, nil where it is none.
func (a Answer) Fields() map[string]json.RawMessage {
	var fields map[string]json.RawMessage
	if json.Unmarshal(a.Body, &fields) != nil {
		return nil
	}
	return fields
}

// Field returns a number or string of the body's JSON object as text, "" where
// there is none.
func (a Answer) Field(name string) string {
	text, _ := scalar(a.Fields()[name])
	return text
}

// scalar returns a JSON number or string as text. Vendors write codes both ways.
func scalar(raw json.RawMessage) (text string, ok bool) {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 {
		return "", false
	}
	if raw[0] == '"' {
		return text, json.Unmarshal(raw, &text) == nil
	}
	return string(raw), raw[0] == '-' || raw[0] >= '0' && raw[0] <= '9'
}
