// Package slack tells people in a Slack channel, through an incoming webhook.
//
// The vendor's pages are docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
// and docs.slack.dev/reference/block-kit, as of 2026-11. A webhook takes about
// one message a second and has no idempotency key: a message that may have
// arrived and is sent again is there twice.
package slack

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"

	"prowatch/notify"
	"prowatch/watch"
)

// vendor names the far side in outcomes.
const vendor = "Slack"

// Traits are what the assembly must know of the channel. Its url is its only
// secret.
var Traits = notify.Traits{}

// Config is a channel of type slack.
type Config struct {
	// Address holds the webhook: https://hooks.slack.com/services/T…/B…/… A chat
	// that takes the same messages, such as Mattermost, has another host.
	notify.Address `yaml:",inline"`
	notify.Wording `yaml:",inline"`

	// Mention calls members by id ("U024BE7LH"), user groups by id
	// ("SAZ94GDB8"), or all with "@here" or "@channel".
	Mention notify.Mention `yaml:"mention"`
}

type channel struct {
	client *http.Client
	url    *url.URL
	voice  notify.Voice
	calls  map[watch.Severity][]string
}

// New returns the channel. An error names the key of c that is wrong and the
// mend, and holds no secret.
func New(c Config, d notify.Deps) (watch.Notifier, error) {
	u, err := c.Address.Parse()
	if err != nil {
		return nil, err
	}
	if err := checkPath(u); err != nil {
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

var webhookPath = regexp.MustCompile(`^/services/[^/]+/[^/]+/[^/]+$`)

// checkPath tells Slack's webhook URL from its others: a workflow's trigger
// takes variables only and would drop the message.
func checkPath(u *url.URL) error {
	if u.Hostname() == "hooks.slack.com" && !webhookPath.MatchString(u.Path) {
		return errors.New("url: is not that of an incoming webhook: add Incoming Webhooks to the channel and copy the URL, https://hooks.slack.com/services/…")
	}
	return nil
}

// A payload is a request. With blocks, the text is what banners, screen readers
// and chats without Block Kit show.
type payload struct {
	Text        string  `json:"text"`
	Blocks      []block `json:"blocks,omitempty"`
	UnfurlLinks bool    `json:"unfurl_links"`
	UnfurlMedia bool    `json:"unfurl_media"`
}

// Send sends m as blocks, or as text alone if Slack does not take the blocks.
func (c *channel) Send(ctx context.Context, m watch.Message) watch.Outcome {
	doc := notify.Compose(m, c.voice)
	calls := c.calls[doc.Severity]
	small, ok := doc.Shrink(func(d notify.Document) bool { return notify.Units(text(d, calls)) <= maxText })
	if !ok {
		return notify.Outcome(watch.Permanent, "", vendor+": the message is over 4000 characters even without all that may be cut: set a shorter runbook url")
	}
	p := payload{Text: text(small, calls)}
	if rich, ok := doc.Shrink(func(d notify.Document) bool { return fits(blocks(d, calls)) }); ok {
		p.Blocks = blocks(rich, calls)
	}
	out := c.post(ctx, p)
	if p.Blocks != nil && blocksRefused[out.Code] {
		p.Blocks = nil
		out = c.post(ctx, p)
	}
	return out
}

func (c *channel) post(ctx context.Context, p payload) watch.Outcome {
	body, err := notify.JSON(p)
	if err != nil {
		return notify.Outcome(watch.Permanent, "", vendor+": "+err.Error())
	}
	answer, out := notify.Post(ctx, c.client, notify.Request{
		Vendor: vendor, URL: c.url, Body: body, Secrets: []string{c.url.EscapedPath()},
	})
	if out != nil {
		return *out
	}
	return judge(answer)
}
