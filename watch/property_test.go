package watch_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"prowatch/watch"
)

// timelines is how many random timelines each property is tried on.
const timelines = 300

var origin = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// timeline makes a random life of an account: bought, renewed, lapsed, failing,
// unreadable, with clocks that now and then run backwards.
func timeline(r *rand.Rand, backwards bool) []watch.Observation {
	now := origin
	edition := watch.Edition{Status: watch.Normal, EndTime: apiTime(now.AddDate(0, 0, 40)), MaxPostPayCoresCnt: 500, ResourceID: "r-1", IsPurchased: true}
	var obs []watch.Observation
	for range 20 + r.IntN(60) {
		step := time.Duration(r.Int64N(int64(3 * 24 * time.Hour)))
		if backwards && r.IntN(12) == 0 {
			step = -4 * step
		}
		now = now.Add(step)
		switch r.IntN(9) {
		case 0:
			edition.Status = []watch.Status{watch.Normal, watch.Isolate, watch.Pending, watch.Normal}[r.IntN(4)]
		case 1:
			edition.EndTime = apiTime(now.AddDate(0, 0, r.IntN(80)-5))
		case 2:
			edition.EndTime = ""
		case 3:
			edition.CoresCnt = uint64(r.IntN(3))
		case 4:
			edition.ResourceID = []string{"", "r-1", "r-2"}[r.IntN(3)]
		}
		o := watch.Observation{At: now, Reading: watch.Reading{Edition: edition, RequestID: "x"}}
		if r.IntN(4) == 0 {
			codes := []string{"InternalError", "RequestLimitExceeded", "AuthFailure.SecretIdNotFound", "InvalidAction", "AuthFailure.SignatureExpire"}
			if !backwards {
				codes = codes[:4] // a wrong clock is a clock that moves, too
			}
			code := codes[r.IntN(len(codes))]
			o = watch.Observation{At: now, Failure: &watch.Failure{Class: watch.ClassOf(code), Code: code}}
		}
		obs = append(obs, o)
	}
	return obs
}

func apiTime(t time.Time) string { return t.Format(watch.TimeLayout) }

func randomPolicy(r *rand.Rand) watch.Policy {
	p := watch.DefaultPolicy()
	p.Confirm = 1 + r.IntN(3)
	p.FailingAfter = 1 + r.IntN(4)
	p.RemindEvery = watch.Duration(time.Duration(r.IntN(3)) * 24 * time.Hour)
	return p
}

