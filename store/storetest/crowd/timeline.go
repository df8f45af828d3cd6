package crowd

import (
	"fmt"
	"math/rand/v2"
	"time"

	"prowatch/watch"
)

// Bounds of a timeline. Steps are less than a day apart, so that no account is
// stale, and half an hour from where anything is due.
const (
	runners  = 16
	minSteps = 2
	maxSteps = 4
	maxGap   = 20 // hours
)

// A timeline is what the API answers over some days, and who asks when.
type timeline struct {
	accounts []string
	channels []string
	policy   watch.Policy
	steps    []step
	idem     bool // the channels drop what they had
}

// A step is one moment.
type step struct {
	after   time.Duration // since the step before
	answers map[string]answer
	who     []int // of the runners
}

// An answer is a reading, or how it failed.
type answer struct {
	reading watch.Reading
	failure *watch.Failure
}

// draw draws a timeline of a size. A plain one is believed at the first sight, so
// that it does not matter how many look.
func draw(r *rand.Rand, short, plain bool) timeline {
	tl := timeline{policy: watch.DefaultPolicy(), idem: r.IntN(2) == 0}
	tl.policy.Confirm, tl.policy.FailingAfter = 1, 1
	if !plain {
		tl.policy.Confirm, tl.policy.FailingAfter = 1+r.IntN(3), 1+r.IntN(4)
	}
	accounts, steps := 1+r.IntN(4)/3, minSteps+r.IntN(maxSteps-minSteps+1)
	tl.channels = []string{"digest", "single"}
	if short {
		accounts, steps = 1, 1+r.IntN(2)
		tl.channels = tl.channels[r.IntN(2):][:1]
	}
	for i := range accounts {
		tl.accounts = append(tl.accounts, fmt.Sprintf("acme-%d", i))
	}
	for i := range steps {
		s := step{answers: map[string]answer{}, who: r.Perm(runners)[:together(r, short)]}
		if i > 0 {
			s.after = time.Duration(1+r.IntN(maxGap)) * time.Hour
		}
		for _, id := range tl.accounts {
			s.answers[id] = drawAnswer(r)
		}
		tl.steps = append(tl.steps, s)
	}
	return tl
}

// together is how many run at once: mostly few, which meet at each of their
// operations, and now and then all.
func together(r *rand.Rand, short bool) int {
	switch {
	case short:
		return 2
	case r.IntN(8) == 0:
		return runners
	}
	return 2 + r.IntN(4)
}

func drawAnswer(r *rand.Rand) answer {
	if r.IntN(4) == 0 {
		f := &watch.Failure{Class: watch.Unavailable, Code: "InternalError", Message: "sorry"}
		if r.IntN(3) == 0 {
			f = &watch.Failure{Class: watch.Denied, Code: "UnauthorizedOperation", Message: "no right"}
		}
		return answer{failure: f}
	}
	// The clock of a bubble begins at 2000-01-01 00:00 UTC, which is 08:00 in
	// the zone of the policy.
	status := []watch.Status{watch.Normal, watch.Normal, watch.Normal, watch.Isolate, watch.Pending}[r.IntN(5)]
	return answer{reading: watch.Reading{Edition: watch.Edition{
		Status:     status,
		EndTime:    []string{"2000-01-02 12:30:00", "2000-01-04 12:30:00", "2000-01-20 12:30:00", "2001-01-01 12:30:00", ""}[r.IntN(5)],
		ResourceID: []string{"tcss-1", "tcss-2", ""}[r.IntN(3)],
		CoresCnt:   []uint64{0, 0, 8}[r.IntN(3)], MaxPostPayCoresCnt: 500,
	}}}
}

// alone returns the notices of an account that the rules make, one observation
// after another, when each runner that runs in a step makes one of it.
func (tl *timeline) alone(account string, began time.Time) []watch.Notice {
	rec := watch.NewRecord(account)
	var all []watch.Notice
	at := began
	for _, s := range tl.steps {
		at = at.Add(s.after)
		a := s.answers[account]
		for range s.who {
			var notices []watch.Notice
			rec, notices = watch.Step(rec, watch.Observation{At: at.Truncate(time.Millisecond), Reading: a.reading, Failure: a.failure}, &tl.policy)
			all = append(all, notices...)
		}
	}
	return all
}
