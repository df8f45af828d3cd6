package web

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"sync"
	"time"

	"prowatch/watch"
)

// unknownStart is how much before its end a bar shows of a licence whose start
// is not known, or makes no sense.
const unknownStart = 90 * 24 * time.Hour

// apart is how far from each other two thresholds on a bar are, in hundredths;
// nearer ones cannot be told apart.
const apart = 3.5

// least is how much of a bar the time left takes, however short it is, so that
// it is seen.
const least = 2.5

// A life is the bar of a licence's time: from its start over now to its end.
type life struct {
	Kind  kind
	Gone  string // what is over, in hundredths of the bar
	Left  string // what is not
	Over  bool
	Open  bool     // the start is not known: the bar shows the last 90 days
	Ticks []string // where thresholds of the policy are, as far as they can be told apart
	Label string   // the bar in words
	Start *moment
	End   *moment
}

// lifeOf returns the bar of an account, nil where no end is known.
func (v *view) lifeOf(a *watch.AccountStatus) *life {
	if a.EndTime.IsZero() {
		return nil
	}
	clock := v.clockOf(a)
	start, err := watch.ParseTime(a.Edition.StartTime, a.EndTime.Location())
	l := &life{Kind: v.lifeKind(a), Over: !a.EndTime.After(v.now), End: clock.moment(a.EndTime)}
	if err != nil || start.IsZero() || !start.Before(a.EndTime) {
		l.Open, start = true, a.EndTime.Add(-unknownStart)
	} else {
		l.Start = clock.moment(start)
	}
	whole := float64(a.EndTime.Unix() - start.Unix()) // A Duration holds only 292 years.
	at := func(t time.Time) float64 { return min(max(100*float64(t.Unix()-start.Unix())/whole, 0), 100) }
	gone := at(v.now)
	if !l.Over {
		gone = min(gone, 100-least)
	}
	l.Gone, l.Left = hundredths(gone), hundredths(100-gone)
	last := math.Inf(-1)
	for _, t := range thresholds(a) {
		x := at(a.EndTime.Add(-time.Duration(t)))
		if x > 0 && x-last >= apart && 100-x >= 1 {
			l.Ticks, last = append(l.Ticks, hundredths(x)), x
		}
	}
	l.Label = v.words.Say("life", "percent", int(gone), "end", l.End.Abs)
	if l.Open {
		l.Label = v.words.Say("life.open", "end", l.End.Abs)
	}
	return l
}

// lifeKind says how near the end is, whatever else ails the account.
func (v *view) lifeKind(a *watch.AccountStatus) kind {
	switch left := a.EndTime.Sub(v.now); {
	case a.Edition.Status != watch.Normal, left <= time.Duration(policyOf(a).CriticalWithin):
		return bad
	case left <= soon:
		return warn
	}
	return good
}

func hundredths(f float64) string { return fmt.Sprintf("%.2f", f) }

// policyOf returns the account's policy, or the default one.
func policyOf(a *watch.AccountStatus) *watch.Policy {
	if a.Policy != nil {
		return a.Policy
	}
	return defaultPolicy()
}

var defaultPolicy = sync.OnceValue(func() *watch.Policy { p := watch.DefaultPolicy(); return &p })

// thresholds are those of the account's policy, the longest first.
func thresholds(a *watch.AccountStatus) []watch.Duration {
	list := slices.Clone(policyOf(a).Thresholds)
	slices.SortFunc(list, func(a, b watch.Duration) int { return cmp.Compare(b, a) })
	return list
}
