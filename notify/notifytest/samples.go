package notifytest

import (
	"slices"
	"time"

	"prowatch/watch"
)

// samples are the notices of [Cases].
func samples() []sample {
	return slices.Concat(baselines(), changes(), expiries(), checks(), reminders(), besides())
}

func baselines() []sample {
	endless := edition(watch.Normal)
	endless.EndTime, endless.AutoRenewal = "", ""
	return []sample{
		{name: "baseline-normal", notice: with(of(watch.BaselineRecorded, watch.Info, edition(watch.Normal)), func(n *watch.Notice) {
			n.EndTime = end.Add(60 * day)
		})},
		{name: "baseline-endless", notice: of(watch.BaselineRecorded, watch.Info, endless)},
		{name: "baseline-pending", notice: of(watch.BaselineRecorded, watch.Warning, watch.Edition{Status: watch.Pending})},
		{name: "baseline-isolate", notice: with(of(watch.BaselineRecorded, watch.Critical, edition(watch.Isolate)), func(n *watch.Notice) {
			n.Opens, n.EndTime = watch.ProblemStatus, end.Add(-10*day)
		})},
	}
}

func changes() []sample {
	status := func(s watch.Severity, from, to watch.Status, f func(*watch.Notice)) watch.Notice {
		n := of(watch.StatusChanged, s, edition(to))
		n.Before, n.After = text(string(from)), text(string(to))
		return with(n, f)
	}
	short := edition(watch.Normal)
	short.CoresCnt = 4
	capacity := func(s watch.Severity, from, to watch.Value, f func(*watch.Notice)) watch.Notice {
		n := of(watch.CapacityChanged, s, short)
		n.Before, n.After = from, to
		return with(n, f)
	}
	return []sample{
		{name: "status-isolate", notice: status(watch.Critical, watch.Normal, watch.Isolate, func(n *watch.Notice) {
			n.Opens, n.Resolves, n.EndTime = watch.ProblemStatus, []string{watch.ProblemExpiry}, end.Add(-5*day)
		})},
		{name: "status-pending", notice: status(watch.Critical, watch.Isolate, watch.Pending, func(n *watch.Notice) {
			n.Opens, n.Edition.EndTime = watch.ProblemStatus, ""
		})},
		{name: "status-normal", notice: status(watch.Info, watch.Isolate, watch.Normal, func(n *watch.Notice) {
			n.Resolves, n.Since, n.EndTime = []string{watch.ProblemStatus}, now.Add(-30*time.Hour), end.Add(365*day)
		})},
		{name: "capacity-short", notice: capacity(watch.Warning, cores(0, 500), cores(4, 500), func(n *watch.Notice) {
			n.Opens = watch.ProblemCapacity
		})},
		{name: "capacity-met", notice: capacity(watch.Info, cores(4, 500), cores(0, 500), func(n *watch.Notice) {
			n.Resolves, n.Edition.CoresCnt = []string{watch.ProblemCapacity}, 0
		})},
		{name: "capacity-limit", notice: capacity(watch.Info, cores(0, 500), cores(0, 900), func(n *watch.Notice) {
			n.Edition.CoresCnt = 0
		})},
		{name: "resource", notice: with(of(watch.ResourceChanged, watch.Info, edition(watch.Normal)), func(n *watch.Notice) {
			n.Before, n.After = text("tcss-7f3a"), text("tcss-91bc")
		})},
	}
}

func expiries() []sample {
	expiry := func(t watch.Type, s watch.Severity, f func(*watch.Notice)) watch.Notice {
		n := of(t, s, edition(watch.Normal))
		n.EndTime = end
		return with(n, f)
	}
	approaching := func(s watch.Severity, threshold, left time.Duration) watch.Notice {
		return expiry(watch.ExpiryApproaching, s, func(n *watch.Notice) {
			n.Opens, n.Threshold, n.EndTime = watch.ProblemExpiry, watch.Duration(threshold), now.Add(left).In(zone).Truncate(time.Minute)
		})
	}
	late := approaching(watch.Critical, day, 20*time.Hour)
	late.At = now.Add(-3*time.Hour - 2*time.Minute)
	passed := expiry(watch.ExpiryApproaching, watch.Critical, func(n *watch.Notice) {
		n.Opens, n.Threshold, n.At, n.EndTime = watch.ProblemExpiry, watch.Duration(day), now.Add(-12*time.Hour), now.Add(-2*time.Hour).In(zone)
	})
	return []sample{
		{name: "expiry-set", notice: expiry(watch.ExpiryChanged, watch.Info, func(n *watch.Notice) {
			n.Kind, n.After = watch.KindSet, text("2026-11-27T00:00:00+08:00")
		})},
		{name: "expiry-renewed", notice: expiry(watch.ExpiryChanged, watch.Info, func(n *watch.Notice) {
			n.Kind, n.Before, n.After = watch.KindRenewed, text("2026-11-27T00:00:00+08:00"), text("2027-11-27T00:00:00+08:00")
			n.EndTime, n.Resolves, n.Since = end.AddDate(1, 0, 0), []string{watch.ProblemExpiry}, now.Add(-27*day)
		})},
		{name: "expiry-shortened", notice: expiry(watch.ExpiryChanged, watch.Warning, func(n *watch.Notice) {
			n.Kind, n.Before, n.After = watch.KindShortened, text("2027-11-27T00:00:00+08:00"), text("2026-11-27T00:00:00+08:00")
		})},
		{name: "expiry-30d", notice: approaching(watch.Warning, 30*day, 30*day-20*time.Minute)},
		{name: "expiry-3d", notice: expiry(watch.ExpiryApproaching, watch.Critical, func(n *watch.Notice) {
			n.Opens, n.Threshold = watch.ProblemExpiry, watch.Duration(3*day)
		})},
		{name: "expiry-1d", notice: approaching(watch.Critical, day, 23*time.Hour+40*time.Minute)},
		{name: "expiry-late", notice: late},
		{name: "expiry-late-passed", notice: passed},
		{name: "expiry-duplicate", notice: approaching(watch.Critical, 3*day, 3*day), duplicate: true},
		{name: "expiry-reached", notice: expiry(watch.ExpiryReached, watch.Critical, func(n *watch.Notice) {
			n.Opens, n.EndTime = watch.ProblemExpiry, now.Add(-7*time.Minute).In(zone)
		})},
	}
}
