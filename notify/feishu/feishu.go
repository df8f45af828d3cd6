// Package feishu tells people in a Feishu (飞书) or Lark group, through its
// custom bot.
//
// The vendor's page is open.feishu.cn/document/client-docs/bot-v3/add-custom-bot,
// as of 2026-11. A bot takes 100 messages a minute and 5 a second, and has no
// idempotency key: a message that may have arrived and is sent again is there
// twice.
package feishu

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"prowatch/notify"
	"prowatch/watch"
)

// vendor names the far side in outcomes.
const vendor = "Feishu"

// Limits of the whole body, in bytes.
const (
	maxBody = 20_000 // "20 KB", by the smaller reading

	// maxPlain is for the text that follows a card which was refused: so short
	// that its length is no question.
	maxPlain = 4_000
)

// maxTexts is how many notices a card shows, counted in each language: more are
// not read on a phone.
const maxTexts = 10

// Traits are what the assembly must know of the channel.
var Traits = notify.Traits{SecretKey: "secret"}

// Config is a channel of type feishu.
type Config struct {
	// Address holds the bot's webhook: https://open.feishu.cn/open-apis/bot/v2/hook/…
	// For Lark the host is open.larksuite.com.
	notify.Address `yaml:",inline"`
	notify.Wording `yaml:",inline"`

	// Secret signs the requests, from the bot's security setting 签名校验 (set
	// signature verification). None leaves them unsigned, for a bot that has the
	// keyword "prowatch" or an IP list instead.
	Secret string `yaml:"secret"`

	// Mention calls members by open_id (ou_…) or user_id, or all with "@all".
	Mention notify.Mention `yaml:"mention"`
}

type channel struct {
	client *http.Client
	url    *url.URL
	secret string
	voice  notify.Voice
	calls  map[watch.Severity][]string
	now    func() time.Time
}

// New returns the channel. An error names the key of c that is wrong and the
// mend, and holds no secret.
func New(c Config, d notify.Deps) (watch.Notifier, error) {
	u, err := c.Address.Parse()
	if err != nil {
		return nil, err
	}
	if !hookPath.MatchString(u.Path) {
		return nil, errors.New("url: is not that of a custom bot: copy the whole webhook URL, https://open.feishu.cn/open-apis/bot/v2/hook/…")
	}
	voice, err := c.Wording.Voice(d)
	if err != nil {
		return nil, err
	}
	calls, err := parseMentions(c.Mention)
	if err != nil {
		return nil, err
	}
	return &channel{client: d.Client, url: u, secret: strings.TrimSpace(c.Secret), voice: voice, calls: calls, now: d.Clock()}, nil
}

// hookPath is the end of the webhook's path. That of the first generation of
// bots, /open-apis/bot/hook/…, takes other messages.
var hookPath = regexp.MustCompile(`/bot/v2/hook/[^/]+$`)

// A message is the body of a request.
type message struct {
	Timestamp string `json:"timestamp,omitempty"`
	Sign      string `json:"sign,omitempty"`
	Type      string `json:"msg_type"`
	Card      *card  `json:"card,omitempty"`
	Content   *text  `json:"content,omitempty"`
}

type text struct {
	Text string `json:"text"`
}

// Send sends m as a card, or as plain text if the bot does not take the card.
func (c *channel) Send(ctx context.Context, m watch.Message) watch.Outcome {
	doc := notify.Compose(m, c.voice)
	who := c.calls[doc.Severity]
	out := c.fit(ctx, doc, maxBody, func(d notify.Document) message {
		return message{Type: "interactive", Card: newCard(d, who)}
	})
	if out.Result == watch.Permanent && cardRefused[out.Code] {
		out = c.fit(ctx, doc, maxPlain, func(d notify.Document) message {
			return message{Type: "text", Content: &text{plain(d, who)}}
		})
	}
	return out
}

// fit signs the document anew, for a signature holds for an hour and a warm
// function longer, and sends it in a body of at most limit bytes.
func (c *channel) fit(ctx context.Context, doc notify.Document, limit int, form func(notify.Document) message) watch.Outcome {
	stamp, signature := sign(c.now(), c.secret)
	body := func(d notify.Document) ([]byte, error) {
		m := form(d)
		m.Timestamp, m.Sign = stamp, signature
		return notify.JSON(m)
	}
	small, ok := doc.Shrink(func(d notify.Document) bool {
		b, err := body(d)
		return err == nil && len(b) <= limit && len(d.Texts) <= maxTexts
	})
	if !ok {
		return notify.Outcome(watch.Permanent, "", fmt.Sprintf("%s: the message is over %d bytes even without all that may be cut: mention fewer people", vendor, limit))
	}
	b, err := body(small)
	if err != nil {
		return notify.Outcome(watch.Permanent, "", vendor+": "+err.Error())
	}
	answer, out := notify.Post(ctx, c.client, notify.Request{
		Vendor: vendor, URL: c.url, Body: b, Secrets: []string{c.secret, signature},
	})
	if out != nil {
		return *out
	}
	return judge(answer, c.secret != "")
}
