package web

import (
	"net/url"
	"time"

	"prowatch/watch"
)

// A view makes the parts of one page.
type view struct {
	*Page
	words  words
	now    time.Time
	filter filter
	clock  clock
}

func newView(p *Page) *view {
	v := &view{Page: p, words: wordsOf(p.Language), now: p.Overview.At, filter: filterOf(p.Query)}
	v.clock = clock{now: v.now, zone: v.now.Location(), words: v.words}
	for i := range p.Overview.Accounts { // Channels and runs have no zone; they are shown in that of the first account.
		if zone := zoneOf(&p.Overview.Accounts[i]); zone != nil {
			v.clock.zone = zone
			break
		}
	}
	return v
}

// zoneOf returns the zone of the account's policy, nil where nothing tells it.
func zoneOf(a *watch.AccountStatus) *time.Location {
	switch {
	case a.Policy != nil && a.Policy.Zone != nil:
		return a.Policy.Zone
	case !a.EndTime.IsZero():
		return a.EndTime.Location()
	}
	return nil
}

func (v *view) clockOf(a *watch.AccountStatus) clock { return v.clock.in(zoneOf(a)) }

// page is what every page has for whoever is signed in.
type page struct {
	frame
	Operate  bool // somebody is signed in who may do things; by a bearer token alone no form can be sent
	CSRF     string
	Next     string // where a form leads back to
	At       *moment
	Partial  string
	Done     string
	Failed   string
	Calendar string
}

func (v *view) page(title, path string) page {
	p := page{
		frame:   newFrame(v.Base, v.words, title, path+v.here(v.words.other().Language)),
		Operate: v.Scope == "operate" && v.CSRF != "", CSRF: v.CSRF, Next: path + v.here(v.filter.Lang), At: v.clock.moment(v.now),
		Partial: v.Partial, Done: v.said("done", v.Page.Done), Failed: v.said("failed", v.Page.Failed), Calendar: v.Page.Calendar,
	}
	p.Home += v.language()
	p.Version, p.Inside, p.Signed = v.Page.Version, true, v.CSRF != ""
	return p
}

// here is the query of this very page, in a language.
func (v *view) here(language string) string {
	changes := map[string]string{"lang": language}
	if v.filter.Page > 1 {
		changes["page"] = itoa(v.filter.Page)
	}
	if v.filter.From > 0 {
		changes["from"] = itoa(v.filter.From)
	}
	return v.filter.with(changes)
}

// said returns the sentence of what was done or failed; a word that has none
// has a general one.
func (v *view) said(kind, word string) string {
	if word == "" {
		return ""
	}
	if _, ok := v.words.texts[kind+"."+word]; !ok {
		word = "other"
	}
	return v.words.Say(kind + "." + word)
}

// language is the query that keeps the language of a link, where the URL names one.
func (v *view) language() string { return filter{Lang: v.filter.Lang}.with(nil) }

// accountPath is the page of an account.
func (v *view) accountPath(id string) string { return v.Base + "/accounts/" + url.PathEscape(id) }

// A mute is a mute as pages show it.
type mute struct {
	Until  *moment // nil until it is taken back
	Reason string
	All    bool
}

// muteOf returns a mute that holds, nil of any other.
func (v *view) muteOf(m *watch.Mute, c clock) *mute {
	if !muted(m, v.now) {
		return nil
	}
	return &mute{Until: c.moment(m.Until), Reason: m.Reason, All: m.All}
}

// A badge is a word with its colour.
type badge struct {
	Kind kind
	Text string
}

// statusBadge is a BuyStatus as pages show it.
func (v *view) statusBadge(s watch.Status) badge {
	switch s {
	case "":
		return badge{none, v.words.Say("status.unknown")}
	case watch.Normal:
		return badge{good, v.words.orSame("status", string(s))}
	case watch.Pending:
		return badge{warn, v.words.orSame("status", string(s))}
	}
	return badge{bad, v.words.orSame("status", string(s))}
}
