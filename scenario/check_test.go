package scenario_test

import (
	"strings"
	"testing"

	"prowatch/scenario"
)

// doc is a scenario whose one step makes two notices.
const doc = `account: acme
steps:
  - at: 2026-02-20T00:00:00+08:00
    api: {BuyStatus: Normal, EndTime: 2026-02-25 00:00:00, CoresCnt: 5, ResourceId: r-1}
    want: `

func TestTheCheckerBites(t *testing.T) {
	const both = "[baseline.recorded, expiry.approaching]"
	for _, tt := range []struct{ name, want, mismatch string }{
		{"too few", "[{type: baseline.recorded}]", "s.yaml:3:5: step 0: got 2 notices " + both + ", want 1 notices [baseline.recorded]"},
		{"none", "[]", "s.yaml:3:5: step 0: got 2 notices " + both + ", want 0 notices []"},
		{"too many", "[{}, {}, {type: status.changed}]", "s.yaml:3:5: step 0: got 2 notices " + both + ", want 3 notices [any, any, status.changed]"},
		{"another order", "[{type: expiry.approaching}, {type: baseline.recorded}]", `s.yaml:5:13: step 0, notice 0, type: got "baseline.recorded", want "expiry.approaching"` + "\n" + `s.yaml:5:41: step 0, notice 1, type: got "expiry.approaching", want "baseline.recorded"`},
		{"a text", "[{severity: critical}, {}]", `s.yaml:5:13: step 0, notice 0, severity: got "info", want "critical"`},
		{"a duration", "[{}, {threshold: 3d}]", `s.yaml:5:17: step 0, notice 1, threshold: got "7d", want "3d"`},
		{"a time", "[{}, {end_time: 2026-02-25T00:00:00Z}]", `s.yaml:5:17: step 0, notice 1, end_time: got "2026-02-25T00:00:00+08:00", want "2026-02-25T00:00:00Z"`},
		{"a number", "[{seq: 2}, {}]", "s.yaml:5:13: step 0, notice 0, seq: got 1, want 2"},
		{"a number as a text", `[{seq: "1"}, {}]`, `s.yaml:5:13: step 0, notice 0, seq: got 1, want "1"`},
		{"a list", "[{}, {resolves: [expiry]}]", `s.yaml:5:17: step 0, notice 1, resolves: got [], want ["expiry"]`},
		{"a value where none is", "[{kind: renewed}, {}]", `s.yaml:5:13: step 0, notice 0, kind: got nothing, want "renewed"`},
		{"nothing where a value is", `[{}, {opens: ""}]`, `s.yaml:5:17: step 0, notice 1, opens: got "expiry", want ""`},
		{"an object", "[{edition: {BuyStatus: Normal}}, {}]", `s.yaml:5:13: step 0, notice 0, edition: got {"BuyStatus":"Normal","EndTime":"2026-02-25 00:00:00","ResourceId":"r-1","CoresCnt":5,"MaxPostPayCoresCnt":0,"IsPurchased":false}, want {"BuyStatus":"Normal"}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := read(t, doc+tt.want)
			var got []string
			for _, m := range scenario.Check(s, scenario.Play(s)) {
				got = append(got, m.String())
			}
			if got := strings.Join(got, "\n"); got != tt.mismatch {
				t.Errorf("got\n%s\nwant\n%s", got, tt.mismatch)
			}
		})
	}
}

func TestTheCheckerTakesWhatIsEqual(t *testing.T) {
	for _, want := range []string{
		"[{}, {}]",
		"[{type: baseline.recorded, seq: 1, opens: '', resolves: [], kind: ~, count: 0, problem: ''}, {opens: expiry}]",
		"[{}, {threshold: 168h, seq: 2.0}]",
		"[{at: 2026-02-19T16:00:00Z}, {at: 2026-02-20T00:00:00+08:00, end_time: 2026-02-24T16:00:00Z}]",
		"[{edition: {IsPurchased: false, CoresCnt: 5, MaxPostPayCoresCnt: 0, BuyStatus: Normal, EndTime: 2026-02-25 00:00:00, ResourceId: r-1}}, {}]",
		"",
	} {
		s := read(t, doc+want)
		for _, m := range scenario.Check(s, scenario.Play(s)) {
			t.Errorf("%s: %s", want, m)
		}
	}
}

func TestOneSideOfAChangeCanBeBothCounts(t *testing.T) {
	const steps = `account: a
steps:
  - {at: 2026-01-01T00:00:00Z, api: {BuyStatus: Normal, CoresCnt: 0}}
  - {at: 2026-01-01T01:00:00Z, api: {BuyStatus: Normal, CoresCnt: 4}, want: [{before: {CoresCnt: 0, MaxPostPayCoresCnt: 0}, after: {CoresCnt: COUNT, MaxPostPayCoresCnt: 0}}]}
`
	for count, mismatches := range map[string]int{"4": 0, "5": 1} {
		s := read(t, strings.ReplaceAll(steps, "COUNT", count))
		if got := scenario.Check(s, scenario.Play(s)); len(got) != mismatches {
			t.Errorf("after %s cores: got %v, want %d mismatches", count, got, mismatches)
		}
	}
}
