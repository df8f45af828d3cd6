package notify

// english is the English catalogue.
//
// What a lapse means is put with care: how long an edition may be used after
// its end is the vendor's word; when it is released after that is not documented.
var english = Catalogue{
	Sayings: map[string]Saying{
		"baseline.recorded:Normal": {
			Title:  "TCSS Pro is Normal, ends {end}",
			Means:  "This is the first reading: from now on changes are reported, and the end is announced in time.",
			Action: "Open in the console",
		},
		"baseline.recorded:Endless": {
			Title:  "TCSS Pro Normal, end unknown, {at}",
			Means:  "The API names no end for this account, so its expiry cannot be watched, only its status. To watch the end, set policy.expiry_source: purchase_state and allow tcss:DescribePurchaseStateInfo.",
			Action: "Look up the end in the console",
		},
		"baseline.recorded:Pending": {
			Title:  "TCSS Pro is not purchased, {at}",
			Means:  "This is the first reading. Containers of this account have no Pro protection. A purchase will be reported.",
			Action: "Buy in the console",
		},
		"baseline.recorded:Isolate": {
			Title:  "TCSS Pro is isolated, {at}",
			Means:  "This is the first reading: the Pro Edition has lapsed and its protection is suspended. Renew it to restore it.",
			Action: "Renew in the console",
		},

		"status.changed:Normal": {
			Title:  "TCSS {before} → {after}, {at}",
			Means:  "The Pro Edition is in force.",
			Action: "Open in the console",
		},
		"status.changed:Isolate": {
			Title:  "TCSS {before} → {after}, {at}",
			Means:  "The Pro Edition has lapsed and its protection is suspended. Renew now, while it can still be renewed.",
			Action: "Renew in the console",
		},
		"status.changed:Pending": {
			Title:  "TCSS {before} → {after}, {at}",
			Means:  "The Pro Edition is gone: containers of this account have no Pro protection until it is bought again.",
			Action: "Buy in the console",
		},
		"status.changed": {
			Title: "TCSS {before} → {after}, {at}",
		},

		"expiry.changed:set": {
			Title:  "TCSS Pro end is known, {end}",
			Means:  "From now on the end is watched.",
			Action: "Open in the console",
		},
		"expiry.changed:renewed": {
			Title:  "TCSS Pro renewed, ends {end}",
			Means:  "Protection continues. Warnings before the new end come as usual.",
			Action: "Open in the console",
		},
		"expiry.changed:shortened": {
			Title:  "TCSS Pro now ends earlier, {end}",
			Means:  "The end is earlier than it was, as after a refund or a changed order. If nobody did that, look into it.",
			Action: "Check the order in the console",
		},
		"expiry.changed": {
			Title: "TCSS Pro end changed, {end}",
		},
		"expiry.approaching": {
			Title:  "TCSS Pro ends in {left}, {end}",
			Means:  "Unless it is renewed, protection lapses: Tencent documents 5 days of use after the end, to {grace}; do not count on more.",
			Action: "Renew in the console",
		},
		"expiry.reached": {
			Title:  "TCSS Pro ended {end}",
			Means:  "It has not been renewed. Tencent documents 5 days of use after the end, to {grace}; then expect isolation and no protection. Renew now.",
			Action: "Renew in the console",
		},

		"capacity.changed:short": {
			Title:  "TCSS Pro is {cores} short, {at}",
			Means:  "More cores run than are paid for. Tencent bills the surplus by the day, up to the elastic limit, until they are bought.",
			Action: "Add cores in the console",
		},
		"capacity.changed:met": {
			Title:  "TCSS Pro has enough cores, {at}",
			Means:  "Every running core is paid for again.",
			Action: "Open in the console",
		},
		"capacity.changed:limit": {
			Title:  "TCSS elastic limit changed, {at}",
			Means:  "This is how many cores may be billed by the day beyond those that are bought.",
			Action: "Open in the console",
		},
		"resource.changed": {
			Title:  "TCSS Pro resource changed, {at}",
			Means:  "The edition has another resource id, as after a new order. If nobody bought or moved it, look into it.",
			Action: "Open in the console",
		},

		"check.failing:denied": {
			Title:  "TCSS Pro check denied, {at}",
			Means:  "This account cannot be checked until this is fixed: check that the key exists and is enabled, that it may call tcss:DescribeProVersionInfo, and that TCSS is authorised in the account. prowatch doctor tells which.",
			Action: "Check the access keys in the console",
			Page:   accessKeys,
		},
		"check.failing:denied:AuthFailure.SecretIdNotFound": {
			Title:  "TCSS Pro check denied, {at}",
			Means:  "This account cannot be checked until this is fixed: the access key does not exist. It was deleted or mistyped: set secret_id and secret_key of one that is enabled.",
			Action: "Check the access keys in the console",
			Page:   accessKeys,
		},
		"check.failing:denied:AuthFailure.SignatureFailure": {
			Title:  "TCSS Pro check denied, {at}",
			Means:  "This account cannot be checked until this is fixed: the secret key is not that of the key id. Set both again, copied whole.",
			Action: "Check the access keys in the console",
			Page:   accessKeys,
		},
		"check.failing:denied:AuthFailure.SignatureExpire": {
			Title: "TCSS Pro check denied, {at}",
			Means: "This account cannot be checked until this is fixed: the clock of the machine that prowatch runs on is wrong. Set it, and keep it set by NTP.",
		},
		"check.failing:denied:AuthFailure.UnauthorizedOperation": {
			Title:  "TCSS Pro check denied, {at}",
			Means:  "This account cannot be checked until this is fixed: the key lacks a permission. Grant it tcss:DescribeProVersionInfo; prowatch config policy prints the policy.",
			Action: "Check the permissions in the console",
			Page:   permissions,
		},
		"check.failing:denied:UnauthorizedOperation": {
			Title:  "TCSS Pro check denied, {at}",
			Means:  "This account cannot be checked until this is fixed: the key lacks a permission. Grant it tcss:DescribeProVersionInfo; prowatch config policy prints the policy.",
			Action: "Check the permissions in the console",
			Page:   permissions,
		},
		"check.failing:denied:InternalError.ErrRoleNotExist": {
			Title:  "TCSS Pro check denied, {at}",
			Means:  "This account cannot be checked until this is fixed: TCSS has no service role in this account. Open TCSS in the console once and authorise it.",
			Action: "Authorise TCSS in the console",
		},
		"check.failing:throttled": {
			Title: "TCSS Pro checks throttled, {at}",
			Means: "Changes go unseen while this lasts. The API takes 20 requests a second from one account: see what else calls it.",
		},
		"check.failing:rejected": {
			Title: "TCSS Pro checks rejected, {at}",
			Means: "Changes go unseen while this lasts. The API does not take this request: check site and endpoint of the account, and for a newer prowatch.",
		},
		"check.failing:unreadable": {
			Title: "TCSS Pro answer unreadable, {at}",
			Means: "Changes go unseen while this lasts. The API answers something that cannot be relied on: check for a newer prowatch.",
		},
		"check.failing": {
			Title: "TCSS Pro API unavailable, {at}",
			Means: "Changes go unseen while this lasts. The known end is still watched, and checks go on.",
		},
		"check.recovered": {
			Title:  "TCSS Pro can be read again, {at}",
			Means:  "Checks work. Whatever changed meanwhile is reported separately.",
			Action: "Open in the console",
		},

		"problem.reminder:Isolate": {
			Title:  "TCSS Pro isolated since {since}",
			Means:  "Still not renewed: its protection is suspended. Renew it, or mute this account if it is meant to lapse.",
			Action: "Renew in the console",
		},
		"problem.reminder:Pending": {
			Title:  "TCSS Pro is gone since {since}",
			Means:  "Still not bought again: there is no Pro protection. Buy it, or mute this account if it is meant to lapse.",
			Action: "Buy in the console",
		},
		"problem.reminder:expiry": {
			Title:  "TCSS Pro ended {end}, not renewed",
			Means:  "Tencent documents 5 days of use after the end, to {grace}; then expect isolation and no protection. Renew now.",
			Action: "Renew in the console",
		},
		"problem.reminder:check": {
			Title: "TCSS checks failing since {since}",
		},
		"problem.reminder:check:denied": {
			Title: "TCSS checks denied since {since}",
		},
		"problem.reminder": {
			Title: "Problem open since {since}: {problem}",
		},

		"delivery.failed": {
			Title: "Channel {channel} is failing, {at}",
			Means: "Messages do not reach this channel. What it refused is kept: fix the channel, then run prowatch redrive.",
		},
		"delivery.recovered": {
			Title: "Channel {channel} works again, {at}",
			Means: "prowatch redrive sends what it refused meanwhile.",
		},
		"account.stale": {
			Title: "TCSS Pro checks overdue, {at}",
			Means: "This account has not been checked for too long: check that the schedule runs, and that a run has time for all accounts.",
		},
		"account.checked": {
			Title: "TCSS Pro is checked again, {at}",
		},
		"account.removed": {
			Title: "TCSS Pro no longer watched, {at}",
			Means: "The account left the configuration. Nothing more is reported about it.",
		},
		"notify.test": {
			Title: "Test message, {at}",
			Means: "This channel works: prowatch can tell you here. Nothing is wrong.",
		},
		"watch.alive":       {Title: "prowatch is alive: {accounts}, {health}", Means: aliveMeans},
		"watch.alive:end":   {Title: "prowatch is alive: {accounts}, {health}; next end {nearest} in {left}", Means: aliveMeans},
		"watch.alive:ended": {Title: "prowatch is alive: {accounts}, {health}; {nearest} ended {left} ago", Means: aliveMeans},
		"other": {
			Title: "{type}, {at}",
		},
	},

	Words: map[string]string{
		"tag": "[{tag}] ", "id": "id {id}", "comma": ", ",
		"severity.critical": "CRITICAL", "severity.warning": "WARNING", "severity.info": "INFO", "severity.ok": "OK",
		"status.Normal": "Normal", "status.Pending": "Pending", "status.Isolate": "Isolate",
		"renewal.on": "on", "renewal.off": "off",

		"day.1": "1 day", "day.n": "{n} days",
		"hour.1": "1 hour", "hour.n": "{n} hours",
		"minute.1": "1 min", "minute.n": "{n} min",
		"core.1": "1 core", "core.n": "{n} cores",
		"account.1": "1 account", "account.n": "{n} accounts",
		"health.all": "all {status}", "health.some": "{n} {status}", "unread.1": "1 not read yet", "unread.n": "{n} not read yet",
		"waiting.1": "1 waiting", "waiting.n": "{n} waiting", "unsure.1": "1 unknown", "unsure.n": "{n} unknown", "dead.1": "1 dead", "dead.n": "{n} dead",
		"run.1": "1 since {since}", "run.n": "{n} since {since}",
		"tally.critical.1": "1 critical", "tally.critical.n": "{n} critical",
		"tally.warning.1": "1 warning", "tally.warning.n": "{n} warnings",
		"tally.info.1": "1 for information", "tally.info.n": "{n} for information",

		"label.status": "Status", "label.end": "End", "label.resource": "Resource", "label.change": "Change",
		"label.cores": "Cores to buy", "label.elastic": "Elastic limit, cores", "label.said": "Reason", "label.message": "Message",
		"label.ends": "Ends", "label.ended": "Ended", "label.failures": "Failed checks in a row",
		"label.problems": "Open problems", "label.nearest": "Nearest end", "label.failing": "Accounts failing", "label.owed": "Deliveries", "label.good": "Last good run", "label.runs": "Runs",
		"label.reminder": "Reminder", "label.lasted": "The problem was open", "label.renewal": "Auto-renewal", "label.known": "Last known status", "label.labels": "Labels", "label.runbook": "Runbook",

		"nearest.ahead": "{nearest}, {end}, in {left}", "nearest.past": "{nearest}, {end}, {left} ago",
		"deadline.ahead": "{end}, in {left}", "deadline.past": "{end}, {left} ago",
		"reminder": "no. {count}, open since {since}", "lasted": "since {since}, for {duration}",
		"none": "none", "action": "Open in the console", "seen": "seen {at}",

		"remark.duplicate":    "Possible duplicate: an earlier attempt may have arrived, with the same id.",
		"remark.late":         "Told late: this was seen at {at}, {age} before this message.",
		"digest.count":        "{n} notices, the worst first: {list}.",
		"digest.more":         "+{n} more",
		"digest.end":          "prowatch digest · id {id}",
		"digest.rest.history": "+{n} more, left out for size: {list}. prowatch history lists them · id {id}",
		"digest.rest.page":    "+{n} more, left out for size: {list}. See the status page · id {id}",
	},
}
