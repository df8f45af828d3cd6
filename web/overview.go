package web

import "prowatch/watch"

// overviewPage is what overview.html shows.
type overviewPage struct {
	page
	Headline string
	Kind     kind
	Muted    string // how many of those that need somebody are muted
	Figures  []figure
	Ends     []month
	Any      bool   // an account is watched
	Empty    bool   // nothing was checked yet
	Broken   string // the channels that fail

	Filter   filter
	Narrowed bool
	Choices  []choice
	Clear    string // the overview without a filter

	Rows           []row
	Found          string
	Whole          bool // all accounts that match are on this page
	Earlier, Later string

	Channels []channel
	Run      *run
	Timeline timeline
}

// A figure counts accounts, and leads to them.
type figure struct {
	N       int
	Text    string
	Kind    kind
	Link    string
	Current bool
}

func (v *view) overviewPage() *overviewPage {
	o := v.Overview
	p := &overviewPage{Filter: v.filter, Narrowed: v.filter.narrows(), Any: len(o.Accounts) > 0, Figures: v.figures()}
	p.Empty = p.Any && o.LastRun == nil
	v.headline(p)
	p.page = v.page(p.Headline, v.Base+"/")
	p.Ends, p.Choices, p.Clear = v.months(), v.choices(), v.Base+"/"+filter{Sort: v.filter.Sort, Lang: v.filter.Lang}.with(nil)
	shown := v.matching()
	p.Timeline = v.timeline(v.Base+"/", shown)
	v.paginate(p, shown)
	for i := range o.Channels {
		p.Channels = append(p.Channels, v.channel(&o.Channels[i]))
	}
	p.Broken = v.broken()
	p.Run = v.run()
	return p
}

// headline says in one sentence how many accounts need somebody.
func (v *view) headline(p *overviewPage) {
	total, need, quiet, unknown := len(v.Overview.Accounts), 0, 0, 0
	p.Kind = good
	for i := range v.Overview.Accounts {
		a := &v.Overview.Accounts[i]
		k := judge(a, v.now)
		if k.rank() < p.Kind.rank() {
			p.Kind = k
		}
		if k == none {
			unknown++
		}
		if k.needy() {
			need++
			if muted(a.Mute, v.now) {
				quiet++
			}
		}
	}
	p.Muted = v.some("need.muted", quiet)
	switch {
	case total == 0:
		p.Headline, p.Kind = v.words.Say("need.nobody"), none
	case need > 0:
		p.Headline = v.words.count("need", need, "total", total)
	case unknown > 0:
		p.Headline = v.words.count("need.unknown", unknown, "total", total)
	default:
		p.Headline = v.words.count("need.none", total)
	}
}

// figures are the counts under the headline, each with its link.
func (v *view) figures() []figure {
	list := []figure{
		{Text: "Isolate", Kind: bad}, {Text: "Pending", Kind: warn}, {Text: "ended", Kind: bad}, {Text: "ending", Kind: warn},
		{Text: "failing", Kind: bad}, {Text: "undelivered", Kind: bad},
	}
	for i := range list {
		f := &list[i]
		only := filter{Status: f.Text}
		for j := range v.Overview.Accounts {
			if only.takes(&v.Overview.Accounts[j], v.now) {
				f.N++
			}
		}
		f.Link = v.Base + "/" + filter{Status: f.Text, Lang: v.filter.Lang}.with(nil) + "#accounts"
		f.Current = v.filter.Status == f.Text
		f.Text = v.words.Say("figure." + f.Text)
		if f.N == 0 {
			f.Kind = none
		}
	}
	return list
}

// matching returns the accounts that the filter shows, in its order.
func (v *view) matching() []*watch.AccountStatus {
	var shown []*watch.AccountStatus
	for i := range v.Overview.Accounts {
		if a := &v.Overview.Accounts[i]; v.filter.takes(a, v.now) {
			shown = append(shown, a)
		}
	}
	v.filter.sort(shown, v.now)
	return shown
}

// paginate puts the rows of one page into p.
func (v *view) paginate(p *overviewPage, shown []*watch.AccountStatus) {
	last := max(1, (len(shown)+perPage-1)/perPage)
	n := min(v.filter.Page, last)
	first := (n - 1) * perPage
	end := min(first+perPage, len(shown))
	for _, a := range shown[first:end] {
		p.Rows = append(p.Rows, v.row(a))
	}
	p.Whole = last == 1
	p.Found = v.words.count("found", len(shown), "total", len(v.Overview.Accounts))
	if !p.Whole {
		p.Found += v.words.Say("found.part", "first", first+1, "last", end)
	}
	link := func(to int) string {
		return v.Base + "/" + v.filter.with(map[string]string{"page": itoa(to)}) + "#accounts"
	}
	if n > 1 {
		p.Earlier = link(n - 1)
	}
	if n < last {
		p.Later = link(n + 1)
	}
}
