// Package pagerduty opens and resolves PagerDuty alerts, by Events API v2.
//
// There is an alert for each problem of each account. Its dedup_key is made of
// the two, so that whatever is said of the problem later belongs to the alert:
//
//   - A notice that opens a problem, or raises or repeats it, triggers the alert.
//   - A notice that resolves problems resolves the alert of each.
//   - A notice that does both sends both, the trigger first, as one delivery.
//   - Any other notice, and that of prowatch notify test, is a change event. It
//     pages nobody, stands beside the incidents of the service, and proves that
//     the key works. Only a problem pages, for only a problem ends.
//
// Sending an event again adds a line to the log of its alert and no page. The
// vendor's page is developer.pagerduty.com/docs/events-api-v2-overview.
package pagerduty

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"prowatch/notify"
	"prowatch/watch"
)

// vendor names the far side in outcomes.
const vendor = "PagerDuty"

// defaultBase is the vendor's server for accounts of its US region.
const defaultBase = "https://events.pagerduty.com"

// Traits are what the assembly must know of the channel.
var Traits = notify.Traits{Single: true, Idempotent: true, SecretKey: "routing_key"}

// Config is a channel of type pagerduty.
type Config struct {
	// Address is another server than the US region's, such as
	// https://events.eu.pagerduty.com.
	notify.Address `yaml:",inline"`
	notify.Wording `yaml:",inline"`

	// RoutingKey is the Integration Key of an Events API v2 integration. It is a
	// secret.
	RoutingKey string `yaml:"routing_key"`
}

type channel struct {
	client *http.Client
	base   *url.URL
	key    string
	voice  notify.Voice
}

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
	if base.Path = strings.TrimSuffix(strings.TrimSuffix(base.Path, "/"), "/v2/enqueue"); base.RawQuery != "" {
		return nil, errors.New("url: has a query: write only the server, such as " + defaultBase)
	}
	key := strings.TrimSpace(c.RoutingKey)
	if key == "" || strings.ContainsAny(key, " \t\r\n") {
		return nil, errors.New("routing_key: is missing or no key: set it to the Integration Key of an Events API v2 integration")
	}
	voice, err := c.Wording.Voice(d)
	if err != nil {
		return nil, err
	}
	return &channel{client: d.Client, base: base, key: key, voice: voice}, nil
}

// Send sends the events of m's one notice, each until one is refused. All of
// them are sent again with the next attempt.
func (c *channel) Send(ctx context.Context, m watch.Message) watch.Outcome {
	if len(m.Items) != 1 {
		return notify.Outcome(watch.Permanent, "", fmt.Sprintf("%s: an event is of one notice, not %d: this is a fault of prowatch", vendor, len(m.Items)))
	}
	bodies, done, err := c.bodies(m)
	if err != nil {
		return notify.Outcome(watch.Permanent, "", vendor+": "+err.Error())
	}
	for i, b := range bodies {
		out := c.post(ctx, b)
		if out.Result != watch.Sent {
			if i > 0 {
				out.Text = notify.Clip(fmt.Sprintf("%s (event %d of %d)", out.Text, i+1, len(bodies)), 300)
			}
			return out
		}
	}
	return notify.Outcome(watch.Sent, "", vendor+": "+done)
}

// post sends one event. The proof is 202 and the status "success".
func (c *channel) post(ctx context.Context, b body) watch.Outcome {
	a, out := notify.Post(ctx, c.client, notify.Request{
		Vendor: vendor, URL: c.base.JoinPath(b.path), Body: b.json, Secrets: []string{c.key}, Repeatable: true,
	})
	if out != nil {
		return *out
	}
	var said answer
	if json.Unmarshal(a.Body, &said) != nil {
		said = answer{}
	}
	if a.Status == http.StatusBadRequest && said.Status != "" {
		return a.Apply(said.verdict(), "400", said.String())
	}
	if out, refused := a.Refusal(); refused {
		return out
	}
	if a.Status != http.StatusAccepted || said.Status != "success" {
		return a.Unproved("202 with status success")
	}
	return a.Outcome(watch.Sent, "", "taken")
}

// answer is what the API answers.
type answer struct {
	Status  string   `json:"status"`
	Message string   `json:"message"`
	Errors  []string `json:"errors"`
}

func (a answer) String() string {
	return strings.Trim(a.Message+": "+strings.Join(a.Errors, "; "), ": ")
}

// verdict tells a wrong key from another fault of the event.
func (a answer) verdict() notify.Verdict {
	text := strings.ToLower(a.String())
	if strings.Contains(text, "routing") || strings.Contains(text, "service key") {
		return notify.Verdict{Result: watch.Permanent, Reason: "the routing_key is refused: set it to the Integration Key of an Events API v2 integration"}
	}
	return notify.Verdict{Result: watch.Permanent, Reason: "the event is refused"}
}
