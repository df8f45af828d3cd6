// Package telegram tells people in a Telegram chat, through a bot.
//
// The vendor's page is core.telegram.org/bots/api#sendmessage. A bot sends some
// 20 messages a minute to a group; a refusal says how long to wait. There is no
// idempotency key: a message that may have arrived and is sent again is there
// twice. Mainland China cannot reach the service without a proxy.
package telegram

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"prowatch/notify"
	"prowatch/watch"
)

// vendor names the far side in outcomes.
const vendor = "Telegram"

// defaultBase is the vendor's own server; one may run another
// (github.com/tdlib/telegram-bot-api).
const defaultBase = "https://api.telegram.org"

// maxText is the limit of a message as it is read, without its markup, in
// UTF-16 units.
const maxText = 4096

// Traits are what the assembly must know of the channel.
var Traits = notify.Traits{SecretKey: "token"}

// Config is a channel of type telegram.
type Config struct {
	// Address is another server than the vendor's.
	notify.Address `yaml:",inline"`
	notify.Wording `yaml:",inline"`

	// Token is the bot's, from @BotFather: 123456:ABC… It is a secret.
	Token string `yaml:"token"`

	// ChatID is the chat: a number, negative for groups, or the @name of a
	// public one.
	ChatID string `yaml:"chat_id"`

	// Mention calls people by user id or @username.
	Mention notify.Mention `yaml:"mention"`
}

type channel struct {
	client  *http.Client
	url     *url.URL // with the token in its path
	secrets []string
	chat    string
	voice   notify.Voice
	mention notify.Mention
}

// The forms of a token and of a chat.
var (
	tokenForm = regexp.MustCompile(`^[0-9]+:[A-Za-z0-9_-]+$`)
	chatForm  = regexp.MustCompile(`^(-?[0-9]+|@[A-Za-z][A-Za-z0-9_]+)$`)
)

// New returns the channel. An error names the key of c that is wrong and the
// mend, and holds no secret.
func New(c Config, d notify.Deps) (watch.Notifier, error) {
	if c.URL == "" {
		c.URL = defaultBase
	}
	base, err := c.Address.Parse()
	if err != nil {
		return nil, err
	}
	token, chat := strings.TrimSpace(c.Token), strings.TrimSpace(c.ChatID)
	if !tokenForm.MatchString(token) {
		return nil, errors.New("token: is no token of a bot: copy it whole from @BotFather, as 123456:ABC…")
	}
	if !chatForm.MatchString(chat) {
		return nil, errors.New(`chat_id: is no chat: write its number, in quotes, such as "-1001234567890", or the @name of a public chat`)
	}
	voice, err := c.Wording.Voice(d)
	if err != nil {
		return nil, err
	}
	if err := c.Mention.Check(); err != nil {
		return nil, err
	}
	_, secret, _ := strings.Cut(token, ":")
	return &channel{
		client: d.Client, url: base.JoinPath("bot"+token, "sendMessage"), secrets: []string{token, secret},
		chat: chat, voice: voice, mention: c.Mention,
	}, nil
}

// message is the body of sendMessage.
type message struct {
	ChatID  string  `json:"chat_id"`
	Text    string  `json:"text"`
	Mode    string  `json:"parse_mode,omitempty"`
	Preview preview `json:"link_preview_options"`
}

type preview struct {
	Disabled bool `json:"is_disabled"`
}

// Send sends m as HTML, or as plain text if the bot API refuses that form. A
// group that became a supergroup has a new id, which the answer names: the
// message goes there, and the proof says what to set.
func (c *channel) Send(ctx context.Context, m watch.Message) watch.Outcome {
	doc := notify.Compose(m, c.voice)
	called := c.mention[doc.Severity]
	small, ok := doc.Shrink(func(d notify.Document) bool { return notify.Units(visible(render(d, called))) <= maxText })
	if !ok {
		return notify.Outcome(watch.Permanent, "", vendor+": the message is over 4096 characters even without all that may be cut: mention fewer people")
	}
	msg := message{ChatID: c.chat, Text: render(small, called), Mode: "HTML", Preview: preview{Disabled: true}}
	out, said := c.post(ctx, msg)
	moved := ""
	if to := said.Parameters.MigrateTo.String(); to != "" {
		moved = fmt.Sprintf("; the group has a new id: set chat_id: %q", to)
		msg.ChatID = to
		out, said = c.post(ctx, msg)
	}
	if said.refusesForm() {
		if msg.Text, ok = doc.Fit(maxText, notify.Plain); ok {
			msg.Mode = ""
			out, _ = c.post(ctx, msg)
		}
	}
	if out.Result == watch.Sent {
		out.Text += moved
	}
	return out
}

func (c *channel) post(ctx context.Context, m message) (watch.Outcome, answer) {
	b, err := notify.JSON(m)
	if err != nil {
		return notify.Outcome(watch.Permanent, "", vendor+": "+err.Error()), answer{}
	}
	a, out := notify.Post(ctx, c.client, notify.Request{Vendor: vendor, URL: c.url, Body: b, Secrets: c.secrets})
	if out != nil {
		return *out, answer{}
	}
	return judge(a)
}
