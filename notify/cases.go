package notify

import (
	"strings"

	"prowatch/watch"
)

// caseOf names the saying of a notice: its type, and after colons what the
// sentence depends on beside. passed says that the end is over.
func caseOf(n *watch.Notice, passed bool) string {
	switch n.Type {
	case watch.BaselineRecorded:
		if n.Edition.Status == watch.Normal && n.EndTime.IsZero() {
			return "baseline.recorded:Endless"
		}
		return "baseline.recorded:" + string(n.Edition.Status)
	case watch.StatusChanged:
		return "status.changed:" + n.After.Text
	case watch.ExpiryChanged:
		return "expiry.changed:" + n.Kind
	case watch.ExpiryApproaching:
		if passed {
			return "expiry.reached"
		}
	case watch.CapacityChanged:
		return "capacity.changed:" + capacityCase(n)
	case watch.CheckFailing:
		return failingCase(n)
	case watch.ProblemReminder:
		return "problem.reminder:" + reminderCase(n)
	case watch.WatchAlive:
		return aliveCase(n, passed)
	}
	return string(n.Type)
}

// capacityCase tells a shortfall that began or ended from a changed limit.
func capacityCase(n *watch.Notice) string {
	before, after := n.Before.Capacity, n.After.Capacity
	if before == nil || after == nil || (before.CoresCnt > 0) == (after.CoresCnt > 0) {
		return "limit"
	}
	if after.CoresCnt > 0 {
		return "short"
	}
	return "met"
}

func failingCase(n *watch.Notice) string {
	return "check.failing:" + string(n.Class) + ":" + n.Code
}

func reminderCase(n *watch.Notice) string {
	switch n.Problem {
	case watch.ProblemStatus:
		return string(n.Edition.Status)
	case watch.ProblemCheck:
		return n.Problem + ":" + string(n.Class)
	}
	return n.Problem
}

// saying returns how the case is told. One without a saying of its own, such
// as a status that the API adds, is told in the words of the nearest one that
// its name begins with, to a colon or a dot.
func (c Catalogue) saying(name string) Saying {
	for i := len(name); i > 0; i = strings.LastIndexAny(name[:i], ":.") {
		if s, ok := c.Sayings[name[:i]]; ok {
			return s
		}
	}
	return c.Sayings["other"]
}

// good reports whether a notice is good news: a problem that ended, a renewal,
// a purchase.
func good(n *watch.Notice) bool {
	if n.Severity != watch.Info {
		return false
	}
	switch n.Type {
	case watch.CheckRecovered, watch.DeliveryRecovered:
		return true
	case watch.StatusChanged:
		return n.After.Text == string(watch.Normal)
	case watch.ExpiryChanged:
		return n.Kind == watch.KindRenewed || len(n.Resolves) > 0
	case watch.AccountRemoved:
		return false
	}
	return len(n.Resolves) > 0
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
