package watch

import (
	"slices"
	"time"
)

// A Policy holds the settings of the rules.
type Policy struct {
	// Zone is the zone of the API's times, which name none.
	Zone *time.Location

	// Thresholds are the times left at which a nearing end is told, in any order.
	Thresholds []Duration

	// CriticalWithin is the time left from which a nearing end is critical.
	CriticalWithin Duration

	// RemindEvery is the time between reminders of an open problem; 0 is never.
	RemindEvery Duration

	// Confirm is how often in a row a change must be seen to be believed, from 1.
	Confirm int

	// FailingAfter is how many failures in a row are told, from 1.
	FailingAfter int

	// StaleAfter is how long an account may go unchecked before that is told.
	StaleAfter Duration

	// ExpirySource names what gives the end where DescribeProVersionInfo has
	// none: [ProVersion] (nothing does) or [PurchaseState].
	ExpirySource string
}

// The values of Policy.ExpirySource.
const (
	ProVersion    = "pro_version"
	PurchaseState = "purchase_state"
)

// DefaultPolicy returns the policy of an account whose owner set nothing.
func DefaultPolicy() Policy {
	return Policy{
		Zone:           shanghai(),
		Thresholds:     slices.Clone(defaultThresholds),
		CriticalWithin: Duration(3 * day),
		RemindEvery:    Duration(day),
		Confirm:        1,
		FailingAfter:   3,
		StaleAfter:     Duration(day),
		ExpirySource:   ProVersion,
	}
}

var defaultThresholds = []Duration{Duration(30 * day), Duration(14 * day), Duration(7 * day), Duration(3 * day), Duration(day)}

// shanghai needs no zone database: there has been no summer time since 1991.
func shanghai() *time.Location {
	if l, err := time.LoadLocation("Asia/Shanghai"); err == nil {
		return l
	}
	return time.FixedZone("Asia/Shanghai", 8*60*60)
}

// tightest returns the smallest threshold that left is within, if there is one.
func (p *Policy) tightest(left time.Duration) (Mark, bool) {
	var best Mark
	for _, t := range p.Thresholds {
		if left <= time.Duration(t) && (!best.Set || t < best.Left) {
			best = Mark{Set: true, Left: t}
		}
	}
	return best, best.Set
}
