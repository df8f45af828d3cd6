// Package dingtalk tells people in a DingTalk (钉钉) group, through its custom
// robot.
//
// The vendor's pages are open.dingtalk.com/document/robots/custom-robot-access
// and …/customize-robot-security-settings, as of 2026-11. A robot takes 20
// messages a minute and then none for ten minutes. A message carries an
// idempotency key, so that one which may have arrived can be sent again.
package dingtalk

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"prowatch/notify"
	"prowatch/watch"
)

// vendor names the far side in outcomes.
const vendor = "DingTalk"

// Limits of the whole body, in bytes.
const (
	maxBody = 19_999 // 460101: message too long, exceed 20000 bytes

	// maxPlain is for the text that follows a markdown which was too long all the
	// same: 5000 is the limit of a text elsewhere in DingTalk (34016).
	maxPlain = 5_000
)

// maxTexts is how many notices a message shows, counted in each language: more
// are not read on a phone.
const maxTexts = 10

// Traits are what the assembly must know of the channel.
var Traits = notify.Traits{Idempotent: true, SecretKey: "secret"}

// Config is a channel of type dingtalk.
type Config struct {
	// Address holds the robot's webhook with its token:
	// https://oapi.dingtalk.com/robot/send?access_token=… Outside China the host
	// is oapi.dingtalk.io.
	notify.Address `yaml:",inline"`
	notify.Wording `yaml:",inline"`

	// Secret signs the requests: SEC…, from the robot's security setting
	// 加签 (signature). None leaves them unsigned, for a robot that has the
	// keyword "prowatch" or an IP list instead.
	Secret string `yaml:"secret"`

	// Mention calls members by mobile number, by user id, or all with "@all".
	Mention notify.Mention `yaml:"mention"`
}

type channel struct {
	client *http.Client
	url    *url.URL
	secret string
	voice  notify.Voice
	calls  map[watch.Severity]call
	now    func() time.Time
}

// New returns the channel. An error names the key of c that is wrong and the
// mend, and holds no secret.
func New(c Config, d notify.Deps) (watch.Notifier, error) {
	u, err := c.Address.Parse()
	if err != nil {
		return nil, err
	}
	if u.Query().Get("access_token") == "" {
		return nil, errors.New("url: has no token: copy the whole webhook URL of the robot, with ?access_token= at its end")
	}
	secret, err := parseSecret(c.Secret)
	if err != nil {
		return nil, err
	}
	voice, err := c.Wording.Voice(d)
	if err != nil {
		return nil, err
	}
	if err := c.Mention.Check(); err != nil {
		return nil, err
	}
	return &channel{client: d.Client, url: u, secret: secret, voice: voice, calls: parseMentions(c.Mention), now: d.Clock()}, nil
}

// A message is the body of a request. Markdown is the only rich form that can
// call people; it is used for every notice, so that a recovery looks like its
// alarm.
type message struct {
	Type     string    `json:"msgtype"`
	Markdown *markdown `json:"markdown,omitempty"`
	Text     *text     `json:"text,omitempty"`
	At       *call     `json:"at,omitempty"`

	// ID is the idempotency key. The two forms have one each: the vendor may
	// remember that of a form which it then refused.
	ID string `json:"msgUuid"`
}

type markdown struct {
	Title string `json:"title"` // for the banner and the list of chats
	Text  string `json:"text"`
}

type text struct {
	Content string `json:"content"`
}

// Send sends m as markdown, or as plain text if the robot finds that too long.
func (c *channel) Send(ctx context.Context, m watch.Message) watch.Outcome {
	doc := notify.Compose(m, c.voice)
	who := c.calls[doc.Severity]
	out := c.fit(ctx, doc, maxBody, func(d notify.Document) message {
		return message{Type: "markdown", Markdown: &markdown{d.Title, render(d, who)}, At: who.orNil(), ID: m.ID}
	})
	if out.Result == watch.Permanent && out.Code == codeTooLong {
		out = c.fit(ctx, doc, maxPlain, func(d notify.Document) message {
			return message{Type: "text", Text: &text{plain(d, who)}, At: who.orNil(), ID: m.ID + "-text"}
		})
	}
	return out
}

// fit sends the document in a body of at most limit bytes.
func (c *channel) fit(ctx context.Context, doc notify.Document, limit int, form func(notify.Document) message) watch.Outcome {
	small, ok := doc.Shrink(func(d notify.Document) bool {
		body, err := notify.JSON(form(d))
		return err == nil && len(body) <= limit && len(d.Texts) <= maxTexts
	})
	if !ok {
		return notify.Outcome(watch.Permanent, "", fmt.Sprintf("%s: the message is over %d bytes even without all that may be cut: mention fewer people", vendor, limit))
	}
	body, err := notify.JSON(form(small))
	if err != nil {
		return notify.Outcome(watch.Permanent, "", vendor+": "+err.Error())
	}
	return c.post(ctx, body)
}

// post signs each attempt anew: a signature holds for an hour, a warm function
// longer.
func (c *channel) post(ctx context.Context, body []byte) watch.Outcome {
	answer, out := notify.Post(ctx, c.client, notify.Request{
		Vendor: vendor, URL: signed(c.url, c.now(), c.secret), Body: body, Secrets: []string{c.secret}, Repeatable: true,
	})
	if out != nil {
		return *out
	}
	return judge(answer, c.secret != "")
}
