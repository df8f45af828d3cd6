package config_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"prowatch/config"
	"prowatch/config/strict"
)

func TestEachErrorSaysWhereWhatAndHowToMend(t *testing.T) {
	for _, tt := range []struct{ name, doc, want string }{
		{"no account", channel, `c.yaml:1:1: there is no account to watch: add accounts: [{id: acme, secret_id: "${env:ACME_ID}", secret_key: "${env:ACME_KEY}"}]`},
		{"an empty list of accounts", channel + "accounts: []", `c.yaml:2:11: there is no account to watch: add accounts: [{id: acme, secret_id: "${env:ACME_ID}", secret_key: "${env:ACME_KEY}"}]`},
		{"accounts that are no list", channel + "accounts: acme", "c.yaml:2:11: expected a list, found text; put it in brackets"},
		{"an account that is no mapping", channel + "accounts: [acme]", "c.yaml:2:12: expected a mapping, found text"},
		{"no id", channel + "accounts: [{secret_id: i, secret_key: k}]", "c.yaml:2:12: an account lacks the key id: add it"},
		{"no key", channel + "accounts: [{id: a, secret_id: i}]", "c.yaml:2:12: an account lacks the key secret_key: add it"},
		{"an empty key", channel + "accounts: [{id: a, secret_id: i, secret_key: '${env:EMPTY}'}]", "c.yaml:2:46: secret_key is empty: set it, or check what its reference stands for"},
		{"a mistyped key", channel + "accounts:\n  - id: a\n    secret_id: i\n    secret_key: k\n    tokn: t", `c.yaml:6:5: unknown key "tokn" in an account; did you mean token?`},
		{"a bad id", channel + "accounts: [{id: .a, secret_id: i, secret_key: k}]", `c.yaml:2:17: ".a" is no id: write up to 64 of the characters A-Z a-z 0-9 . _ - and no leading dot`},
		{"an id out of a secret", channel + "accounts: [{id: '${env:KEY} ', secret_id: i, secret_key: k}]", "c.yaml:2:17: what ${env:KEY}  stands for is no id: write up to 64 of the characters A-Z a-z 0-9 . _ - and no leading dot"},
		{"an id twice", channel + "accounts:\n- &a {id: a, secret_id: i, secret_key: k}\n- {id: a, secret_id: i, secret_key: k}", `c.yaml:4:8: the id "a" is that of another account already (c.yaml:3:11): give each its own`},
		{"a bad site", channel + "accounts: [{id: a, secret_id: i, secret_key: k, site: itnl}]", `c.yaml:2:55: "itnl" is no site; did you mean intl?`},
		{"external_id alone", channel + "accounts: [{id: a, secret_id: i, secret_key: k, external_id: xx}]", "c.yaml:2:62: external_id goes with role_arn: add that, or leave this out"},
		{"a route that is no mapping", account + channel + "routes: [out]", "c.yaml:3:10: expected a mapping, found text"},
		{"a token that is no mapping", account + channel + "http: {tokens: [t]}", "c.yaml:3:17: expected a mapping, found text"},
		{"a digest that is no mapping", account + channel + "digest: daily", "c.yaml:3:9: expected a mapping, found text"},
		{"a fan-out that is no mapping", account + channel + "fanout: q", "c.yaml:3:9: expected a mapping, found text"},
		{"runbooks that are no mapping", account + channel + "runbooks: q", "c.yaml:3:11: expected a mapping, found text"},
		{"labels that are no mapping", channel + "accounts: [{id: a, secret_id: i, secret_key: k, labels: x}]", "c.yaml:2:57: expected a mapping, found text"},

		{"no channel", account, "c.yaml:1:1: there is no channel, so nobody would be told: add channels: {out: {type: stdout}} or one of your chat's"},
		{"an empty mapping of channels", account + "channels: {}", "c.yaml:2:11: there is no channel, so nobody would be told: add channels: {out: {type: stdout}} or one of your chat's"},
		{"a list of channels", account + "channels: [a]", "c.yaml:2:11: expected channels by name, found a list: write channels: {out: {type: stdout}}"},
		{"a channel that is no mapping", account + "channels: {out: stdout}", "c.yaml:2:12: channel out is text: give it at least a type, as {type: stdout}"},
		{"a channel of no type", account + "channels: {out: {url: x}}", "c.yaml:2:12: channel out has no type, so it tells nobody: set the type to one of dingtalk, stdout, telegram"},
		{"a channel of an unknown type", account + "channels: {out: {type: dingtlak}}", `c.yaml:2:24: "dingtlak" is no type of channel; did you mean dingtalk?`},
		{"a bad channel name", account + "channels: {a b: {type: stdout}}", "c.yaml:2:12: this is no name for a channel: write up to 64 of the characters A-Z a-z 0-9 . _ - and no leading dot"},
		{"a mistyped key of a channel", account + "channels: {d: {type: dingtalk, url: u, secrte: s}}", `c.yaml:2:40: unknown key "secrte" in a dingtalk channel; did you mean secret?`},
		{"a key that no channel of the type has", account + "channels: {d: {type: dingtalk, url: u, colour: s}}", `c.yaml:2:40: unknown key "colour" in a dingtalk channel; write one of allow_http, keep, language, mention, secret, url`},
		{"a key of a channel that takes none", account + "channels: {o: {type: stdout, url: u}}", `c.yaml:2:30: unknown key "url" in a stdout channel; it takes no keys`},
		{"a missing key of a channel", account + "channels: {d: {type: dingtalk}}", "c.yaml:2:12: channel d is of type dingtalk, which needs the key url: add it"},
		{"an empty key of a channel", account + "channels: {d: {type: dingtalk, url: ''}}", "c.yaml:2:37: url is empty: set it, or check what its reference stands for"},
		{"a wrong type in a channel", account + "channels: {d: {type: dingtalk, url: u, allow_http: yes}}", "c.yaml:2:52: expected true or false, found text"},
		{"a scalar for a list in a channel", account + "channels: {d: {type: dingtalk, url: u, mention: {critical: all}}}", "c.yaml:2:60: expected a list, found text; put it in brackets"},
		{"an empty item in a channel", account + "channels: {d: {type: dingtalk, url: u, mention: {critical: [~]}}}", "c.yaml:2:61: an item of the list is empty: remove it"},

		{"a mistyped key at the top", account + channel + "chanels: {}", `c.yaml:3:1: unknown key "chanels" in the configuration; did you mean channels?`},
		{"a key twice", account + channel + "state: a\nstate: b", `c.yaml:4:1: the key "state" stands here a second time, first on line 3: keep one of the two`},
		{"a document that is no mapping", "[]", "c.yaml:1:1: expected a mapping, found a list"},

		{"routes that are no list", account + channel + "routes: {channels: [out]}", "c.yaml:3:9: expected a list, found a mapping"},
		{"no route", account + channel + "routes: []", "c.yaml:3:9: there is no route: add one without match, as {channels: [out]}, or leave out routes to tell every channel everything"},
		{"no default route", account + channel + "routes: [{match: {severity: [info]}, channels: [out]}]", "c.yaml:3:10: the last route must match everything, so that no notice is lost: add a route without match, as {channels: [out]}"},
		{"a route that hides others", account + channel + "routes: [{channels: [out]}, {channels: [out]}]", "c.yaml:3:10: this route matches everything, so those below it are never reached: move it to the end, or add continue: true"},
		{"a route to nowhere", account + channel + "routes: [{match: {}}]", "c.yaml:3:10: a route lacks channels to go to: add channels: [out]"},
		{"a route to an unknown channel", account + channel + "routes: [{channels: [uot]}]", `c.yaml:3:22: "uot" is no channel; did you mean out?`},
		{"a bad severity", account + channel + "routes: [{match: {severity: [critcal]}, channels: [out], continue: true}, {channels: [out]}]", `c.yaml:3:30: "critcal" is no severity; did you mean critical?`},
		{"a type that there is not", account + channel + "routes: [{match: {type: [status.chnaged]}, channels: [out]}, {channels: [out]}]", `c.yaml:3:26: "status.chnaged" matches no type of notice; did you mean status.changed?`},
		{"a broken pattern", account + channel + "routes: [{match: {type: ['[']}, channels: [out]}, {channels: [out]}]", `c.yaml:3:26: "[" is no pattern: write a name in which * stands for any text, and close each bracket`},
		{"a broken pattern of accounts", account + channel + "routes: [{match: {account: ['a[']}, channels: [out]}, {channels: [out]}]", `c.yaml:3:29: "a[" is no pattern: write a name in which * stands for any text, and close each bracket`},

		{"a policy that is no mapping", account + channel + "policy: x", "c.yaml:3:9: expected a mapping, found text"},
		{"a mistyped key of a policy", account + channel + "policy: {remind: 1d}", `c.yaml:3:10: unknown key "remind" in a policy; write one of confirm, critical_within, expiry_source, expiry_thresholds, failing_after, remind_every, stale_after, time_zone`},
		{"a zone near one", account + channel + "policy: {time_zone: Asia/Shangai}", `c.yaml:3:21: "Asia/Shangai" is no time zone: did you mean Asia/Shanghai?`},
		{"a zone that people say", account + channel + "policy: {time_zone: Asia/Beijing}", `c.yaml:3:21: "Asia/Beijing" is no time zone: did you mean Asia/Shanghai?`},
		{"a zone far from any", account + channel + "policy: {time_zone: Mars/Olympus}", `c.yaml:3:21: "Mars/Olympus" is no time zone: write one of the zone database, such as Asia/Shanghai or UTC`},
		{"the zone of the machine", account + channel + "policy: {time_zone: Local}", `c.yaml:3:21: "Local" is no time zone: write one of the zone database, such as Asia/Shanghai or UTC`},
		{"a bad duration", account + channel + "policy: {remind_every: 24}", `c.yaml:3:24: "24" is no duration: write a whole number and a unit, such as 7d, 36h or 90m`},
		{"a negative threshold", account + channel + "policy: {expiry_thresholds: [7d, -1d]}", `c.yaml:3:34: "-1d" is no duration: write a whole number and a unit, such as 7d, 36h or 90m`},
		{"a threshold of nothing", account + channel + "policy: {expiry_thresholds: [0d]}", "c.yaml:3:30: a threshold must be longer than nothing: write a duration such as 7d, 36h or 90m"},
		{"no threshold", account + channel + "policy: {expiry_thresholds: []}", "c.yaml:3:29: expiry_thresholds is empty, so an end would be told only once it is reached: add one, or leave the key out"},
		{"confirm of nothing", account + channel + "policy: {confirm: 0}", "c.yaml:3:19: confirm must be at least 1"},
		{"confirm in words", account + channel + "policy: {confirm: two}", "c.yaml:3:19: expected a whole number, found text"},
		{"confirm beyond numbers", account + channel + "policy: {confirm: 99999999999999999999}", `c.yaml:3:19: "99999999999999999999" is no number that fits: write a smaller one, in decimal`},
		{"failing_after of nothing", account + channel + "policy: {failing_after: -1}", "c.yaml:3:25: failing_after must be at least 1"},
		{"stale_after of nothing", account + channel + "policy: {stale_after: 0}", "c.yaml:3:23: stale_after must be longer than nothing: write a duration such as 7d, 36h or 90m"},
		{"a bad expiry_source", account + channel + "policy: {expiry_source: purchase}", `c.yaml:3:25: "purchase" is no expiry_source; write one of pro_version, purchase_state`},
		{"a bad policy of an account", channel + "accounts: [{id: a, secret_id: i, secret_key: k, policy: {confirm: 0}}]", "c.yaml:2:67: confirm must be at least 1"},

		{"a bad schedule", account + channel + "schedule: hourly", `c.yaml:3:11: schedule is no schedule: write five cron fields, such as "17 * * * *" for each hour`},
		{"a bad address", account + channel + "http: {listen: 8080}", "c.yaml:3:16: listen is no address: write host:port, such as 127.0.0.1:8080"},
		{"a bad public URL", account + channel + "http: {public_url: example.com}", "c.yaml:3:20: public_url is no URL: write it whole, from https:// on"},
		{"a token without a token", account + channel + "http: {tokens: [{scope: read}]}", "c.yaml:3:17: a token lacks the key token: add it"},
		{"a bad scope", account + channel + "http: {tokens: [{token: t, scope: write}]}", `c.yaml:3:35: "write" is no scope; write one of operate, read`},
		{"a bad expiry of a token", account + channel + "http: {tokens: [{token: t, expires: 2027}]}", `c.yaml:3:37: "2027" is no time: write it as 2026-01-31T08:00:00+08:00`},
		{"an origin with a path", account + channel + "http: {cors: ['https://a.example.com/']}", `c.yaml:3:15: cors holds "https://a.example.com/", which is no origin: write scheme and host alone, such as https://board.example.com`},
		{"any origin", account + channel + "http: {cors: ['*']}", `c.yaml:3:15: cors holds "*", which is no origin: write scheme and host alone, such as https://board.example.com`},
		{"a token twice", account + channel + "http: {tokens: [{token: '" + secret + "'}, {token: '${env:KEY}'}]}", "c.yaml:3:45: this token stands in the list twice: give each bearer its own"},
		{"a bad heartbeat", account + channel + "heartbeat: {url: '${env:KEY}'}", "c.yaml:3:18: heartbeat.url is no URL: write it whole, from https:// on"},
		{"a digest without a channel", account + channel + "digest: {cron: '@daily'}", "c.yaml:3:9: digest lacks the key channel: add it"},
		{"a digest without a time", account + channel + "digest: {channel: out}", "c.yaml:3:9: digest lacks the key cron: add it"},
		{"a digest for nobody", account + channel + "digest: {channel: otu, cron: '@daily'}", `c.yaml:3:19: "otu" is no channel; did you mean out?`},
		{"a runbook of no type", account + channel + "runbooks: {status.change: 'https://a'}", "c.yaml:3:12: runbooks are by type of notice, and there is no such type; did you mean status.changed?"},
		{"a runbook that is no URL", account + channel + "runbooks: {status.changed: a}", "c.yaml:3:28: a runbook is no URL: write it whole, from https:// on"},
		{"no concurrency", account + channel + "concurrency: 0", "c.yaml:3:14: concurrency must be at least 1"},
		{"a fan-out to nowhere", account + channel + "fanout: {batch: 5}", "c.yaml:3:9: fanout lacks the key queue: add it"},
		{"a batch of nothing", account + channel + "fanout: {queue: q, batch: 0}", "c.yaml:3:27: batch must be at least 1"},

		{"an unset variable", account + channel + "state: '${env:NOPE}'", "c.yaml:3:8: the environment variable NOPE is not set: set it, or take out ${env:NOPE}"},
		{"an unset variable as a key", channel + "accounts: [{id: a, secret_id: i, secret_key: '${env:NOPE}'}]", "c.yaml:2:46: the environment variable NOPE is not set: set it, or take out ${env:NOPE}"},
		{"an unset variable as a number", account + channel + "concurrency: '${env:NOPE}'", "c.yaml:3:14: the environment variable NOPE is not set: set it, or take out ${env:NOPE}"},
		{"an unset variable as a zone", account + channel + "policy: {time_zone: '${env:NOPE}'}", "c.yaml:3:21: the environment variable NOPE is not set: set it, or take out ${env:NOPE}"},
		{"an unset variable as a type", account + "channels: {o: {type: '${env:NOPE}'}}", "c.yaml:2:22: the environment variable NOPE is not set: set it, or take out ${env:NOPE}"},
		{"an unset variable as a URL", account + "channels: {d: {type: dingtalk, url: '${env:NOPE}'}}", "c.yaml:2:37: the environment variable NOPE is not set: set it, or take out ${env:NOPE}"},
		{"a missing file", account + channel + "state: '${file:/nope}'", "c.yaml:3:8: ${file:/nope} could not be read: file does not exist"},
		{"an unknown scheme", account + channel + "state: '${evn:KEY}'", "c.yaml:3:8: a reference is of no known kind; did you mean env?"},
		{"no scheme", account + channel + "state: '${KEY}'", "c.yaml:3:8: a reference says where its value is, as ${env:NAME} or ${file:PATH}; for a literal ${ write $${"},
		{"an open reference", account + channel + "state: 'a${env:KEY'", "c.yaml:3:8: a reference ${ is not closed: add }, or write $${ for the text itself"},
		{"a scheme without a resolver", account + channel + "state: '${awssecret:x}'", "c.yaml:3:8: ${awssecret:…} is not resolved by this program: use ${env:NAME} or ${file:PATH}, or run where awssecret is"},
		{"a resolver that cannot", account + channel + "state: '${awsssm:x}'", "c.yaml:3:8: ${awsssm:x} could not be had: no such parameter: ask its owner"},
		{"a number out of a secret", account + channel + "concurrency: '${env:KEY}'", "c.yaml:3:14: expected a whole number, found text"},
		{"a duration out of a secret", account + channel + "policy: {remind_every: '${env:KEY}'}", "c.yaml:3:24: what ${env:KEY} stands for has the wrong form for this key"},
		{"a zone out of a secret", account + channel + "policy: {time_zone: '${env:KEY}'}", "c.yaml:3:21: what ${env:KEY} stands for is no time zone: write one of the zone database, such as Asia/Shanghai or UTC"},
		{"a type out of a secret", account + "channels: {o: {type: '${env:KEY}'}}", "c.yaml:2:22: what ${env:KEY} stands for is no type of channel; write one of dingtalk, stdout, telegram"},
		{"a reference without quotes in braces", account + "channels: {o: {type: ${env:KEY}}}", `c.yaml:2:23: is no YAML: ',' or '}' must be specified; write a reference in quotes, as "${env:NAME}"`},
		{"a secret with a comma without quotes", account + "channels: {d: {type: dingtalk, url: https://x?k=1," + secret + "}}", "c.yaml:2:51: unknown key (without a value, so it is not shown; does a value lack its quotes?) in a dingtalk channel; write one of allow_http, keep, language, mention, secret, url"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, err := config.Load(t.Context(), "c.yaml", []byte(tt.doc), options())
			if err == nil {
				t.Fatalf("got %v, want the error\n%s", s, tt.want)
			}
			if err.Error() != tt.want {
				t.Errorf("got\n%v\nwant\n%s", err, tt.want)
			}
			if strings.Contains(err.Error(), secret) {
				t.Errorf("the error holds the secret: %v", err)
			}
		})
	}
}

func TestSeveralErrorsAreToldAtOnceInOrder(t *testing.T) {
	_, err := config.Load(t.Context(), "c.yaml", []byte("channels: {out: {type: stdot}}\naccounts: [{id: a}]\nzzz: 1\n"), options())
	var ps strict.Problems
	if !errors.As(err, &ps) {
		t.Fatalf("got %T, want strict.Problems", err)
	}
	var lines []int
	for _, p := range ps {
		lines = append(lines, p.Pos.Line)
	}
	if want := []int{1, 2, 2, 3}; !slices.Equal(lines, want) {
		t.Errorf("got problems on lines %v, want %v:\n%v", lines, want, err)
	}
}

func TestErrorsAreBounded(t *testing.T) {
	var doc strings.Builder
	for i := range 30 {
		fmt.Fprintf(&doc, "k%d: 1\n", i)
	}
	_, err := config.Load(t.Context(), "c.yaml", []byte(account+channel+doc.String()), options())
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != 21 || lines[20] != "and 10 more" {
		t.Errorf("got %d lines, the last %q, want 20 and the count", len(lines), lines[len(lines)-1])
	}
}
