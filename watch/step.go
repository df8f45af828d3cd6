package watch

import (
	"slices"
	"time"
)

// backwards is how far before the latest observation one may begin and still be
// called stale; further back, the latest one had a wrong clock.
const backwards = time.Hour

// An Observation is one check of an account: a reading, or why there is none.
type Observation struct {
	At      time.Time // when the check began
	Reading Reading   // counts where Failure is nil
	Failure *Failure
}

// Step applies the rules: what is remembered and what was seen now give what is
// remembered next, and the notices worth saying, in order. It is pure: it keeps
// nothing, changes neither rec nor what rec holds, and gives the same for the
// same. An observation that is stale gives rec as it was.
//
// The notices are complete but for Labels. They are not in the ledger yet, and
// the problems they open do not know yet whom they were told to.
func Step(rec Record, obs Observation, pol *Policy) (Record, []Notice) {
	s := step{Record: rec, obs: obs, pol: pol, now: obs.At}
	s.run()
	return s.Record, s.notices
}

// step is one application of the rules. Slices of the record are copied before
// they are changed.
type step struct {
	Record
	obs     Observation
	pol     *Policy
	now     time.Time // of the rules: obs.At, but for a wrong clock
	notices []Notice
}

// run reports whether the observation counted; a stale one changes nothing.
func (s *step) run() bool {
	obs := &s.obs
	clockWrong := obs.Failure != nil && obs.Failure.Code == codeSignatureExpire
	switch {
	case clockWrong:
		if !s.SeenAt.IsZero() {
			s.now = s.SeenAt
		}
	case !s.advance():
		return false
	}
	if !clockWrong {
		s.known()
	}
	if obs.Failure != nil {
		s.fail()
	} else {
		s.read()
	}
	if !clockWrong {
		s.expiry()
		s.remind()
	}
	return true
}

// advance moves the record's time to the observation's (R0) and reports
// whether the observation counts.
func (s *step) advance() bool {
	ahead := s.SeenAt.Sub(s.now)
	if ahead > 0 && ahead <= backwards {
		return false
	}
	s.SeenAt = s.now
	s.lowerTimes()
	if ahead > 0 {
		s.lowerLedger()
		s.forgetNotDue()
	}
	return true
}

// lowerTimes lowers what is remembered of a time to come. Only a clock that was
// wrong leaves any.
func (s *step) lowerTimes() {
	s.GoodAt = earlier(s.GoodAt, s.now)
	s.Latest.First, s.Latest.Last = earlier(s.Latest.First, s.now), earlier(s.Latest.Last, s.now)
	for i, p := range s.Problems {
		if p.Since.After(s.now) || p.Last.After(s.now) {
			q := s.change(i)
			q.Since, q.Last = earlier(q.Since, s.now), earlier(q.Last, s.now)
		}
	}
}

// lowerLedger does the same for the receipts and the readings kept.
func (s *step) lowerLedger() {
	s.Earlier = slices.Clone(s.Earlier)
	for i := range s.Earlier {
		e := &s.Earlier[i]
		e.First, e.Last = earlier(e.First, s.now), earlier(e.Last, s.now)
	}
	s.Ledger = slices.Clone(s.Ledger)
	for i := range s.Ledger {
		receipts := make(map[string]Receipt, len(s.Ledger[i].Receipts))
		for name, r := range s.Ledger[i].Receipts {
			r.Since, r.At = earlier(r.Since, s.now), earlier(r.At, s.now)
			receipts[name] = r
		}
		s.Ledger[i].Receipts = receipts
	}
}

// forgetNotDue takes back what a clock ahead of time announced for the end.
func (s *step) forgetNotDue() {
	left, ok := s.left()
	if !ok || !s.Announced.Set {
		return
	}
	due := Mark{Set: true}
	if left > 0 {
		due, _ = s.pol.tightest(left)
	}
	if !due.Set || due.Left > s.Announced.Left {
		s.Announced = due
	}
}

// fail counts a failure (R3).
func (s *step) fail() {
	s.Failures++
	s.LastFailure = *s.obs.Failure
	denied := s.LastFailure.Class == Denied
	i := s.find(ProblemCheck)
	switch {
	case i < 0 && !denied && s.Failures < s.pol.FailingAfter:
		return
	case i >= 0 && (!denied || s.Problems[i].Severity == Critical):
		return
	}
	n := Notice{Type: CheckFailing, Severity: Warning, Opens: ProblemCheck}
	if denied {
		n.Severity = Critical
	}
	s.tellFailure(&n)
	s.emit(n)
}

