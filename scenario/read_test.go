package scenario_test

import (
	"testing"

	"prowatch/scenario"
)

func TestReadSaysWhereWhatAndHowToMend(t *testing.T) {
	const ok = "account: a\nsteps:\n"
	for _, tt := range []struct{ name, doc, want string }{
		{"nothing", "", "s.yaml:1:1: a scenario lacks the key account: add one, as account: acme\ns.yaml:1:1: a scenario lacks steps: add steps: [{at: 2026-01-01T00:00:00+08:00, api: {BuyStatus: Normal}}]"},
		{"an unknown key", "tilte: x\n" + ok + "  - {at: 2026-01-01T00:00:00Z, api: {}}", `s.yaml:1:1: unknown key "tilte" in a scenario; did you mean title?`},
		{"an unknown key of a step", ok + "  - {at: 2026-01-01T00:00:00Z, api: {}, wants: []}", `s.yaml:3:41: unknown key "wants" in a step; did you mean want?`},
		{"an unknown key of an error", ok + "  - {at: 2026-01-01T00:00:00Z, error: {cod: x}}", "s.yaml:3:39: an error has one of code, network and body, and that not empty\ns.yaml:3:40: unknown key \"cod\" in an error; did you mean code?"},
		{"an unknown key of a policy", "policy: {confrim: 2}\n" + ok + "  - {at: 2026-01-01T00:00:00Z, api: {}}", `s.yaml:1:10: unknown key "confrim" in a policy; did you mean confirm?`},
		{"no time", ok + "  - {api: {}}", "s.yaml:3:5: a step lacks the key at: add the time of the check, as at: 2026-01-01T00:00:00+08:00"},
		{"a time without a zone", ok + "  - {at: 2026-01-01 00:00:00, api: {}}", `s.yaml:3:10: "2026-01-01 00:00:00" is no time: write it as 2026-01-31T08:00:00+08:00`},
		{"neither", ok + "  - {at: 2026-01-01T00:00:00Z}", "s.yaml:3:5: a step has neither api nor error: add what the API answered, as api: {BuyStatus: Normal}"},
		{"both", ok + "  - {at: 2026-01-01T00:00:00Z, api: {}, error: {code: x}}", "s.yaml:3:5: a step has both api and error: keep one of the two"},
		{"no Response object", ok + "  - {at: 2026-01-01T00:00:00Z, api: []}", "s.yaml:3:37: api is the Response object: write it as {BuyStatus: Normal}; for an answer that is none, write error: {body: …}"},
		{"two faults", ok + "  - {at: 2026-01-01T00:00:00Z, error: {code: x, body: y}}", "s.yaml:3:39: an error has one of code, network and body, and that not empty"},
		{"a message alone", ok + "  - {at: 2026-01-01T00:00:00Z, error: {network: x, message: y}}", "s.yaml:3:39: message goes with code: add that, or leave this out"},
		{"a want that is no notice", ok + "  - {at: 2026-01-01T00:00:00Z, api: {}, want: [baseline.recorded]}", "s.yaml:3:48: expected a notice as {type: status.changed}, found text"},
		{"wants that are no list", ok + "  - {at: 2026-01-01T00:00:00Z, api: {}, want: {type: status.changed}}", "s.yaml:3:47: expected a list, found a mapping"},
		{"an unknown key of a notice", ok + "  - {at: 2026-01-01T00:00:00Z, api: {}, want: [{treshold: 7d}]}", `s.yaml:3:49: a notice has no key "treshold"; did you mean threshold?`},
		{"an unknown type", ok + "  - {at: 2026-01-01T00:00:00Z, api: {}, want: [{type: status.chnaged}]}", `s.yaml:3:55: "status.chnaged" is no type of a notice; did you mean status.changed?`},
		{"an unknown severity", ok + "  - {at: 2026-01-01T00:00:00Z, api: {}, want: [{severity: warn}]}", `s.yaml:3:59: "warn" is no severity of a notice; write one of critical, info, warning`},
		{"a bad threshold", ok + "  - {at: 2026-01-01T00:00:00Z, api: {}, want: [{threshold: 7}]}", `s.yaml:3:60: "7" is no duration: write a whole number and a unit, such as 7d, 36h or 90m`},
		{"a bad time", ok + "  - {at: 2026-01-01T00:00:00Z, api: {}, want: [{since: 2026}]}", `s.yaml:3:56: "2026" is no time: write it as 2026-01-31T08:00:00+08:00`},
		{"a number that JSON lacks", ok + "  - {at: 2026-01-01T00:00:00Z, api: {CoresCnt: .inf}}", `s.yaml:3:48: ".inf" is no number that JSON has: write another, or quote it`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := scenario.Read("s.yaml", []byte(tt.doc))
			if err == nil || err.Error() != tt.want {
				t.Errorf("got\n%v\nwant\n%s", err, tt.want)
			}
		})
	}
}
