package notifytest

import (
	"time"

	"prowatch/watch"
)

func checks() []sample {
	failing := func(s watch.Severity, c watch.Class, code, message string, failures int) watch.Notice {
		n := of(watch.CheckFailing, s, edition(watch.Normal))
		n.Opens, n.Class, n.Code, n.Message, n.Failures, n.EndTime = watch.ProblemCheck, c, code, message, failures, end.Add(20*day)
		return n
	}
	early := failing(watch.Critical, watch.Denied, "InternalError.ErrRoleNotExist", "the service role does not exist", 1)
	early.Edition, early.EndTime = watch.Edition{}, time.Time{}
	return []sample{
		{name: "failing-denied", notice: failing(watch.Critical, watch.Denied, "AuthFailure.SecretIdNotFound", "The SecretId is not found, please ensure that your SecretId is correct.", 1)},
		{name: "failing-denied-at-first", notice: early},
		{name: "failing-throttled", notice: failing(watch.Warning, watch.Throttled, "RequestLimitExceeded", "Your current request times equals to `21` in a second, which exceeds the frequency limit `20` for a second.", 3)},
		{name: "failing-rejected", notice: failing(watch.Warning, watch.Rejected, "InvalidParameter.ParsingError", "parameter parsing error", 3)},
		{name: "failing-unreadable", notice: failing(watch.Warning, watch.Unreadable, "", `BuyStatus is none of Pending, Normal and Isolate: "Trial"`, 3)},
		{name: "failing-unavailable", notice: failing(watch.Warning, watch.Unavailable, "", "no answer in time", 3)},
		{name: "recovered", notice: with(of(watch.CheckRecovered, watch.Info, edition(watch.Normal)), func(n *watch.Notice) {
			n.Resolves, n.Since, n.EndTime = []string{watch.ProblemCheck}, now.Add(-4*time.Hour), end.Add(20*day)
		})},
	}
}

func reminders() []sample {
	reminder := func(s watch.Severity, problem string, e watch.Edition) watch.Notice {
		n := of(watch.ProblemReminder, s, e)
		n.Problem, n.Since, n.Count, n.EndTime = problem, now.Add(-2*day), 2, now.Add(-2*day).In(zone)
		return n
	}
	noEnd := func(n *watch.Notice) { n.EndTime = time.Time{} }
	return []sample{
		{name: "reminder-isolate", notice: reminder(watch.Critical, watch.ProblemStatus, edition(watch.Isolate))},
		{name: "reminder-pending", notice: with(reminder(watch.Critical, watch.ProblemStatus, watch.Edition{Status: watch.Pending}), noEnd)},
		{name: "reminder-expiry", notice: reminder(watch.Critical, watch.ProblemExpiry, edition(watch.Normal))},
		{name: "reminder-check", notice: with(reminder(watch.Warning, watch.ProblemCheck, edition(watch.Normal)), func(n *watch.Notice) {
			n.Class, n.Message, n.Failures, n.EndTime = watch.Unavailable, "no answer in time", 51, end.Add(20*day)
		})},
		{name: "reminder-denied", notice: with(reminder(watch.Critical, watch.ProblemCheck, edition(watch.Normal)), func(n *watch.Notice) {
			n.Class, n.Code, n.Failures, n.EndTime = watch.Denied, "AuthFailure.UnauthorizedOperation", 49, end.Add(20*day)
			n.Message = "You are not authorized to perform this operation. Check your CAM policies, and ensure that you are using the correct access keys."
		})},
		{name: "reminder-other", notice: with(reminder(watch.Warning, "quota", edition(watch.Normal)), noEnd)},
	}
}

// besides are the notices that no single observation makes.
func besides() []sample {
	return []sample{
		{name: "delivery-failed", notice: watch.Notice{
			Account: "acme-prod", Type: watch.DeliveryFailed, Severity: watch.Warning, Opens: "delivery:sec",
			Labels: labels, Edition: edition(watch.Normal), Since: now, Failures: 3, Code: "93000", Message: "WeCom 93000: the webhook key is wrong or the robot was removed: make a new robot and set its URL"}},
		{name: "delivery-recovered", notice: watch.Notice{
			Account: "acme-prod", Type: watch.DeliveryRecovered, Severity: watch.Info, Resolves: []string{"delivery:sec"},
			Since: now.Add(-50 * time.Minute), Message: "sec"}},
		{name: "stale", notice: with(of(watch.AccountStale, watch.Warning, edition(watch.Normal)), func(n *watch.Notice) {
			n.Opens, n.Since, n.RequestID, n.EndTime = watch.ProblemStale, now, "", end.Add(20*day)
		})},
		{name: "removed", notice: with(of(watch.AccountRemoved, watch.Info, edition(watch.Isolate)), func(n *watch.Notice) {
			n.Resolves, n.RequestID = []string{watch.ProblemStatus}, ""
		})},
		{name: "unheard-of", notice: watch.Notice{
			Account: "acme-prod", Type: "channel.test", Severity: watch.Info, Message: "A test message of prowatch notify test."}},
		{name: "alive", notice: alive(now.AddDate(0, 0, 42), 3)},
		{name: "alive-problems", notice: alive(now.Add(-2*day), 0)},
	}
}

// alive is a word of life: of accounts that are all well and the nearest end,
// or of some that are not.
func alive(nearest time.Time, runs int) watch.Notice {
	s := &watch.Summary{
		Accounts: 12, Statuses: map[watch.Status]int{watch.Normal: 12}, GoodAt: now.Add(-5 * time.Second), Since: now.AddDate(0, 0, -7), Runs: runs,
		Nearest: &watch.End{Account: "acme-prod", EndTime: nearest.In(zone), DaysLeft: nearest.Sub(now).Hours() / 24},
	}
	if nearest.Before(now) {
		s.Statuses = map[watch.Status]int{watch.Normal: 9, watch.Isolate: 1, watch.Pending: 1}
		s.Unread, s.Failing, s.Critical, s.Warning, s.Waiting, s.Unsure, s.Dead = 1, 2, 2, 1, 4, 1, 3
	}
	return watch.Notice{Account: watch.WatchAccount, Type: watch.WatchAlive, Severity: watch.Info, Summary: s}
}
