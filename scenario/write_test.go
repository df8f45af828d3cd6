package scenario_test

import (
	"strings"
	"testing"
	"time"

	"prowatch/config/strict"
	"prowatch/scenario"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// same compares scenarios but for the places they were read from.
func same(t *testing.T, want, got *scenario.Scenario) {
	t.Helper()
	zones := cmp.Comparer(func(a, b *time.Location) bool { return a.String() == b.String() })
	if d := cmp.Diff(want, got, zones, cmpopts.IgnoreTypes(strict.Pos{})); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestWhatIsWrittenReadsTheSame(t *testing.T) {
	for _, name := range files(t) {
		s := read(t, contents(t, name))
		out := scenario.Write(s)
		same(t, s, read(t, string(out)))
	}
}

func TestWriteWritesForAReader(t *testing.T) {
	in := `title: "a: b"
account: acme
policy: {time_zone: UTC, expiry_thresholds: [7d], critical_within: 36h, remind_every: 0s, confirm: 2, failing_after: 1, stale_after: 90m, expiry_source: purchase_state}
steps:
  - at: 2026-01-01T00:00:00+08:00
    api: {BuyStatus: Normal, EndTime: "2026-02-01 00:00:00", CoresCnt: -1, IsPurchased: true, ResourceId: null, X: ["no", "null", "5", "<<", "a: b", " ", {"<<": x y}]}
    want: [{type: check.failing, threshold: "7d"}]
  - at: 2026-01-02T00:00:00Z
    error: {code: InternalError.MainDBFail, message: The database failed.}
    want: []
  - at: 2026-01-02T00:00:01Z
    error: {body: "<html>"}
`
	in = strings.NewReplacer("<", `\u003c`, ">", `\u003e`).Replace(in)
	if got := string(scenario.Write(read(t, in))); got != in {
		t.Errorf("got\n%s\nwant\n%s", got, in)
	}
}

// FuzzRead checks that nothing panics, and that what is read can be played,
// checked, written and read again.
func FuzzRead(f *testing.F) {
	for _, name := range files(f) {
		f.Add(contents(f, name))
	}
	f.Add(doc + "[{before: {\"<<\": 1}}, {after: \"\\x7f\\u2028\\t\"}]")
	f.Fuzz(func(t *testing.T, data string) {
		s, err := scenario.Read("s.yaml", []byte(data))
		if err != nil {
			return
		}
		scenario.Check(s, scenario.Play(s))
		out := scenario.Write(s)
		again, err := scenario.Read("s.yaml", out)
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		same(t, s, again)
	})
}
