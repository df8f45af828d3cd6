package web

import (
	"cmp"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"prowatch/watch"
)

// perPage is how many accounts one page of the overview shows.
const perPage = 100

// maxQuery bounds a text of a filter, in bytes.
const maxQuery = 200

// A filter says which accounts are shown, in which order. Its names in the
// query are a contract, for people keep links.
type filter struct {
	Q        string // each of its words is in the id or a label
	Status   string // a BuyStatus or a word of [conditions]
	Open     string // a problem's name, or "any"
	Severity string // of the worst open problem
	Label    string // "key" or "key=value"
	Sort     string // a word of [orders]
	Page     int    // from 1
	From     int    // the first notice that is shown, from 0
	Lang     string // of the links, "" where the URL names none
}

// conditions are what an account can be asked for beside its BuyStatus.
var conditions = map[string]func(a *watch.AccountStatus, now time.Time) bool{
	"need":        func(a *watch.AccountStatus, now time.Time) bool { return judge(a, now).needy() },
	"ended":       ended,
	"ending":      ending,
	"failing":     failing,
	"undelivered": func(a *watch.AccountStatus, _ time.Time) bool { return undelivered(a) },
	"muted":       func(a *watch.AccountStatus, now time.Time) bool { return muted(a.Mute, now) },
	"unchecked":   func(a *watch.AccountStatus, _ time.Time) bool { return a.Edition.Status == "" },
}

// failing reports whether an account cannot be, or is not, checked.
func failing(a *watch.AccountStatus, now time.Time) bool {
	return open(a, watch.ProblemCheck, watch.ProblemStale) || overdue(a, now)
}

// undelivered reports whether something the account had to say was refused.
func undelivered(a *watch.AccountStatus) bool { return a.Dead > 0 || open(a, "delivery") }

// The values that the filters offer, in the order they are offered in.
var (
	statuses = []string{"need", "Normal", "Pending", "Isolate", "ended", "ending", "failing", "undelivered", "muted", "unchecked"}
	problems = []string{"any", watch.ProblemStatus, watch.ProblemExpiry, watch.ProblemCheck, watch.ProblemStale, watch.ProblemCapacity, "delivery"}
	levels   = []string{string(watch.Critical), string(watch.Warning)}
	orders   = []string{"end", "id", "checked"}
)

// filterOf reads the filters out of a query. A value that is none is left out.
func filterOf(query url.Values) filter {
	one := func(key string, of []string) string {
		if v := query.Get(key); slices.Contains(of, v) {
			return v
		}
		return ""
	}
	text := func(key string) string {
		v := strings.ToValidUTF8(strings.TrimSpace(query.Get(key)), "")
		if len(v) > maxQuery {
			v = strings.ToValidUTF8(v[:maxQuery], "")
		}
		return v
	}
	number := func(key string, least int) int {
		n, err := strconv.Atoi(query.Get(key))
		if err != nil {
			return least
		}
		return max(least, n)
	}
	return filter{
		Q: text("q"), Status: one("status", statuses), Open: one("open", problems),
		Severity: one("severity", levels), Label: text("label"), Sort: one("sort", orders),
		Page: number("page", 1), From: number("from", 0), Lang: known(query.Get("lang")),
	}
}

// narrows reports whether the filter leaves out anything.
func (f filter) narrows() bool {
	return f.Q != "" || f.Status != "" || f.Open != "" || f.Severity != "" || f.Label != ""
}

// with returns the query of this filter with some values changed. It begins at
// the first page unless the page is what changes.
func (f filter) with(changes map[string]string) string {
	values := map[string]string{
		"q": f.Q, "status": f.Status, "open": f.Open, "severity": f.Severity, "label": f.Label, "sort": f.Sort, "lang": f.Lang,
	}
	maps.Copy(values, changes)
	query := url.Values{}
	for k, v := range values {
		if v != "" {
			query.Set(k, v)
		}
	}
	if len(query) == 0 {
		return ""
	}
	return "?" + query.Encode()
}

// takes reports whether the filter shows the account.
func (f filter) takes(a *watch.AccountStatus, now time.Time) bool {
	if condition, ok := conditions[f.Status]; ok && !condition(a, now) {
		return false
	} else if !ok && f.Status != "" && f.Status != string(a.Edition.Status) {
		return false
	}
	switch {
	case f.Open == "any" && len(a.Problems) == 0,
		f.Open != "" && f.Open != "any" && !open(a, f.Open),
		f.Severity != "" && f.Severity != string(worst(a.Problems)):
		return false
	}
	return hasLabel(a.Labels, f.Label) && f.finds(a)
}

// worst returns the severity of the worst problem, "" without any.
func worst(problems []watch.Problem) watch.Severity {
	if len(problems) == 0 {
		return ""
	}
	return slices.MinFunc(problems, func(a, b watch.Problem) int { return cmp.Compare(a.Severity.Rank(), b.Severity.Rank()) }).Severity
}

// hasLabel reports whether a label is among labels; "" is among all.
func hasLabel(labels map[string]string, label string) bool {
	if label == "" {
		return true
	}
	key, value, exact := strings.Cut(label, "=")
	v, ok := labels[key]
	return ok && (!exact || v == value)
}

// finds reports whether each word of Q is in the account's id or labels.
func (f filter) finds(a *watch.AccountStatus) bool {
	if f.Q == "" {
		return true
	}
	text := strings.ToLower(a.ID + " " + strings.Join(pairs(a.Labels), " "))
	for _, word := range strings.Fields(strings.ToLower(f.Q)) {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

// pairs writes labels as key=value, sorted.
func pairs(labels map[string]string) []string {
	list := make([]string, 0, len(labels))
	for k, v := range labels {
		list = append(list, k+"="+v)
	}
	slices.Sort(list)
	return list
}

// sort orders the accounts as the filter says.
func (f filter) sort(accounts []*watch.AccountStatus, now time.Time) {
	less := worstFirst(now)
	switch f.Sort {
	case "end":
		less = byEnd
	case "id":
		less = func(a, b *watch.AccountStatus) int { return strings.Compare(a.ID, b.ID) }
	case "checked":
		less = func(a, b *watch.AccountStatus) int { return a.GoodAt.Compare(b.GoodAt) }
	}
	slices.SortStableFunc(accounts, less)
}
