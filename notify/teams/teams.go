// Package teams tells people in a Microsoft Teams channel or chat, through a
// flow of the Workflows app ("Send webhook alerts to a channel").
//
// The flow answers 202 when it has queued a message, and posts it later. What
// Teams refuses then, for its size or its form, stands in the flow's run
// history alone. So a message is accepted at best and never sent, and the cards
// stay well within the limits. There is no idempotency key.
package teams

import (
	"context"
	"net/http"
	"net/url"

	"prowatch/notify"
	"prowatch/watch"
)

// vendor names the far side in outcomes.
const vendor = "Teams"

// Traits are what the assembly must know of the channel. Its url is its only
// secret.
var Traits = notify.Traits{}

// Config is a channel of type teams.
type Config struct {
	// Address holds the URL that the flow shows when it is saved, with its sig.
	// Its host differs by environment.
	notify.Address `yaml:",inline"`
	notify.Wording `yaml:",inline"`

	// Mention calls people by their sign-in name ("zhang@example.com") or object
	// id, with a name to show: "Zhang San <zhang@example.com>". There is no way
	// to call everybody.
	Mention notify.Mention `yaml:"mention"`
}

type channel struct {
	client *http.Client
	url    *url.URL
	voice  notify.Voice
	people map[watch.Severity][]person
}

// New returns the channel. An error names the key of c that is wrong and the
// mend, and holds no secret.
func New(c Config, d notify.Deps) (watch.Notifier, error) {
	u, err := c.Address.Parse()
	if err != nil {
		return nil, err
	}
	if err := checkURL(u); err != nil {
		return nil, err
	}
	voice, err := c.Wording.Voice(d)
	if err != nil {
		return nil, err
	}
	people, err := parseMentions(c.Mention)
	if err != nil {
		return nil, err
	}
	return &channel{client: d.Client, url: u, voice: voice, people: people}, nil
}

// Send sends m as a card, or as a small one without a layout if the flow finds
// that too large.
func (c *channel) Send(ctx context.Context, m watch.Message) watch.Outcome {
	doc := notify.Compose(m, c.voice)
	people := c.people[doc.Severity]
	rich, ok := doc.Shrink(func(d notify.Document) bool { return size(cardOf(d, people)) <= maxCard })
	if !ok {
		return c.sendPlain(ctx, doc, people)
	}
	out := c.post(ctx, cardOf(rich, people))
	if out.Code == codeLarge || out.Code == "413" {
		return c.sendPlain(ctx, doc, people)
	}
	return out
}

func (c *channel) sendPlain(ctx context.Context, doc notify.Document, people []person) watch.Outcome {
	small, ok := doc.Shrink(func(d notify.Document) bool { return size(plainCard(d, people)) <= maxPlain })
	if !ok {
		return notify.Outcome(watch.Permanent, "", vendor+": the message is too large even without all that may be cut: set a shorter runbook url")
	}
	return c.post(ctx, plainCard(small, people))
}

// A message is a request.
type message struct {
	Type        string       `json:"type"`
	Attachments []attachment `json:"attachments"`
}

type attachment struct {
	ContentType string  `json:"contentType"`
	ContentURL  *string `json:"contentUrl"` // null
	Content     card    `json:"content"`
}

func (c *channel) post(ctx context.Context, content card) watch.Outcome {
	body, err := notify.JSON(message{Type: "message", Attachments: []attachment{{
		ContentType: "application/vnd.microsoft.card.adaptive", Content: content}}})
	if err != nil {
		return notify.Outcome(watch.Permanent, "", vendor+": "+err.Error())
	}
	answer, out := notify.Post(ctx, c.client, notify.Request{Vendor: vendor, URL: c.url, Body: body})
	if out != nil {
		return *out
	}
	return judge(answer)
}
