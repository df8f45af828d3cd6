package sink

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"time"
	"unicode/utf16"
)

// NewSlack returns a Slack incoming webhook at the path, such as
// "/services/T0/B0/token". It takes 60 messages a minute, checks Block Kit's
// limits, and answers with a word
// (docs.slack.dev/messaging/sending-messages-using-incoming-webhooks).
func NewSlack(path string, o *Options) *Sink {
	return newSink(vendor{
		rate:      60,
		ok:        reply{http.StatusOK, "text/html", "ok"},
		throttled: reply{http.StatusTooManyRequests, "text/html", "rate_limited"},
		read: func(r *http.Request, body []byte, _ time.Time) (Message, *reply) {
			if r.URL.Path != path {
				return slackRefusal(http.StatusNotFound, "no_service")
			}
			return readSlack(body)
		},
	}, o)
}

type slackBody struct {
	Text   string
	Blocks []slackBlock
}

type slackBlock struct {
	Type     string
	Text     *slackText
	Fields   []slackText
	Elements []slackText
}

type slackText struct{ Type, Text string }

func readSlack(body []byte) (Message, *reply) {
	var b slackBody
	var raw struct{ Blocks json.RawMessage }
	switch {
	case json.Unmarshal(body, &raw) != nil:
		return slackRefusal(http.StatusBadRequest, "invalid_payload")
	case json.Unmarshal(body, &b) != nil:
		return slackRefusal(http.StatusBadRequest, "invalid_blocks_format")
	case b.Text == "" && len(b.Blocks) == 0:
		return slackRefusal(http.StatusBadRequest, "no_text")
	case len(b.Blocks) > 50:
		return slackRefusal(http.StatusBadRequest, "invalid_blocks")
	case characters(string(raw.Blocks)) > 13_000:
		return slackRefusal(http.StatusBadRequest, "msg_blocks_too_long")
	}
	m := Message{Kind: "blocks"}
	lines := make([]string, 0, len(b.Blocks))
	for _, k := range b.Blocks {
		if !k.valid() {
			return slackRefusal(http.StatusBadRequest, "invalid_blocks")
		}
		lines = append(lines, k.lines()...)
	}
	if len(b.Blocks) == 0 {
		m.Kind, lines = "text", []string{b.Text}
	}
	m.Text, m.Mentions = slackShown(strings.Join(lines, "\n"))
	return m, nil
}

// valid holds a block against the limits.
func (k slackBlock) valid() bool {
	within := func(t slackText, kind string, most int) bool {
		n := characters(t.Text)
		return n >= 1 && n <= most && (t.Type == kind || kind == "" && (t.Type == "mrkdwn" || t.Type == "plain_text"))
	}
	all := func(ts []slackText, count, most int) bool {
		for _, t := range ts {
			if !within(t, "", most) {
				return false
			}
		}
		return len(ts) <= count
	}
	switch k.Type {
	case "header":
		return k.Text != nil && within(*k.Text, "plain_text", 150)
	case "section":
		return (k.Text != nil || len(k.Fields) > 0) && (k.Text == nil || within(*k.Text, "", 3000)) && all(k.Fields, 10, 2000)
	case "context":
		return len(k.Elements) > 0 && all(k.Elements, 10, 3000)
	}
	return k.Type == "divider"
}

func (k slackBlock) lines() []string {
	var lines []string
	if k.Text != nil {
		lines = append(lines, k.Text.Text)
	}
	for _, t := range append(k.Fields, k.Elements...) {
		lines = append(lines, t.Text)
	}
	return lines
}

// slackMarkup is a link or a call.
var slackMarkup = regexp.MustCompile(`<([^<>|]+)(?:\|([^<>]*))?>`)

// slackShown returns what a person sees, and who was called.
func slackShown(text string) (shown string, calls []string) {
	shown = slackMarkup.ReplaceAllStringFunc(text, func(markup string) string {
		parts := slackMarkup.FindStringSubmatch(markup)
		if strings.ContainsAny(parts[1][:1], "!@") {
			call := "@" + strings.TrimPrefix(strings.TrimLeft(parts[1], "!@"), "subteam^")
			calls = append(calls, call)
			return call
		}
		return strings.TrimSpace(parts[2] + " " + parts[1])
	})
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(shown), calls
}

// characters counts as JavaScript does.
func characters(s string) int { return len(utf16.Encode([]rune(s))) }

func slackRefusal(status int, word string) (Message, *reply) {
	return Message{}, &reply{status, "text/html", word}
}

// SlackFault returns the fault that Slack refuses with the word.
func SlackFault(status int, word string) Fault { return Fault{Status: status, Body: word} }
