package web

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"prowatch/watch"
)

// soon is how long before its end a licence needs somebody.
const soon = 30 * 24 * time.Hour

// A kind says how a thing is, and so which colour stands beside its word.
type kind string

const (
	bad  kind = "bad"  // critical
	warn kind = "warn" // needs somebody
	good kind = "good"
	none kind = "none" // not known yet
)

// rank orders kinds, the worst first.
func (k kind) rank() int { return slices.Index([]kind{bad, warn, none, good}, k) }

// needy reports whether the kind needs somebody.
func (k kind) needy() bool { return k == bad || k == warn }

// kindOf returns the kind of a problem or notice of this severity.
func kindOf(s watch.Severity) kind {
	switch s {
	case watch.Critical:
		return bad
	case watch.Warning:
		return warn
	}
	return none
}

// judge returns how an account is.
func judge(a *watch.AccountStatus, now time.Time) kind {
	worst := none
	if a.Edition.Status == watch.Normal {
		worst = good
	}
	raise := func(k kind) {
		if k.rank() < worst.rank() {
			worst = k
		}
	}
	for _, p := range a.Problems {
		raise(kindOf(p.Severity))
	}
	if a.Edition.Status == watch.Isolate || ended(a, now) {
		raise(bad)
	}
	if a.Edition.Status == watch.Pending || ending(a, now) || overdue(a, now) || a.Dead > 0 {
		raise(warn)
	}
	return worst
}

// ended reports whether a licence that is in force by its status is over.
func ended(a *watch.AccountStatus, now time.Time) bool {
	return a.Edition.Status == watch.Normal && !a.EndTime.IsZero() && !a.EndTime.After(now)
}

// ending reports whether a licence is about to end.
func ending(a *watch.AccountStatus, now time.Time) bool {
	return a.Edition.Status == watch.Normal && a.EndTime.After(now) && a.EndTime.Sub(now) <= soon
}

// overdue reports whether an account was not checked for too long. A run says so
// by a problem; where none runs at all, only who looks can see it.
func overdue(a *watch.AccountStatus, now time.Time) bool {
	return !a.SeenAt.IsZero() && now.Sub(a.SeenAt) > time.Duration(policyOf(a).StaleAfter)
}

// open reports whether the account has an open problem of this name, or for
// "delivery" of this kind.
func open(a *watch.AccountStatus, names ...string) bool {
	return slices.ContainsFunc(a.Problems, func(p watch.Problem) bool {
		name, _, _ := strings.Cut(p.Name, ":")
		return slices.Contains(names, name)
	})
}

// muted reports whether the mute holds at now.
func muted(m *watch.Mute, now time.Time) bool {
	return m != nil && (m.Until.IsZero() || now.Before(m.Until))
}

// worstFirst orders accounts by how much they need somebody: by kind, those
// that nobody muted before the others, by the time left, by id.
func worstFirst(now time.Time) func(a, b *watch.AccountStatus) int {
	quiet := func(a *watch.AccountStatus) int {
		if muted(a.Mute, now) {
			return 1
		}
		return 0
	}
	return func(a, b *watch.AccountStatus) int {
		return cmp.Or(
			cmp.Compare(judge(a, now).rank(), judge(b, now).rank()),
			cmp.Compare(quiet(a), quiet(b)),
			byEnd(a, b),
			cmp.Compare(a.ID, b.ID))
	}
}

// byEnd orders accounts by their end; those without any come last.
func byEnd(a, b *watch.AccountStatus) int {
	switch {
	case a.EndTime.IsZero() || b.EndTime.IsZero():
		return cmp.Compare(boolRank(a.EndTime.IsZero()), boolRank(b.EndTime.IsZero()))
	}
	return a.EndTime.Compare(b.EndTime)
}

func boolRank(last bool) int {
	if last {
		return 1
	}
	return 0
}
