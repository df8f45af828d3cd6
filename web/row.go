package web

import (
	"strings"

	"prowatch/watch"
)

// A row is an account as the overview shows it.
type row struct {
	ID     string
	Link   string
	Kind   kind
	Labels []string

	Status badge
	Left   string // the time left, or since it ended
	Life   *life
	NoEnd  bool // Normal without any end, which cannot be watched

	Problems []problem
	Mute     *mute

	Good    *moment // the last good check
	Overdue bool    // no check at all for too long
	Failing *failure

	Waiting, Unsure, Dead string // "" where there are none
}

// A problem is an open one as pages show it.
type problem struct {
	Kind  kind
	Name  string
	Level string
	Since *moment
	Told  string // the channels
	Count int    // reminders
}

// A failure is why the last checks gave no reading.
type failure struct {
	Count     string // how many in a row
	Class     string
	Code      string
	Message   string
	RequestID string
}

func (v *view) row(a *watch.AccountStatus) row {
	clock, k := v.clockOf(a), judge(a, v.now)
	r := row{
		ID: a.ID, Link: v.accountPath(a.ID) + v.language(), Kind: k, Labels: pairs(a.Labels),
		Status: v.statusBadge(a.Edition.Status), Left: v.left(a), Life: v.lifeOf(a),
		NoEnd: a.Edition.Status == watch.Normal && a.EndTime.IsZero(),
		Mute:  v.muteOf(a.Mute, clock), Good: clock.moment(a.GoodAt), Overdue: overdue(a, v.now), Failing: v.failure(a),
	}
	for _, p := range a.Problems {
		shown := v.problem(p, clock)
		if p.Name == watch.ProblemExpiry && ended(a, v.now) {
			shown.Name = v.words.Say("problem.ended")
		}
		r.Problems = append(r.Problems, shown)
	}
	r.Waiting, r.Unsure, r.Dead = v.some("waiting", a.Waiting), v.some("unsure", a.Unsure), v.some("dead", a.Dead)
	return r
}

// some counts in words, and says nothing of none.
func (v *view) some(key string, n int) string {
	if n == 0 {
		return ""
	}
	return v.words.count(key, n)
}

// left says how long a licence lasts, or since when it is over.
func (v *view) left(a *watch.AccountStatus) string {
	switch {
	case a.EndTime.IsZero():
		return ""
	case a.EndTime.After(v.now):
		return v.words.span(a.EndTime.Sub(v.now))
	}
	return v.words.Say("ended.ago", "span", v.words.span(v.now.Sub(a.EndTime)))
}

func (v *view) problem(p watch.Problem, c clock) problem {
	return problem{
		Kind: kindOf(p.Severity), Name: v.problemName(p.Name), Level: v.words.orSame("severity", string(p.Severity)),
		Since: c.moment(p.Since), Told: strings.Join(p.Told, v.words.Say("comma")), Count: p.Count,
	}
}

// problemName says what a problem is. One that is no name of the rules is its
// own word.
func (v *view) problemName(name string) string {
	if channel, ok := strings.CutPrefix(name, "delivery:"); ok {
		return v.words.Say("problem.delivery:", "channel", channel)
	}
	return v.words.orSame("problem", name)
}

func (v *view) failure(a *watch.AccountStatus) *failure {
	if a.Failures == 0 || a.Failure == nil {
		return nil
	}
	return &failure{
		Count: v.words.count("failures", a.Failures), Class: v.words.orSame("class", string(a.Failure.Class)),
		Code: a.Failure.Code, Message: a.Failure.Message, RequestID: a.Failure.RequestID,
	}
}
