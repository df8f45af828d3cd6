// Package webhook sends each notice to a URL of one's own, as a CloudEvent
// signed the Standard Webhooks way.
//
// The body is a CloudEvent 1.0 in structured JSON; its data is the notice, and
// it has no extensions. Where a secret is set, the headers webhook-id,
// webhook-timestamp and webhook-signature are those of standardwebhooks.com;
// any of its libraries verifies them. Without one the request is unsigned, and
// the receiver has nothing but the secrecy of its URL.
//
// The id stays the same however often a notice is sent: a receiver that drops
// an id it has seen gets each notice once.
package webhook

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"prowatch/notify"
	"prowatch/watch"
)

// vendor names the far side in outcomes.
const vendor = "webhook"

// Traits are what the assembly must know of the channel.
var Traits = notify.Traits{Single: true, Idempotent: true, SecretKey: "secret"}

// Config is a channel of type webhook.
type Config struct {
	notify.Address `yaml:",inline"`

	// Secret signs the requests: "whsec_" and 24 to 64 random bytes in base64.
	// Several, with a space between, sign with each, to change one without a
	// gap. None leaves the requests unsigned.
	Secret string `yaml:"secret"`
}

type channel struct {
	client  *http.Client
	url     *url.URL
	keys    signer
	secrets []string
	now     func() time.Time
}

// New returns the channel. An error names the key of c that is wrong and the
// mend, and holds no secret.
func New(c Config, d notify.Deps) (watch.Notifier, error) {
	u, err := c.Address.Parse()
	if err != nil {
		return nil, err
	}
	keys, texts, err := parseSecrets(c.Secret)
	if err != nil {
		return nil, err
	}
	return &channel{client: d.Client, url: u, keys: keys, secrets: texts, now: d.Clock()}, nil
}

// Send sends the one notice of m. The receiver's 2xx is the proof; 202 says that
// it has only queued it.
func (c *channel) Send(ctx context.Context, m watch.Message) watch.Outcome {
	if len(m.Items) != 1 {
		return notify.Outcome(watch.Permanent, "", fmt.Sprintf("webhook: a request carries one notice, not %d: this is a fault of prowatch", len(m.Items)))
	}
	body, err := event(m)
	if err != nil {
		return notify.Outcome(watch.Permanent, "", vendor+": "+err.Error())
	}
	answer, out := notify.Post(ctx, c.client, notify.Request{
		Vendor: vendor, URL: c.url, Body: body, Header: c.header(m.ID, body),
		Secrets: c.secrets, Repeatable: true,
	})
	if out != nil {
		return *out
	}
	if out, refused := answer.Refusal(); refused {
		return out
	}
	if answer.Status == http.StatusAccepted {
		return answer.Outcome(watch.Accepted, "", "queued by the receiver, HTTP 202")
	}
	return answer.Outcome(watch.Sent, "", "delivered, HTTP "+strconv.Itoa(answer.Status))
}

func (c *channel) header(id string, body []byte) http.Header {
	h := http.Header{"Content-Type": {contentType}}
	if len(c.keys) > 0 {
		now := c.now()
		h.Set("Webhook-Id", id)
		h.Set("Webhook-Timestamp", strconv.FormatInt(now.Unix(), 10))
		h.Set("Webhook-Signature", c.keys.sign(id, now, body))
	}
	return h
}