func (s *step) tellFailure(n *Notice) {
	f := &s.LastFailure
	n.Class, n.Code, n.Message, n.RequestID, n.Failures = f.Class, f.Code, f.Message, f.RequestID, s.Failures
}

// read takes in a readable answer: R3's recovery, R4, and R5 with R6 and R7.
func (s *step) read() {
	failures := s.Failures
	s.Failures, s.LastFailure = 0, Failure{}
	s.GoodAt = s.now
	s.sight()
	if s.Believed.Status == "" {
		s.believeAll()
		s.recovered(failures)
		s.baseline()
		return
	}
	was, changed := s.believe()
	s.recovered(failures)
	s.statusChanged(was, changed)
	s.expiryChanged(was, changed)
	s.capacityChanged(was, changed)
	s.resourceChanged(was, changed)
}

// sight remembers the reading among the distinct ones.
func (s *step) sight() {
	r := &s.obs.Reading
	if s.Latest.Edition == r.Edition {
		s.Latest.Last, s.Latest.RequestID = s.now, r.RequestID
		return
	}
	if s.Latest.Status != "" {
		s.Earlier = slices.Concat(s.Earlier[max(0, len(s.Earlier)-maxReadings+1):], []Sighting{s.Latest})
	}
	s.Latest = Sighting{Edition: r.Edition, RequestID: r.RequestID, First: s.now, Last: s.now}
}

// recovered tells the end of failing.
func (s *step) recovered(failures int) {
	if s.find(ProblemCheck) >= 0 {
		s.emit(Notice{Type: CheckRecovered, Severity: Info, Resolves: []string{ProblemCheck}, Failures: failures})
	}
}

// baseline tells the first reading (R4).
func (s *step) baseline() {
	n := Notice{Type: BaselineRecorded, Severity: Info}
	switch s.Believed.Status {
	case Pending:
		n.Severity = Warning
	case Isolate:
		n.Severity, n.Opens = Critical, ProblemStatus
	}
	s.emit(n)
}

// remind repeats the problems that were open before and that nothing of this
// observation spoke of (R9).
func (s *step) remind() {
	if s.pol.RemindEvery == 0 {
		return
	}
	for _, name := range [...]string{ProblemStatus, ProblemExpiry, ProblemCheck} {
		i := s.find(name)
		if i < 0 || s.spokeOf(name) || s.now.Sub(s.Problems[i].Last) < time.Duration(s.pol.RemindEvery) {
			continue
		}
		if left, ok := s.left(); name == ProblemExpiry && (!ok || left > 0) {
			continue
		}
		p := s.change(i)
		p.Last, p.Count = s.now, p.Count+1
		n := Notice{Type: ProblemReminder, Severity: p.Severity, Problem: name, Since: p.Since, Count: p.Count}
		if name == ProblemCheck {
			s.tellFailure(&n)
		}
		s.emit(n)
	}
}

// spokeOf reports whether a notice of this observation opened or resolved name.
func (s *step) spokeOf(name string) bool {
	return slices.ContainsFunc(s.notices, func(n Notice) bool {
		return n.Opens == name || slices.Contains(n.Resolves, name)
	})
}

// left returns the time to the believed end, if there is one.
func (s *step) left() (time.Duration, bool) {
	text := s.Believed.EndTime
	return s.end(text).Sub(s.obs.At), text != ""
}

// end reads a remembered time, which was well-formed when it was read.
func (s *step) end(text string) time.Time {
	t, _ := ParseTime(text, s.pol.Zone)
	return t
}

func (s *step) endValue(text string) Value {
	if text == "" {
		return Value{}
	}
	return Value{Text: s.end(text).Format(time.RFC3339)}
}

// emit tells a notice of this observation.
func (s *step) emit(n Notice) {
	n.EndTime = s.end(s.Believed.EndTime)
	s.notices = append(s.notices, s.tell(n, s.obs.At, s.now))
}

// ifOpen returns the problem as a list, if it is open.
func (s *step) ifOpen(name string) []string {
	if s.find(name) < 0 {
		return nil
	}
	return []string{name}
}

// earlier returns the earlier of two times.
func earlier(a, b time.Time) time.Time {
	if a.After(b) {
		return b
	}
	return a
}