// eachTimeline plays random timelines and hands out every step of them.
func eachTimeline(t *testing.T, backwards bool, check func(t *testing.T, pol *watch.Policy, before, after watch.Record, o watch.Observation, notices []watch.Notice)) {
	t.Helper()
	for seed := range uint64(timelines) {
		r := rand.New(rand.NewPCG(seed, 1))
		pol := randomPolicy(r)
		rec := watch.NewRecord("acme")
		for _, o := range timeline(r, backwards) {
			next, notices := watch.Step(rec, o, &pol)
			check(t, &pol, rec, next, o, notices)
			rec = next
		}
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

func TestEachThresholdIsToldOnceForAnEnd(t *testing.T) {
	told := map[string]bool{}
	eachTimeline(t, false, func(t *testing.T, _ *watch.Policy, before, after watch.Record, _ watch.Observation, notices []watch.Notice) {
		if before.Seq == 0 && before.SeenAt.IsZero() {
			clear(told)
		}
		for _, n := range notices {
			switch n.Type {
			case watch.ExpiryChanged, watch.StatusChanged:
				clear(told)
			case watch.ExpiryApproaching, watch.ExpiryReached:
				key := fmt.Sprint(n.EndTime, n.Threshold)
				if told[key] {
					t.Errorf("told twice: %s %s for the end %s", n.Type, n.Threshold, n.EndTime)
				}
				told[key] = true
			}
		}
	})
}

func TestNoChangeComesFromAnUnreadableAnswer(t *testing.T) {
	eachTimeline(t, true, func(t *testing.T, _ *watch.Policy, before, after watch.Record, o watch.Observation, notices []watch.Notice) {
		if o.Failure == nil {
			return
		}
		if after.Believed != before.Believed || after.Candidates != before.Candidates {
			t.Errorf("a failure changed the belief from %+v to %+v", before.Believed, after.Believed)
		}
		for _, n := range notices {
			switch n.Type {
			case watch.CheckFailing, watch.ExpiryApproaching, watch.ExpiryReached, watch.ProblemReminder:
			default:
				t.Errorf("a failure made %s", n.Type)
			}
		}
	})
}

func TestEveryProblemThatWasOpenedIsResolvedOrStillOpen(t *testing.T) {
	var open []string
	eachTimeline(t, true, func(t *testing.T, _ *watch.Policy, before, after watch.Record, _ watch.Observation, notices []watch.Notice) {
		if before.SeenAt.IsZero() && before.Seq == 0 && before.Failures == 0 {
			open = nil
		}
		for _, n := range notices {
			for _, name := range n.Resolves {
				if !slices.Contains(open, name) {
					t.Errorf("%s resolves %s, which is not open", n.Type, name)
				}
				open = slices.DeleteFunc(open, func(s string) bool { return s == name })
			}
			if n.Opens != "" && !slices.Contains(open, n.Opens) {
				open = append(open, n.Opens)
			}
			if n.Problem != "" && !slices.Contains(open, n.Problem) {
				t.Errorf("a reminder of %s, which is not open", n.Problem)
			}
		}
		var got []string
		for _, p := range after.Problems {
			got = append(got, p.Name)
		}
		slices.Sort(got)
		slices.Sort(open)
		if !slices.Equal(got, open) {
			t.Errorf("open problems are %v, the notices say %v", got, open)
		}
	})
}

func TestSameInputGivesSameOutputAndChangesNothingItWasGiven(t *testing.T) {
	eachTimeline(t, true, func(t *testing.T, pol *watch.Policy, before, after watch.Record, o watch.Observation, notices []watch.Notice) {
		was := mustJSON(t, before)
		again, same := watch.Step(before, o, pol)
		if mustJSON(t, again) != mustJSON(t, after) || mustJSON(t, same) != mustJSON(t, notices) {
			t.Errorf("a second time the step gave %s, the first time %s", mustJSON(t, same), mustJSON(t, notices))
		}
		if got := mustJSON(t, before); got != was {
			t.Errorf("the step changed its record\n got %s\nwant %s", got, was)
		}
	})
}

func TestTimeGoingBackwardsHarmsNothing(t *testing.T) {
	eachTimeline(t, true, func(t *testing.T, _ *watch.Policy, before, after watch.Record, o watch.Observation, notices []watch.Notice) {
		clockWrong := o.Failure != nil && o.Failure.Code == "AuthFailure.SignatureExpire"
		ahead := before.SeenAt.Sub(o.At)
		switch {
		case clockWrong:
			if !after.SeenAt.Equal(before.SeenAt) {
				t.Errorf("a wrong clock moved the time from %s to %s", before.SeenAt, after.SeenAt)
			}
			return
		case ahead > 0 && ahead <= time.Hour:
			if len(notices) > 0 || mustJSON(t, before) != mustJSON(t, after) {
				t.Errorf("a stale observation changed something")
			}
			return
		}
		for _, p := range after.Problems {
			if p.Since.After(o.At) || p.Last.After(o.At) {
				t.Errorf("problem %s remembers %s and %s, later than the observation at %s", p.Name, p.Since, p.Last, o.At)
			}
		}
		if after.GoodAt.After(o.At) || after.Latest.Last.After(o.At) {
			t.Errorf("a time later than the observation at %s is remembered", o.At)
		}
	})
}

func TestARecordSurvivesItsEncoding(t *testing.T) {
	eachTimeline(t, true, func(t *testing.T, _ *watch.Policy, _, after watch.Record, _ watch.Observation, _ []watch.Notice) {
		data, err := after.Encode()
		if err != nil {
			t.Fatal(err)
		}
		back, err := watch.DecodeRecord(data, "acme")
		if err != nil {
			t.Fatal(err)
		}
		if got, want := mustJSON(t, back), string(data); got != want {
			t.Errorf("got %s\nwant %s", got, want)
		}
	})
}

func mustJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
