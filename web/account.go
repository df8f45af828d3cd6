package web

import (
	"strconv"
	"strings"
	"time"

	"prowatch/watch"
)

// accountPage is what account.html shows.
type accountPage struct {
	page
	Known    bool // the account is among those that are watched
	Row      row
	Seen     *moment
	Edition  []fact
	Short    string // how many cores are not paid for
	Warned   string // the thresholds
	Console  string // where to renew or buy
	Action   string // what is to be done there
	Badge    string
	Timeline timeline
}

// A fact is a field of the edition with the API's own name.
type fact struct{ Name, Value string }

func (v *view) accountPage() *accountPage {
	path := v.accountPath(v.Account)
	p := &accountPage{page: v.page(v.Account, path), Row: row{ID: v.Account}}
	for i := range v.Overview.Accounts {
		a := &v.Overview.Accounts[i]
		if a.ID != v.Account {
			continue
		}
		p.Known, p.Row, p.Seen, p.Console = true, v.row(a), v.clockOf(a).moment(a.SeenAt), a.Console
		p.Edition, p.Short = v.edition(a), v.some("core", int(a.Edition.CoresCnt))
		p.Action, p.Warned = v.action(a), v.warned(a)
		p.Timeline = v.timeline(path, []*watch.AccountStatus{a})
		if v.Page.Badge != nil {
			p.Badge = v.Page.Badge(a.ID)
		}
	}
	return p
}

// edition is what is believed, as the API wrote it.
func (v *view) edition(a *watch.AccountStatus) []fact {
	e := &a.Edition
	if e.Status == "" {
		return nil
	}
	list := []fact{
		{"BuyStatus", string(e.Status)}, {"StartTime", e.StartTime}, {"EndTime", e.EndTime}, {"ResourceId", e.ResourceID},
		{"CoresCnt", strconv.FormatUint(e.CoresCnt, 10)}, {"MaxPostPayCoresCnt", strconv.FormatUint(e.MaxPostPayCoresCnt, 10)},
		{"IsPurchased", strconv.FormatBool(e.IsPurchased)},
	}
	if e.AutoRenewal != "" {
		list = append(list, fact{"AutoRenewal", e.AutoRenewal})
	}
	return list
}

// action says what is to be done in the console.
func (v *view) action(a *watch.AccountStatus) string {
	switch {
	case a.Edition.Status == watch.Pending:
		return v.words.Say("console.buy")
	case a.Edition.Status == watch.Isolate, ended(a, v.now), ending(a, v.now):
		return v.words.Say("console.renew")
	}
	return v.words.Say("console.open")
}

// warned lists when before its end a licence is spoken of, in whole days where
// they are.
func (v *view) warned(a *watch.AccountStatus) string {
	const day = 24 * time.Hour
	var list []string
	for _, t := range thresholds(a) {
		d := time.Duration(t)
		if d%day == 0 {
			list = append(list, v.words.count("day", int(d/day)))
		} else {
			list = append(list, v.words.span(d))
		}
	}
	return strings.Join(list, v.words.Say("comma"))
}
