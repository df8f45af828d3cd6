package sink

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
)

// NewTeams returns a flow of Teams' Workflows that takes messages at any path
// with the sig in the query, 240 a minute. It answers 202 to whatever it is
// sent, and keeps what Teams would then post: one Adaptive Card of at most
// version 1.4 within 28 672 bytes
// (github.com/MicrosoftDocs/msteams-docs/issues/11274).
func NewTeams(sig string, o *Options) *Sink {
	queued := reply{status: http.StatusAccepted}
	return newSink(vendor{
		rate:      240,
		ok:        queued,
		throttled: reply{http.StatusTooManyRequests, "application/json", teamsBodyOf("TooManyRequests", "Rate limit is exceeded.")},
		read: func(r *http.Request, body []byte, _ time.Time) (Message, *reply) {
			if r.URL.Query().Get("sig") != sig {
				return Message{}, &reply{http.StatusUnauthorized, "application/json", teamsBodyOf("DirectApiAuthorizationRequired", "The request must be authenticated only by Shared Access scheme.")}
			}
			m, ok := readTeams(body)
			if !ok {
				return Message{}, &queued
			}
			return m, nil
		},
	}, o)
}

type teamsBody struct {
	Type        string
	Attachments []struct {
		ContentType string
		Content     json.RawMessage
	}
}

type teamsCard struct {
	Type, Version string
	Body          []teamsElement
	Teams         struct {
		Entities []struct {
			Type, Text string
			Mentioned  struct{ ID, Name string }
		}
	} `json:"msteams"`
}

type teamsElement struct {
	Type, Text string
	Facts      []struct{ Title, Value string }
	Actions    []struct{ Type, Title, URL string }
}

// teamsElements are those of version 1.4 that this sink can show.
var teamsElements = []string{"TextBlock", "FactSet", "ActionSet"}

// readTeams reports false for what the flow would fail to post.
func readTeams(body []byte) (Message, bool) {
	var b teamsBody
	if json.Unmarshal(body, &b) != nil || b.Type != "message" || len(b.Attachments) != 1 {
		return Message{}, false
	}
	a := b.Attachments[0]
	var c teamsCard
	if a.ContentType != "application/vnd.microsoft.card.adaptive" || json.Unmarshal(a.Content, &c) != nil {
		return Message{}, false
	}
	if c.Type != "AdaptiveCard" || !slices.Contains([]string{"1.0", "1.1", "1.2", "1.3", "1.4"}, c.Version) || teamsSize(a.Content) > 28_672 {
		return Message{}, false
	}
	m := Message{Kind: "card"}
	var lines []string
	for _, e := range c.Body {
		if !slices.Contains(teamsElements, e.Type) || e.Type == "TextBlock" && e.Text == "" {
			return Message{}, false
		}
		lines = append(lines, e.lines()...)
	}
	m.Text = strings.Join(lines, "\n")
	var ok bool
	m.Mentions, ok = c.called(m.Text)
	return m, ok && len(lines) > 0
}

// teamsSize is the size of the card as a text within JSON.
func teamsSize(card []byte) int {
	text, _ := json.Marshal(string(card))
	return len(text)
}

func (e teamsElement) lines() []string {
	var lines []string
	if e.Text != "" {
		lines = append(lines, strings.ReplaceAll(e.Text, "\n\n", "\n"))
	}
	for _, f := range e.Facts {
		lines = append(lines, f.Title+": "+f.Value)
	}
	for _, a := range e.Actions {
		lines = append(lines, "["+a.Title+"] "+a.URL)
	}
	return lines
}

var teamsCall = regexp.MustCompile(`<at>([^<]*)</at>`)

// called returns who is called, and whether the text and the entities agree:
// Teams refuses a card where they do not.
func (c teamsCard) called(text string) (calls []string, ok bool) {
	tags := teamsCall.FindAllString(text, -1)
	for _, e := range c.Teams.Entities {
		if e.Type != "mention" || e.Mentioned.ID == "" || !slices.Contains(tags, e.Text) {
			return nil, false
		}
		calls = append(calls, e.Mentioned.ID)
	}
	return calls, len(tags) == len(c.Teams.Entities)
}

func teamsBodyOf(code, text string) string {
	type fault struct {
		Code    string `json:"code"`
		Message string `json:"message"`
	}
	b, _ := json.Marshal(map[string]fault{"error": {code, text}})
	return string(b)
}

// TeamsFault returns the fault that a flow refuses with the code.
func TeamsFault(status int, code, text string) Fault {
	return Fault{Status: status, Body: teamsBodyOf(code, text)}
}
