package webtest

import (
	"fmt"
	"slices"
	"time"

	"prowatch/watch"
)

// Now is when the fleet is looked at.
var Now = time.Date(2026, 6, 17, 14, 32, 0, 0, time.UTC)

const day = 24 * time.Hour

// Fleet returns an overview of n accounts as of [Now] and their notices, the
// newest first. The first dozen are in trouble, each in another way; the rest
// is in order. Without any account nothing ran yet.
func Fleet(n int) (*watch.Overview, []watch.Entry) {
	o := &watch.Overview{At: Now, Channels: channels()}
	var entries []watch.Entry
	for i := range n {
		a := account(i, n)
		o.Accounts = append(o.Accounts, a)
		entries = append(entries, said(&a, i)...)
	}
	if n > 0 {
		o.LastRun = &watch.Run{Began: Now.Add(-15 * time.Minute), Took: 4200 * time.Millisecond, Whole: true,
			Counts: watch.Counts{Accounts: n, Checked: n - min(n/2, 3), Failed: min(n/2, 3), Notices: min(n, 4), Sent: min(n, 7), Pending: min(n-1, 1)}}
		o.GoodAt = o.LastRun.Began
	}
	slices.SortStableFunc(entries, func(a, b watch.Entry) int { return b.Notice.At.Compare(a.Notice.At) })
	return o, entries
}

// account returns the i-th account of n.
func account(i, n int) watch.AccountStatus {
	policy := watch.DefaultPolicy()
	teams := []string{"platform", "payments", "data", "edge"}
	a := watch.AccountStatus{
		ID: fmt.Sprintf("acme-%s-%03d", []string{"prod", "stage", "edge"}[i%3], i), Policy: &policy,
		Labels:  map[string]string{"team": teams[i%len(teams)], "env": []string{"prod", "stage", "edge"}[i%3]},
		Console: "https://console.intl.cloud.tencent.com/tcss", SeenAt: Now.Add(-15 * time.Minute), GoodAt: Now.Add(-15 * time.Minute),
		Problems: []watch.Problem{},
	}
	a.Edition = watch.Edition{Status: watch.Normal, ResourceID: fmt.Sprintf("tcss-%06x", 7919*(i+1)), MaxPostPayCoresCnt: 500, IsPurchased: true}
	left := time.Duration(35+(i*37)%330) * day
	if n > 1 && i < len(troubles) {
		left = troubles[i](&a)
	}
	if left != 0 {
		end := Now.Add(left).In(policy.Zone)
		days := float64(left/time.Minute) / (24 * 60)
		a.EndTime, a.DaysLeft = end, &days
		a.Edition.EndTime = end.Format(watch.TimeLayout)
		if a.Edition.StartTime == "" {
			a.Edition.StartTime = end.AddDate(-1, 0, 0).Format(watch.TimeLayout)
		}
	}
	return a
}

// troubles are what ails the first accounts, each with the time left, 0 for no
// end.
var troubles = []func(a *watch.AccountStatus) time.Duration{
	func(a *watch.AccountStatus) time.Duration {
		a.Edition.Status = watch.Isolate
		a.Problems = []watch.Problem{trouble(watch.ProblemStatus, watch.Critical, 3*day+2*time.Hour)}
		return -8 * day
	},
	func(a *watch.AccountStatus) time.Duration {
		a.Edition = watch.Edition{Status: watch.Pending}
		a.Problems = []watch.Problem{trouble(watch.ProblemStatus, watch.Critical, 20*day)}
		a.Mute = &watch.Mute{Since: Now.Add(-19 * day), Until: Now.Add(11 * day), Reason: "moves to acme-edge-005, see SEC-1138"}
		return 0
	},
	func(a *watch.AccountStatus) time.Duration {
		a.Problems = []watch.Problem{trouble(watch.ProblemExpiry, watch.Critical, 30*day)}
		a.Waiting = 1
		return -26 * time.Hour
	},
	func(a *watch.AccountStatus) time.Duration {
		a.Problems = []watch.Problem{trouble(watch.ProblemExpiry, watch.Critical, 28*day)}
		return 2*day + 5*time.Hour
	},
	func(a *watch.AccountStatus) time.Duration {
		a.Problems = []watch.Problem{trouble(watch.ProblemExpiry, watch.Warning, 9*day)}
		return 21 * day
	},
	func(a *watch.AccountStatus) time.Duration {
		a.Failures, a.GoodAt = 31, Now.Add(-31*time.Hour)
		a.Failure = &watch.Failure{Class: watch.Denied, Code: "AuthFailure.SecretIdNotFound", Message: "The SecretId is not found, please ensure that your SecretId is correct.", RequestID: "0d7d4ad0-2c5b-4a2e-8f8c-2f4b6f3c9a11"}
		a.Problems = []watch.Problem{trouble(watch.ProblemCheck, watch.Critical, 31*time.Hour)}
		return 190 * day
	},
	func(a *watch.AccountStatus) time.Duration {
		a.Edition.CoresCnt = 96
		a.Problems = []watch.Problem{trouble(watch.ProblemCapacity, watch.Warning, 5*day)}
		return 121 * day
	},
	func(a *watch.AccountStatus) time.Duration {
		a.Dead, a.Unsure = 2, 1
		a.Problems = []watch.Problem{trouble("delivery:pager", watch.Warning, 7*time.Hour)}
		a.Edition.StartTime = Now.AddDate(3, 0, 0).Format(watch.TimeLayout) // after its end
		return 64 * day
	},
	func(a *watch.AccountStatus) time.Duration {
		a.Failures, a.Failure = 1, &watch.Failure{Class: watch.Unavailable, Message: "no answer in time"}
		return 77 * day
	},
	func(*watch.AccountStatus) time.Duration { return 0 },
	func(a *watch.AccountStatus) time.Duration {
		*a = watch.AccountStatus{ID: a.ID, Labels: a.Labels, Policy: a.Policy, Console: a.Console, Problems: []watch.Problem{}}
		return 0
	},
}

func trouble(name string, severity watch.Severity, age time.Duration) watch.Problem {
	return watch.Problem{Name: name, Severity: severity, Since: Now.Add(-age), Last: Now.Add(-age), Told: []string{"sec", "pager"}}
}

func channels() []watch.ChannelStatus {
	return []watch.ChannelStatus{
		{Name: "sec", Type: "dingtalk", GoodAt: Now.Add(-15 * time.Minute)},
		{Name: "pager", Type: "pagerduty", GoodAt: Now.Add(-9 * time.Hour), Failures: 3, FailingSince: Now.Add(-7 * time.Hour),
			LastError: watch.Outcome{Result: watch.Permanent, Code: "403", Text: "the routing key is not known: set routing_key of an active Events API v2 integration"}},
		{Name: "feishu-oncall", Type: "feishu", GoodAt: Now.Add(-2 * time.Hour), PausedUntil: Now.Add(20 * time.Minute)},
		{Name: "mail", Type: "email", Mute: &watch.Mute{Since: Now.Add(-time.Hour), Until: Now.Add(3 * time.Hour), Reason: "mail gateway is moved"}},
	}
}
