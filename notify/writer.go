package notify

import (
	"maps"
	"net/url"
	"strconv"
	"strings"
	"time"

	"prowatch/watch"
)

// A writer writes one notice in one language.
type writer struct {
	c      Catalogue
	item   watch.Item
	n      watch.Notice
	now    time.Time // when the message is sent
	zone   *time.Location
	values map[string]string
	own    map[watch.Type]template
}

func newWriter(c Catalogue, v Voice, m watch.Message, item watch.Item) *writer {
	w := &writer{c: c, item: item, n: item.Notice, now: m.At, zone: v.Zone, own: v.templates}
	if w.now.IsZero() {
		w.now = w.n.At
	}
	switch {
	case !w.n.EndTime.IsZero():
		w.zone = w.n.EndTime.Location()
	case w.zone == nil:
		w.zone = time.UTC
	}
	w.values = w.collect()
	return w
}

// local writes a time in the zone of the message.
func (w *writer) local(t time.Time) string {
	if t.IsZero() {
		return "?"
	}
	return moment(t.In(w.zone))
}

// documentedGrace is how long Tencent documents that an edition can be used
// after its end (tencentcloud.com/document/product/1163/50874).
const documentedGrace = 5 * 24 * time.Hour

// collect returns what the sentences may use.
func (w *writer) collect() map[string]string {
	n := &w.n
	values := map[string]string{
		"account":  w.name(n.Account),
		"at":       w.local(n.At),
		"since":    w.local(n.Since),
		"end":      w.local(n.EndTime),
		"left":     w.c.span(n.EndTime.Sub(w.now)),
		"grace":    "?",
		"before":   w.value(n.Before),
		"after":    w.value(n.After),
		"status":   w.c.word("status", string(n.Edition.Status)),
		"cores":    w.c.count("core", int64(n.Edition.CoresCnt)),
		"channel":  w.name(channelOf(n)),
		"problem":  w.name(n.Problem),
		"type":     w.name(string(n.Type)),
		"failures": strconv.Itoa(n.Failures),
		"count":    strconv.Itoa(n.Count),
		"duration": w.c.span(n.At.Sub(n.Since)),
	}
	if !n.EndTime.IsZero() {
		values["grace"] = w.local(n.EndTime.Add(documentedGrace))
	}
	if n.After.Capacity != nil {
		values["cores"] = w.c.count("core", int64(n.After.Capacity.CoresCnt))
	}
	maps.Copy(values, w.life())
	return values
}

// name makes a name fit for a title.
func (w *writer) name(s string) string { return Clip(OneLine(s), maxName) }

// value writes one side of a change: a status in words, a time of the API with
// the zone it is in.
func (w *writer) value(v watch.Value) string {
	text := OneLine(v.String())
	switch {
	case v.Capacity != nil:
		return text
	case text == "":
		return w.c.Words["none"]
	case w.n.Type == watch.StatusChanged:
		return w.c.word("status", text)
	case w.n.Type != watch.ExpiryChanged:
		return text
	}
	if t, err := watch.ParseTime(text, w.zone); err == nil {
		return w.local(t)
	}
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return w.local(t)
	}
	return text
}

func (w *writer) text() Text {
	n := &w.n
	passed := !n.EndTime.IsZero() && !n.EndTime.After(w.now) || w.nearestPassed()
	says := w.says(passed)
	t := Text{Severity: n.Severity, Good: good(n)}
	t.Tag = w.tag()
	t.Title = w.lead() + say(says.Title, w.values)
	for _, part := range []string{w.values["account"], product} {
		if part != "" && n.Type != watch.WatchAlive { // whose title names prowatch, and no account
			t.Title += " · " + part
		}
	}
	t.Rows = append(t.Rows, w.late()...)
	t.Rows = append(t.Rows, w.changes()...)
	t.Rows = append(t.Rows, w.detail()...)
	t.Rows = append(t.Rows, w.deadline(passed)...)
	if says.Means != "" {
		t.Rows = append(t.Rows, Row{Part: Means, Value: say(says.Means, w.values)})
	}
	t.Rows = append(t.Rows, w.links(says)...)
	t.Rows = append(t.Rows, w.facts()...)
	t.Rows = append(t.Rows, w.summary()...)
	t.Footer = w.footer()
	if own, ok := w.own[n.Type]; ok {
		t = w.tell(t, own)
	}
	return t
}

// lead begins a title: the severity in words and brackets.
func (w *writer) lead() string {
	return say(w.c.Words["tag"], map[string]string{"tag": w.c.severity(w.n.Severity, good(&w.n))})
}

func (w *writer) tag() string { return strings.TrimSpace(w.lead()) }

// says returns how the notice is told. A reminder of failing checks has its own
// title, and the mend of the failure it reminds of.
func (w *writer) says(passed bool) Saying {
	says := w.c.saying(caseOf(&w.n, passed))
	if w.n.Type == watch.ProblemReminder && w.n.Problem == watch.ProblemCheck {
		failing := w.c.saying(failingCase(&w.n))
		failing.Title = says.Title
		return failing
	}
	return says
}

func (w *writer) row(p Part, label, value string) Row {
	return Row{Part: p, Label: w.c.Words["label."+label], Value: value}
}

// links are the page to act on, where the notice is about the account, and the
// owner's own.
func (w *writer) links(says Saying) []Row {
	var rows []Row
	if w.item.Console != "" && channelOf(&w.n) == "" {
		label := says.Action
		if label == "" {
			label = w.c.Words["action"]
		}
		rows = append(rows, Row{Part: Action, Label: label, URL: w.page(says.Page)})
	}
	if w.item.Runbook != "" {
		rows = append(rows, Row{Part: Runbook, Label: w.c.Words["label.runbook"], URL: w.item.Runbook})
	}
	return rows
}

// page returns the page of the console, or the one that the message names.
func (w *writer) page(path string) string {
	u, err := url.Parse(w.item.Console)
	if path == "" || err != nil {
		return w.item.Console
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: path}).String()
}

func (w *writer) footer() string {
	parts := []string{product, say(w.c.Words["seen"], w.values)}
	if w.n.RequestID != "" {
		parts = append(parts, "RequestId "+w.name(w.n.RequestID))
	}
	return strings.Join(append(parts, say(w.c.Words["id"], map[string]string{"id": w.name(w.n.ID)})), " · ")
}
