// Package discord tells people in a Discord channel, through a webhook.
//
// The vendor's page is docs.discord.com/developers/resources/webhook#execute-webhook,
// as of 2026-11. Without wait=true a message that is not saved returns no
// error, so every request has it. A webhook has no idempotency key: a message
// that may have arrived and is sent again is there twice.
package discord

import (
	"context"
	"net/http"
	"net/url"

	"prowatch/notify"
	"prowatch/watch"
)

// vendor names the far side in outcomes.
const vendor = "Discord"

// Traits are what the assembly must know of the channel. Its url is its only
// secret.
var Traits = notify.Traits{}

// Config is a channel of type discord.
type Config struct {
	// Address holds the webhook: https://discord.com/api/webhooks/ID/TOKEN, for a
	// thread or a forum with ?thread_id=… at its end.
	notify.Address `yaml:",inline"`
	notify.Wording `yaml:",inline"`

	// Mention calls users by id ("80351110224678912"), roles by id with an
	// ampersand ("&165511591545143296"), or all with "@here" or "@everyone".
	Mention notify.Mention `yaml:"mention"`
}

type channel struct {
	client *http.Client
	url    *url.URL
	voice  notify.Voice
	calls  map[watch.Severity]calls
}

// New returns the channel. An error names the key of c that is wrong and the
// mend, and holds no secret.
func New(c Config, d notify.Deps) (watch.Notifier, error) {
	u, err := c.Address.Parse()
	if err != nil {
		return nil, err
	}
	if u, err = endpoint(u); err != nil {
		return nil, err
	}
	voice, err := c.Wording.Voice(d)
	if err != nil {
		return nil, err
	}
	calls, err := parseMentions(c.Mention)
	if err != nil {
		return nil, err
	}
	return &channel{client: d.Client, url: u, voice: voice, calls: calls}, nil
}

// A payload is a request.
type payload struct {
	Content string   `json:"content"`
	Embeds  []embed  `json:"embeds,omitempty"`
	Allowed mentions `json:"allowed_mentions"`
	Flags   int      `json:"flags,omitempty"`
}

// flagNoPreview keeps Discord from showing previews of links (SUPPRESS_EMBEDS).
const flagNoPreview = 1 << 2

// Send sends m as embeds, or as text alone if Discord does not take the embeds.
func (c *channel) Send(ctx context.Context, m watch.Message) watch.Outcome {
	doc := notify.Compose(m, c.voice)
	call := c.calls[doc.Severity]
	rich, ok := doc.Shrink(func(d notify.Document) bool { return fits(embeds(d)) })
	head := content(doc, call)
	if !ok || notify.Units(head) > maxContent {
		return c.sendPlain(ctx, doc, call)
	}
	out := c.post(ctx, payload{Content: head, Embeds: embeds(rich), Allowed: call.allowed})
	if embedsRefused[out.Code] {
		return c.sendPlain(ctx, doc, call)
	}
	return out
}

func (c *channel) sendPlain(ctx context.Context, doc notify.Document, call calls) watch.Outcome {
	small, ok := doc.Shrink(func(d notify.Document) bool { return notify.Units(plain(d, call)) <= maxContent })
	if !ok {
		return notify.Outcome(watch.Permanent, "", vendor+": the message is over 2000 characters even without all that may be cut: set a shorter runbook url")
	}
	return c.post(ctx, payload{Content: plain(small, call), Allowed: call.allowed, Flags: flagNoPreview})
}

func (c *channel) post(ctx context.Context, p payload) watch.Outcome {
	body, err := notify.JSON(p)
	if err != nil {
		return notify.Outcome(watch.Permanent, "", vendor+": "+err.Error())
	}
	answer, out := notify.Post(ctx, c.client, notify.Request{Vendor: vendor, URL: c.url, Body: body})
	if out != nil {
		return *out
	}
	return judge(answer)
}
