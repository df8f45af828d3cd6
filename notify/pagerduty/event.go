package pagerduty

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"time"

	"prowatch/notify"
	"prowatch/watch"
)

// Limits of an event (developer.pagerduty.com/docs/events-api-v2/trigger-events).
const (
	maxSummary = 1024      // characters, of which a byte is never more
	maxKey     = 255       // characters
	maxBody    = 512 << 10 // bytes
)

// The addresses that events go to.
const (
	alertPath  = "v2/enqueue"
	changePath = "v2/change/enqueue"
)

// event is an alert event, or without an action a change event.
type event struct {
	RoutingKey string  `json:"routing_key"`
	Action     string  `json:"event_action,omitempty"`
	DedupKey   string  `json:"dedup_key,omitempty"`
	Client     string  `json:"client,omitempty"`
	ClientURL  string  `json:"client_url,omitempty"`
	Payload    payload `json:"payload"`
	Links      []link  `json:"links,omitzero"` // a change event needs the list, an empty one too
}

type payload struct {
	Summary   string    `json:"summary"`
	Source    string    `json:"source"`
	Severity  string    `json:"severity,omitempty"`
	Timestamp time.Time `json:"timestamp"`
	Component string    `json:"component,omitempty"`
	Class     string    `json:"class,omitempty"`
	Details   details   `json:"custom_details"`
}

type link struct {
	Href string `json:"href"`
	Text string `json:"text,omitempty"`
}

// body is an encoded event and where it goes.
type body struct {
	path string
	json []byte
}

// bodies returns the events of a notice, cut to the size that is taken, and what
// to say when all of them were.
func (c *channel) bodies(m watch.Message) (_ []body, done string, err error) {
	n := &m.Items[0].Notice
	events, done := c.events(n)
	d, ok := notify.Compose(m, c.voice).Shrink(func(d notify.Document) bool {
		bodies, err := c.encode(events, n, d)
		return err != nil || !slices.ContainsFunc(bodies, func(b body) bool { return len(b.json) > maxBody })
	})
	if !ok {
		return nil, "", errors.New("the event is over 512 KiB even without all that may be cut")
	}
	bodies, err := c.encode(events, n, d)
	return bodies, done, err
}

// events returns what a notice does to the alerts, without its words.
func (c *channel) events(n *watch.Notice) (events []event, done string) {
	var said []string
	alert := func(action, done, problem string, severity watch.Severity) {
		events = append(events, event{
			RoutingKey: c.key, Action: action, DedupKey: dedupKey(n.Account, problem),
			Payload: payload{Severity: string(severity)},
		})
		said = append(said, done+" "+problem)
	}
	switch {
	case n.Opens != "":
		alert("trigger", "triggered", n.Opens, n.Severity)
	case n.Type == watch.ProblemReminder && n.Problem != "":
		alert("trigger", "triggered", n.Problem, n.Severity)
	}
	for _, problem := range n.Resolves {
		alert("resolve", "resolved", problem, watch.Info)
	}
	if len(events) == 0 {
		return []event{{RoutingKey: c.key}}, "recorded as a change event, HTTP 202: it opens and resolves no problem, so nobody is paged"
	}
	for i := range events {
		events[i].Client, events[i].ClientURL = "prowatch", c.voice.Page
	}
	return events, strings.Join(said, ", ") + ", HTTP 202"
}

// dedupKey names the alert of a problem of an account. A key that would be too
// long is hashed.
func dedupKey(account, problem string) string {
	key := "prowatch:" + account + ":" + problem
	if len(key) > maxKey {
		sum := sha256.Sum256([]byte(key))
		return "prowatch:" + hex.EncodeToString(sum[:])
	}
	return key
}

// encode puts the words of the document into the events.
func (c *channel) encode(events []event, n *watch.Notice, d notify.Document) ([]body, error) {
	bodies := make([]body, len(events))
	for i, e := range events {
		e.Payload.Summary = notify.Clip(d.Title, maxSummary)
		e.Payload.Source, e.Payload.Timestamp = n.Account, n.At.UTC()
		e.Payload.Details = c.details(n, d)
		e.Links = links(d)
		bodies[i].path = changePath
		if e.Action == "" && e.Links == nil {
			e.Links = []link{}
		}
		if e.Action != "" {
			bodies[i].path = alertPath
			e.Payload.Component, e.Payload.Class = "tcss", string(n.Type)
		}
		var err error
		if bodies[i].json, err = notify.JSON(e); err != nil {
			return nil, err
		}
	}
	return bodies, nil
}

// links are the pages to act on, once in whatever language.
func links(d notify.Document) []link {
	var all []link
	for _, r := range d.Texts[0].Rows {
		if r.URL != "" {
			all = append(all, link{r.URL, r.Label})
		}
	}
	return all
}
