package metrics

import (
	"slices"
	"strings"
	"time"

	"prowatch/watch"
)

// families makes the table.
func families() []Family {
	all := slices.Concat(accountFamilies(), channelFamilies(), runFamilies(), processFamilies())
	slices.SortFunc(all, func(a, b Family) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// unread is the status of an account without a reading yet.
const unread = "unknown"

// statuses are the values of the label status.
var statuses = []string{string(watch.Normal), string(watch.Pending), string(watch.Isolate), unread}

// accountFamilies are gauges of what is remembered of each account.
func accountFamilies() []Family {
	of := func(name, help string, collect func(a *watch.AccountStatus, at time.Time, add func(Sample)), labels ...string) Family {
		return Family{Name: "prowatch_account_" + name, Help: help, Kind: Gauge, Labels: slices.Sorted(slices.Values(append(labels, "account"))),
			collect: func(v *view, add func(Sample)) {
				for i := range v.accounts() {
					collect(&v.overview.Accounts[i], v.overview.At, add)
				}
			}}
	}
	return []Family{
		of("status", "Whether the account's believed BuyStatus is this one; unknown before the first reading.", collectStatus, "status"),
		of("end_timestamp_seconds", "When the believed licence ends, in Unix time; none where no end is known.", func(a *watch.AccountStatus, _ time.Time, add func(Sample)) {
			addTime(add, a.EndTime, a.ID)
		}),
		of("left_seconds", "Seconds to the end of the believed licence, negative once it has ended; none where no end is known.", func(a *watch.AccountStatus, at time.Time, add func(Sample)) {
			if !a.EndTime.IsZero() {
				add(sample(a.EndTime.Sub(at).Truncate(time.Second).Seconds(), a.ID))
			}
		}),
		of("last_check_timestamp_seconds", "When the latest check of the account began, in Unix time; none before the first.", func(a *watch.AccountStatus, _ time.Time, add func(Sample)) {
			addTime(add, a.SeenAt, a.ID)
		}),
		of("last_success_timestamp_seconds", "When the latest check that gave a reading began, in Unix time; none before the first.", func(a *watch.AccountStatus, _ time.Time, add func(Sample)) {
			addTime(add, a.GoodAt, a.ID)
		}),
		of("consecutive_failures", "Checks of the account that failed in a row.", func(a *watch.AccountStatus, _ time.Time, add func(Sample)) {
			add(sample(float64(a.Failures), a.ID))
		}),
		of("problems", "Problems of the account that are open, by severity.", collectProblems, "severity"),
		of("deliveries", "Notices of the account by what became of them on a channel, one for each channel: waiting, unknown (may have arrived) or dead (given up).", collectDeliveries, "state"),
		of("muted", "Whether the account is muted.", func(a *watch.AccountStatus, at time.Time, add func(Sample)) {
			add(sample(truth(muted(a.Mute, at)), a.ID))
		}),
	}
}

func muted(m *watch.Mute, at time.Time) bool {
	return m != nil && (m.Until.IsZero() || at.Before(m.Until))
}

func collectStatus(a *watch.AccountStatus, _ time.Time, add func(Sample)) {
	is := string(a.Edition.Status)
	if is == "" {
		is = unread
	}
	for _, s := range statuses {
		add(sample(truth(s == is), a.ID, s))
	}
}

func collectProblems(a *watch.AccountStatus, _ time.Time, add func(Sample)) {
	for _, severity := range []watch.Severity{watch.Critical, watch.Warning} {
		n := 0
		for _, p := range a.Problems {
			if p.Severity == severity {
				n++
			}
		}
		add(sample(float64(n), a.ID, string(severity)))
	}
}

func collectDeliveries(a *watch.AccountStatus, _ time.Time, add func(Sample)) {
	add(sample(float64(a.Waiting), a.ID, "waiting"))
	add(sample(float64(a.Unsure), a.ID, "unknown"))
	add(sample(float64(a.Dead), a.ID, "dead"))
}

// channelFamilies are gauges of what is remembered of each channel.
func channelFamilies() []Family {
	of := func(name, help string, collect func(c *watch.ChannelStatus, at time.Time, add func(Sample))) Family {
		return Family{Name: "prowatch_channel_" + name, Help: help, Kind: Gauge, Labels: []string{"channel"},
			collect: func(v *view, add func(Sample)) {
				for i := range v.channels() {
					collect(&v.overview.Channels[i], v.overview.At, add)
				}
			}}
	}
	return []Family{
		of("up", "Whether the channel took its last message; 1 before the first.", func(c *watch.ChannelStatus, _ time.Time, add func(Sample)) {
			add(sample(truth(c.Failures == 0), c.Name))
		}),
		of("consecutive_failures", "Messages that the channel did not take, in a row.", func(c *watch.ChannelStatus, _ time.Time, add func(Sample)) {
			add(sample(float64(c.Failures), c.Name))
		}),
		of("paused", "Whether the channel is left alone for a while, since it asked for it or failed.", func(c *watch.ChannelStatus, at time.Time, add func(Sample)) {
			add(sample(truth(c.PausedUntil.After(at)), c.Name))
		}),
		of("muted", "Whether the channel is muted.", func(c *watch.ChannelStatus, at time.Time, add func(Sample)) {
			add(sample(truth(muted(c.Mute, at)), c.Name))
		}),
		of("last_success_timestamp_seconds", "When the channel last took a message, in Unix time; none before the first.", func(c *watch.ChannelStatus, _ time.Time, add func(Sample)) {
			addTime(add, c.GoodAt, c.Name)
		}),
	}
}

// runFamilies are gauges of what is remembered beside accounts and channels.
func runFamilies() []Family {
	return []Family{
		{Name: "prowatch_accounts", Help: "Accounts that are configured.", Kind: Gauge, collect: func(v *view, add func(Sample)) {
			if v.overview != nil {
				add(sample(float64(len(v.overview.Accounts))))
			}
		}},
		{Name: "prowatch_last_run_timestamp_seconds", Help: "When the latest run over any accounts began, in Unix time; none before the first.", Kind: Gauge, collect: func(v *view, add func(Sample)) {
			if v.overview != nil && v.overview.LastRun != nil {
				addTime(add, v.overview.LastRun.Began)
			}
		}},
		{Name: "prowatch_last_good_run_timestamp_seconds", Help: "When the latest run over all accounts that got a reading from one at least began, in Unix time; none before the first.", Kind: Gauge, collect: func(v *view, add func(Sample)) {
			if v.overview != nil {
				addTime(add, v.overview.GoodAt)
			}
		}},
		{Name: "prowatch_state_readable", Help: "Whether all that is remembered could be read for these figures.", Kind: Gauge, collect: func(v *view, add func(Sample)) {
			add(sample(truth(v.overview != nil && v.readable)))
		}},
	}
}

// addTime adds a time in seconds, unless it is zero.
func addTime(add func(Sample), t time.Time, labels ...string) {
	if !t.IsZero() {
		add(sample(float64(t.UnixMilli())/1000, labels...))
	}
}
