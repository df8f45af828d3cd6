package emulator

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// requestPage is one request of the log, in full.
type requestPage struct {
	frame
	Status              label
	Explanation, Advice string
	Compare             []comparison
	Theirs              string // the head of the client's column
	CanCompare          bool
	Mine                string // what was pasted
	Request, Answer     string
	Facts               []fact
}

// comparison is one text that was signed, side by side.
type comparison struct {
	Title string
	Rows  []diffRow
}

type fact struct{ Name, Text string }

func (e *Emulator) getRequestPage(w http.ResponseWriter, r *http.Request) {
	x, ok := e.exchange(r.PathValue("id"))
	if !ok {
		writeAdmin(w, nil, &adminError{http.StatusNotFound, "the log has no such request", "the last 1000 are kept; see GET " + adminRoot + "requests"})
		return
	}
	row := x.row()
	p := requestPage{
		frame: e.frame(r, row.Action, "request"), Status: row.Answer, Explanation: x.explanation(), Advice: x.advice(),
		CanCompare: x.Signing.StringToSign != "", Mine: strings.ReplaceAll(r.URL.Query().Get("mine"), "\r\n", "\n"),
		Request: x.Request.text(), Answer: x.Answer.text(), Facts: x.facts(),
	}
	p.Compare, p.Theirs = x.compare(p.Mine)
	writePage(w, http.StatusOK, "request.html", p)
}

// exchange returns the request of the log with an id.
func (e *Emulator) exchange(requestID string) (Exchange, bool) {
	for _, n := range slices.Backward(e.entries()) {
		if n.exchange.Answer.RequestID == requestID {
			return n.told(), true
		}
	}
	return Exchange{}, false
}

// compare lays what the emulator signed beside what was pasted, else beside
// what the hint says the client signed, else beside nothing.
func (x Exchange) compare(mine string) ([]comparison, string) {
	s := x.Signing
	canonical := comparison{Title: "Canonical request"}
	toSign := comparison{Title: "String to sign"}
	switch {
	case strings.TrimSpace(mine) != "":
		if s.CanonicalRequest != "" && !strings.HasPrefix(mine, methodTC3+"\n") {
			canonical.Rows = diff(s.CanonicalRequest, mine)
			return []comparison{canonical}, "What you pasted"
		}
		toSign.Rows = diff(s.StringToSign, mine)
		return []comparison{toSign}, "What you pasted"
	case len(s.Hints) > 0:
		h := s.Hints[0]
		toSign.Rows = diff(s.StringToSign, h.StringToSign)
		if s.CanonicalRequest == "" {
			return []comparison{toSign}, "The client"
		}
		canonical.Rows = diff(s.CanonicalRequest, h.CanonicalRequest)
		return []comparison{canonical, toSign}, "The client"
	case s.StringToSign == "":
		return nil, ""
	}
	for _, c := range []struct {
		text string
		to   *comparison
	}{{s.CanonicalRequest, &canonical}, {s.StringToSign, &toSign}} {
		if c.text != "" {
			c.to.Rows = diff(c.text, c.text)
		}
	}
	theirs := "The client, the same"
	if !s.Verified {
		theirs = "The client would have to sign"
	}
	return slices.DeleteFunc([]comparison{canonical, toSign}, func(c comparison) bool { return c.Rows == nil }), theirs
}

// text is the request as it went over the wire, as far as it is kept.
func (r Request) text() string {
	lines := []string{r.Method + " " + r.Target + " HTTP/1.1", "Host: " + r.Host}
	for _, k := range slices.Sorted(maps.Keys(r.Header)) {
		lines = append(lines, k+": "+r.Header[k])
	}
	return strings.Join(lines, "\n") + "\n\n" + r.Body
}

// text is the answer with its JSON laid out.
func (a Answer) text() string {
	switch {
	case a.Dropped:
		return "The connection was closed without an answer."
	case a.Body == "":
		return fmt.Sprintf("Status %d, without a body.", a.Status)
	}
	return fmt.Sprintf("%d %s\n\n%s", a.Status, http.StatusText(a.Status), laidOut(a.Body))
}

// laidOut indents a text if it is JSON.
func laidOut(s string) string {
	if !json.Valid([]byte(s)) {
		return s
	}
	return pretty(json.RawMessage(s))
}

// facts are the rest, by name.
func (x Exchange) facts() []fact {
	facts := []fact{
		{"Request id", x.Answer.RequestID}, {"Time", x.At.Format(time.RFC3339Nano)},
		{"Virtual clock", x.Clock.Format(time.RFC3339)}, {"Account", x.Account}, {"SecretId", x.Signing.SecretID},
		{"Signature method", x.Signing.Method}, {"Signature sent", x.Signing.Signature},
		{"Fault", x.Answer.Fault}, {"Delay", x.Answer.Delay},
	}
	return slices.DeleteFunc(facts, func(f fact) bool { return f.Text == "" })
}
