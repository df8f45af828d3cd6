package web

// english is what pages say in English, in the words of the messages.
var english = words{Language: "en", Tag: "en", texts: map[string]string{
	"skip": "Skip to the content", "about": "Licences of TCSS Pro Edition", "language": "English",
	"signin": "Sign in", "signout": "Sign out", "asof": "As of", "overview": "Overview",
	"comma": ", ", "colon": ": ", "stop": ". ", "nothing": "none", "busy": "One moment…", "by": "by", "since": "since",

	"now": "just now", "ago": "{span} ago", "ahead": "in {span}", "ended.ago": "ended {span} ago", "never": "never",
	"day.1": "1 day", "day.n": "{n} days", "hour.1": "1 hour", "hour.n": "{n} hours", "minute.1": "1 min", "minute.n": "{n} min",
	"core.1": "1 core", "core.n": "{n} cores",
	"month.1": "Jan", "month.2": "Feb", "month.3": "Mar", "month.4": "Apr", "month.5": "May", "month.6": "Jun",
	"month.7": "Jul", "month.8": "Aug", "month.9": "Sep", "month.10": "Oct", "month.11": "Nov", "month.12": "Dec",

	"severity.critical": "CRITICAL", "severity.warning": "WARNING", "severity.info": "INFO", "severity.ok": "OK",
	"status.Normal": "Normal", "status.Pending": "Pending", "status.Isolate": "Isolate", "status.unknown": "Unknown",

	"need.1": "1 of {total} needs you", "need.n": "{n} of {total} need you", "need.nobody": "No account is watched",
	"need.none.1": "The one account is in order", "need.none.n": "All {n} accounts are in order",
	"need.unknown.1": "1 of {total} was not read yet", "need.unknown.n": "{n} of {total} were not read yet",
	"need.muted.1": "1 of them is muted", "need.muted.n": "{n} of them are muted",
	"figure.Isolate": "Isolate", "figure.Pending": "Pending", "figure.ended": "ended", "figure.ending": "end in 30 days",
	"figure.failing": "checks failing", "figure.undelivered": "not delivered",

	"run.last": "Last run", "run.took": "took {time}", "run.good": "Last good run over all accounts", "run.none": "No good run over all accounts yet", "run.late": "(check that the schedule runs)", "run.first": "First in the next run:", "run.more": "{n} more",
	"run.checked.1": "1 of {accounts} checked", "run.checked.n": "{n} of {accounts} checked",
	"run.failed.1": "1 failed", "run.failed.n": "{n} failed", "run.skipped.1": "1 left out for want of time", "run.skipped.n": "{n} left out for want of time",
	"run.notices.1": "1 notice", "run.notices.n": "{n} notices", "run.sent.1": "1 delivery", "run.sent.n": "{n} deliveries", "run.pending.1": "1 still owed", "run.pending.n": "{n} still owed",
	"empty":         "Nothing has been checked yet.",
	"empty.operate": "Check all now, run prowatch check, or wait for the schedule. If it stays so, prowatch doctor says why.",
	"empty.read":    "Run prowatch check, or wait for the schedule. If it stays so, prowatch doctor says why.",

	"accounts": "Accounts", "accounts.caption": "Each account with its licence, what is open and when it was checked",
	"accounts.none": "Add an account to prowatch.yaml, under accounts, and start prowatch again.",
	"col.account":   "Account", "col.status": "Status", "col.licence": "Time left", "col.open": "Open", "col.good": "Last good check", "col.deliveries": "Deliveries",
	"col.problem": "Problem", "col.since": "Open since", "col.told": "Told to",
	"noend": "end unknown", "noend.long": "The API names no end for this account, so its expiry cannot be watched, only its status. To watch the end, set policy.expiry_source: purchase_state.",
	"waiting.1": "1 waits", "waiting.n": "{n} wait", "unsure.1": "1 unsure", "unsure.n": "{n} unsure", "dead.1": "1 not delivered", "dead.n": "{n} not delivered",
	"failures.1": "1 failed check", "failures.n": "{n} failed checks in a row",
	"class.denied": "denied", "class.throttled": "throttled", "class.rejected": "rejected", "class.unreadable": "answer unreadable", "class.unavailable": "API unavailable",
	"muted.until": "muted until", "muted.ever": "muted until unmuted", "muted.all": "(urgent notices too)",

	"problem.status": "Not in force", "problem.expiry": "Nearing its end", "problem.capacity": "Too few cores", "problem.check": "Checks failing", "problem.stale": "Checks overdue",
	"problem.delivery:": "Channel {channel} failing", "problem.ended": "Ended, not renewed",

	"filter": "Filter accounts", "filter.q": "Search", "filter.status": "Status", "filter.open": "Open problem", "filter.severity": "Severity", "filter.label": "Label", "filter.sort": "Order",
	"filter.do": "Apply", "filter.clear": "Show all",
	"any.status": "any", "any.open": "any or none", "any.severity": "any", "any.label": "any", "any.sort": "worst first",
	"condition.need": "needs you", "condition.Normal": "Normal", "condition.Pending": "Pending", "condition.Isolate": "Isolate", "condition.ended": "ended", "condition.ending": "ends within 30 days",
	"condition.failing": "checks failing", "condition.undelivered": "notices not delivered", "condition.muted": "muted", "condition.unchecked": "not read yet",
	"open.any": "any problem", "open.status": "not in force", "open.expiry": "nearing its end", "open.check": "checks failing", "open.stale": "checks overdue", "open.capacity": "too few cores", "open.delivery": "channel failing",
	"sort.end": "end", "sort.id": "account", "sort.checked": "longest unchecked",
	"found.1": "1 of {total}", "found.n": "{n} of {total}", "found.part": ", shown {first} to {last}", "found.script": "{n} of {total}", "found.none": "No account matches.",
	"page.earlier": "← Earlier accounts", "page.later": "More accounts →",

	"ends": "Ends in the next twelve months", "life": "{percent} % of the licence’s time is over; it ends {end}", "life.open": "The last 90 days of the licence, which ends {end}; its start is not known",
	"life.nostart": "start unknown; the last 90 days", "warned": "Notices go out {list} before the end.",

	"channels": "Channels", "channels.none": "No channel is configured: nobody is told.", "channel.ok": "ok", "channel.unused": "not used yet", "channel.paused": "paused", "channel.failing": "failing",
	"channel.good": "Last proved", "channel.never": "Nothing was proved yet", "channel.until": "Asked to be left alone until",
	"broken.1": "A channel fails: {list}", "broken.n": "{n} channels fail: {list}",
	"refused.1": "1 message not proved", "refused.n": "{n} messages in a row not proved",

	"notices": "Notices", "notices.none": "Nothing was said yet.", "notices.part": "{first} to {last} of {n}", "newer": "← Newer", "older": "Older →", "unrouted": "Routed to no channel",
	"state.pending": "pending", "state.claimed": "being sent", "state.held": "held, muted", "state.sent": "sent", "state.accepted": "accepted", "state.unknown": "may have arrived", "state.superseded": "superseded", "state.dead": "not delivered",
	"attempts.1": "1 attempt", "attempts.n": "{n} attempts",

	"notice.baseline.recorded": "First reading: {status}", "notice.status.changed": "{before} → {after}",
	"notice.expiry.changed": "End changed to {end}", "notice.expiry.changed:set": "End is known: {end}", "notice.expiry.changed:renewed": "Renewed, ends {end}", "notice.expiry.changed:shortened": "Now ends earlier, {end}",
	"notice.expiry.approaching": "Ends in {left}, {end}", "notice.expiry.reached": "Ended {end}",
	"notice.capacity.changed:short": "{after} short", "notice.capacity.changed:met": "Enough cores again", "notice.capacity.changed:limit": "Elastic limit: {before} → {after}",
	"notice.resource.changed": "Resource: {before} → {after}",
	"notice.check.failing":    "API unavailable: {failures}", "notice.check.failing:denied": "Check denied", "notice.check.failing:throttled": "Checks throttled", "notice.check.failing:rejected": "Checks rejected", "notice.check.failing:unreadable": "Answer unreadable",
	"notice.check.recovered": "Can be read again", "notice.problem.reminder": "Reminder {count}: {problem}, open for {span}",
	"notice.delivery.failed": "Channel {channel} is failing", "notice.delivery.recovered": "Channel {channel} works again",
	"notice.account.stale": "Checks overdue", "notice.account.checked": "Checked again", "notice.watch.alive": "Word of life", "notice.account.removed": "No longer watched", "notice.notify.test": "Test message", "notice.other": "{type}",

	"account.unknown": "No account of this name is watched. It may have left the configuration.",
	"problems":        "Open problems", "problems.none": "None.", "checks": "Checks", "checks.last": "Last check", "checks.why": "Failing",
	"edition": "Edition", "edition.means": "As it is believed, in the API’s own words.", "edition.none": "Nothing was read yet.", "short": "{cores} to buy: more cores run than are paid for.",
	"console.renew": "Renew in the console", "console.buy": "Buy in the console", "console.open": "Open in the console",
	"badge": "Badge", "badge.alt": "The badge of this account", "badge.means": "For a wiki or a README. Whoever has this link sees the status, and nothing else.", "copy": "Copy", "copied": "Copied",
	"calendar": "Calendar of all ends",

	"check.all": "Check all now", "check.one": "Check now", "check.busy": "Checking…",
	"mute": "Mute", "unmute": "Unmute", "mute.one": "Mute {name}", "unmute.one": "Unmute {name}", "mute.title": "Mute", "mute.do": "Mute",
	"mute.means": "Notices are held and told after it. What opens a problem is told all the same.",
	"mute.for":   "For", "mute.4h": "4 hours", "mute.1d": "1 day", "mute.7d": "7 days", "mute.30d": "30 days", "mute.ever": "until unmuted", "mute.reason": "Reason", "mute.all": "Hold urgent notices, too",
	"done.checked": "Checked. The page shows what was found.", "done.handedout": "Handed to the workers. The page shows what they find, as they do.", "done.muted": "Muted.", "done.unmuted": "Unmuted. What was held is told by the next run.", "done.other": "Done.",
	"failed.checked": "Not everything could be checked. What failed is shown below.", "failed.muted": "It could not be muted. Nothing was changed.", "failed.unmuted": "It could not be unmuted. Nothing was changed.", "failed.other": "That failed. Nothing was changed.",
	"partial": "Some records could not be read:",

	"token": "Token", "token.means": "One of http.tokens in the configuration. With the scope read you see this page; with operate you can also check and mute.",
	"fault.token": "This token is not one of those that are configured, or it has expired.", "fault.rate": "Too many attempts. Wait a minute and try again.", "fault.csrf": "This form was too old. Try again.",
	"closed": "No token is configured, so nobody can sign in. Put one into prowatch.yaml:", "closed.env": "Or set PROWATCH_HTTP_TOKEN. Make it long and random: openssl rand -hex 32.",
}}
