package web

import (
	"maps"
	"slices"
	"strings"
	"time"

	"prowatch/watch"
)

// perTimeline is how many notices one page shows.
const perTimeline = 15

// A timeline is what was said, the newest first.
type timeline struct {
	Notices      []notice
	Named        bool // each notice names its account
	Found        string
	Newer, Older string
}

// A notice is one as pages show it.
type notice struct {
	At       *moment
	Kind     kind
	Level    string
	Account  string
	Link     string
	Title    string
	Detail   string // the code and words of an API or a channel
	Receipts []receipt
}

// A receipt says what became of a notice on a channel.
type receipt struct {
	Channel  string
	Kind     kind
	State    string
	At       *moment
	Code     string
	Text     string
	Attempts string // "" after one
	By       string
}

// timeline returns the notices of the accounts that are shown.
func (v *view) timeline(path string, shown []*watch.AccountStatus) timeline {
	clocks := make(map[string]clock, len(shown))
	for _, a := range shown {
		clocks[a.ID] = v.clockOf(a)
	}
	all := !v.filter.narrows() && v.Account == ""
	var entries []*watch.Entry
	for i := range v.Entries {
		if _, ok := clocks[v.Entries[i].Notice.Account]; ok || all {
			entries = append(entries, &v.Entries[i])
		}
	}
	from := min(v.filter.From, max(0, len(entries)-1))
	end := min(from+perTimeline, len(entries))
	t := timeline{Named: v.Account == ""}
	for _, e := range entries[from:end] {
		c, ok := clocks[e.Notice.Account]
		if !ok {
			c = v.clock
		}
		t.Notices = append(t.Notices, v.notice(e, c, ok))
	}
	link := func(to int) string {
		return path + v.filter.with(map[string]string{"from": itoa(to)}) + "#notices"
	}
	if from > 0 {
		t.Newer = link(max(0, from-perTimeline))
	}
	if end < len(entries) {
		t.Older = link(end)
	}
	if len(entries) > perTimeline {
		t.Found = v.words.Say("notices.part", "first", from+1, "last", end, "n", len(entries))
	}
	return t
}

// notice tells one; an account that is no more watched has no page.
func (v *view) notice(e *watch.Entry, c clock, linked bool) notice {
	n := &e.Notice
	p := notice{
		At: c.moment(n.At), Kind: kindOf(n.Severity), Level: v.words.orSame("severity", string(n.Severity)),
		Account: n.Account, Title: v.title(n, c), Detail: detail(n),
	}
	if goodNews(n) {
		p.Kind, p.Level = good, v.words.Say("severity.ok")
	}
	if n.Account == watch.WatchAccount {
		p.Account = "prowatch"
	}
	if linked {
		p.Link = v.accountPath(n.Account) + v.language()
	}
	for _, name := range slices.Sorted(maps.Keys(e.Receipts)) {
		p.Receipts = append(p.Receipts, v.receipt(name, e.Receipts[name], c))
	}
	return p
}

// detail is what the API or a channel said.
func detail(n *watch.Notice) string {
	if n.Type == watch.DeliveryRecovered || strings.Contains(n.Message, n.Code) { // Of the former it is the channel's name.
		return n.Message
	}
	return strings.TrimSuffix(n.Code+": "+n.Message, ": ")
}

func (v *view) receipt(channel string, r watch.Receipt, c clock) receipt {
	at := r.At
	if at.IsZero() {
		at = r.Since
	}
	p := receipt{
		Channel: channel, State: v.words.orSame("state", string(r.State)), Kind: none,
		At: c.moment(at), Code: r.Code, Text: r.Text, By: r.By,
	}
	switch r.State {
	case watch.StateSent, watch.StateAccepted:
		p.Kind = good
	case watch.StateUnknown:
		p.Kind = warn
	case watch.StateDead:
		p.Kind = bad
	}
	if r.Attempts > 1 {
		p.Attempts = v.words.count("attempts", r.Attempts)
	}
	return p
}

// title says what a notice says, in the fewest words.
func (v *view) title(n *watch.Notice, c clock) string {
	values := []any{
		"status", v.statusBadge(n.Edition.Status).Text, "before", v.side(n, n.Before), "after", v.side(n, n.After),
		"end", end(n, c), "left", v.between(n.At, n.EndTime),
		"problem", v.problemName(n.Problem), "count", n.Count, "channel", channelOf(n), "span", v.between(n.Since, n.At),
		"failures", v.words.count("failures", n.Failures), "type", n.Type,
	}
	name := titleOf(n)
	for i := len(name); i > 0; i = strings.LastIndexAny(name[:i], ":.") {
		if _, ok := v.words.texts["notice."+name[:i]]; ok {
			return v.words.Say("notice."+name[:i], values...)
		}
	}
	return v.words.Say("notice.other", values...)
}

// titleOf names the title of a notice: its type, and after colons what the
// words depend on beside.
func titleOf(n *watch.Notice) string {
	switch n.Type {
	case watch.ExpiryChanged:
		return string(n.Type) + ":" + n.Kind
	case watch.CheckFailing:
		return string(n.Type) + ":" + string(n.Class)
	case watch.CapacityChanged:
		return string(n.Type) + ":" + capacityCase(n)
	}
	return string(n.Type)
}

// capacityCase tells a shortfall that began or ended from a changed limit.
func capacityCase(n *watch.Notice) string {
	before, after := n.Before.Capacity, n.After.Capacity
	switch {
	case before == nil || after == nil || (before.CoresCnt > 0) == (after.CoresCnt > 0):
		return "limit"
	case after.CoresCnt > 0:
		return "short"
	}
	return "met"
}

// side writes one side of a change.
func (v *view) side(n *watch.Notice, value watch.Value) string {
	switch {
	case value.Capacity != nil && capacityCase(n) == "limit":
		return v.words.count("core", int(value.Capacity.MaxPostPayCoresCnt))
	case value.Capacity != nil:
		return v.words.count("core", int(value.Capacity.CoresCnt))
	case value.Text == "":
		return v.words.Say("nothing")
	case n.Type == watch.StatusChanged:
		return v.words.orSame("status", value.Text)
	}
	return value.Text
}

// between writes how long it was from one time to another, where both are known.
func (v *view) between(from, to time.Time) string {
	if from.IsZero() || to.IsZero() {
		return "–"
	}
	return v.words.span(to.Sub(from))
}

func end(n *watch.Notice, c clock) string {
	if n.EndTime.IsZero() {
		return "–"
	}
	return c.moment(n.EndTime).Abs
}

// goodNews reports whether a notice is good news: a problem that ended, a renewal,
// a purchase.
func goodNews(n *watch.Notice) bool {
	return n.Severity == watch.Info && n.Type != watch.AccountRemoved &&
		(len(n.Resolves) > 0 || n.Kind == watch.KindRenewed || n.Type == watch.StatusChanged)
}

// channelOf returns the channel that a notice of delivery is about.
func channelOf(n *watch.Notice) string {
	for _, p := range append([]string{n.Opens, n.Problem}, n.Resolves...) {
		if name, ok := strings.CutPrefix(p, "delivery:"); ok {
			return name
		}
	}
	return ""
}
