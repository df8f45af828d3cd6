// Package wecom tells people in a WeCom (企业微信) group, through its robot.
//
// The vendor's page is developer.work.weixin.qq.com/document/path/91770, as of
// 2025-08-07. A robot takes 20 messages a minute and has no idempotency key: a
// message that may have arrived and is sent again is there twice.
package wecom

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"prowatch/notify"
	"prowatch/watch"
)

// vendor names the far side in outcomes.
const vendor = "WeCom"

// Limits of the content, in bytes.
const (
	maxMarkdown = 4096
	maxText     = 2048
)

// Traits are what the assembly must know of the channel. Its only secret is
// the key in its url.
var Traits = notify.Traits{}

// Config is a channel of type wecom.
type Config struct {
	// Address holds the robot's webhook with its key:
	// https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=… A private deployment
	// has another host.
	notify.Address `yaml:",inline"`
	notify.Wording `yaml:",inline"`

	// Mention calls members by user id, by mobile number, or all with "@all".
	Mention notify.Mention `yaml:"mention"`
}

type channel struct {
	client  *http.Client
	url     *url.URL
	voice   notify.Voice
	mention notify.Mention
}

// New returns the channel. An error names the key of c that is wrong and the
// mend, and holds no secret.
func New(c Config, d notify.Deps) (watch.Notifier, error) {
	u, err := c.Address.Parse()
	if err != nil {
		return nil, err
	}
	if u.Query().Get("key") == "" {
		return nil, errors.New("url: has no key: copy the whole webhook URL of the group robot, with ?key= at its end")
	}
	voice, err := c.Wording.Voice(d)
	if err != nil {
		return nil, err
	}
	if err := c.Mention.Check(); err != nil {
		return nil, err
	}
	return &channel{client: d.Client, url: u, voice: voice, mention: c.Mention}, nil
}

// Send sends m as markdown, or as plain text if the robot finds that too long,
// and then calls those who are to be called in a message of its own.
func (c *channel) Send(ctx context.Context, m watch.Message) watch.Outcome {
	doc := notify.Compose(m, c.voice)
	called := parseMentions(c.mention[doc.Severity])
	content, ok := doc.Fit(maxMarkdown, func(d notify.Document) string { return markdown(d, called.users) })
	if !ok {
		return notify.Outcome(watch.Permanent, "", vendor+": the message is over 4096 bytes even without all that may be cut: mention fewer people")
	}
	out := c.post(ctx, map[string]any{"msgtype": "markdown", "markdown": map[string]any{"content": content}})
	if out.Result == watch.Permanent && out.Code == codeTooLong {
		out = c.sendPlain(ctx, doc)
	}
	if out.Result == watch.Sent && called.needText() {
		out.Text += c.call(ctx, doc, called)
	}
	return out
}

func (c *channel) sendPlain(ctx context.Context, doc notify.Document) watch.Outcome {
	content, ok := doc.Fit(maxText, notify.Plain)
	if !ok {
		return notify.Outcome(watch.Permanent, codeTooLong, vendor+": the message is over 2048 bytes even without all that may be cut")
	}
	return c.post(ctx, map[string]any{"msgtype": "text", "text": map[string]any{"content": content}})
}

// call sends the second message, for only a text can call everybody or a mobile
// number. It is best effort: the notice has arrived already. It returns what to
// add to the proof.
func (c *channel) call(ctx context.Context, doc notify.Document, m mentions) string {
	out := c.post(ctx, map[string]any{"msgtype": "text", "text": map[string]any{
		"content": doc.Title, "mentioned_list": m.all, "mentioned_mobile_list": m.mobiles}})
	if out.Result == watch.Sent {
		return ""
	}
	return fmt.Sprintf("; the call to %s did not go through", m)
}

func (c *channel) post(ctx context.Context, body any) watch.Outcome {
	b, err := notify.JSON(body)
	if err != nil {
		return notify.Outcome(watch.Permanent, "", vendor+": "+err.Error())
	}
	answer, out := notify.Post(ctx, c.client, notify.Request{Vendor: vendor, URL: c.url, Body: b})
	if out != nil {
		return *out
	}
	return answer.ByCode(codes)
}
