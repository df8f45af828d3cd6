package watch

import "time"

// statusChanged tells a new status (R6).
func (s *step) statusChanged(was Edition, changed parts) {
	if !changed.status {
		return
	}
	n := Notice{Type: StatusChanged, Before: Value{Text: string(was.Status)}, After: Value{Text: string(s.Believed.Status)}}
	if s.Believed.Status == Normal {
		n.Severity, n.Resolves = Info, s.ifOpen(ProblemStatus)
	} else {
		n.Severity, n.Opens, n.Resolves = Critical, ProblemStatus, s.ifOpen(ProblemExpiry)
		s.Announced = Mark{}
	}
	s.emit(n)
}

// expiryChanged tells a new end (R7). Ends are compared as text, whose order is
// that of time in any zone.
func (s *step) expiryChanged(was Edition, changed parts) {
	if !changed.end {
		return
	}
	s.Announced = Mark{}
	n := Notice{Type: ExpiryChanged, Severity: Info, Before: s.endValue(was.EndTime), After: s.endValue(s.Believed.EndTime)}
	switch {
	case was.EndTime == "":
		n.Kind = KindSet
	case s.Believed.EndTime < was.EndTime:
		n.Kind, n.Severity = KindShortened, Warning
	default:
		n.Kind = KindRenewed
		if left, ok := s.left(); ok && left > time.Duration(s.pol.CriticalWithin) {
			n.Resolves = s.ifOpen(ProblemExpiry)
			s.Announced, _ = s.pol.tightest(left)
		}
	}
	s.emit(n)
}

// capacityChanged tells a shortfall that begins or ends, and a new elastic
// limit (R7).
func (s *step) capacityChanged(was Edition, changed parts) {
	if !changed.capacity {
		return
	}
	is := &s.Believed
	n := Notice{Type: CapacityChanged, Severity: Info,
		Before: Value{Capacity: &Capacity{was.CoresCnt, was.MaxPostPayCoresCnt}},
		After:  Value{Capacity: &Capacity{is.CoresCnt, is.MaxPostPayCoresCnt}}}
	switch {
	case was.CoresCnt == 0 && is.CoresCnt > 0:
		n.Severity, n.Opens = Warning, ProblemCapacity
	case was.CoresCnt > 0 && is.CoresCnt == 0:
		n.Resolves = s.ifOpen(ProblemCapacity)
	}
	s.emit(n)
}

// resourceChanged tells a new resource (R7).
func (s *step) resourceChanged(was Edition, changed parts) {
	if changed.resource && was.ResourceID != "" {
		s.emit(Notice{Type: ResourceChanged, Severity: Info,
			Before: Value{Text: was.ResourceID}, After: Value{Text: s.Believed.ResourceID}})
	}
}

// expiry tells that the end nears or is reached (R8).
func (s *step) expiry() {
	left, ok := s.left()
	if !ok || s.Believed.Status != Normal {
		return
	}
	n := Notice{Type: ExpiryReached, Severity: Critical, Opens: ProblemExpiry}
	mark := Mark{Set: true}
	if left > 0 {
		if mark, ok = s.pol.tightest(left); !ok {
			return
		}
		n.Type, n.Threshold = ExpiryApproaching, mark.Left
		if mark.Left > s.pol.CriticalWithin {
			n.Severity = Warning
		}
	}
	if s.Announced.covers(mark) {
		return
	}
	s.Announced = mark
	s.emit(n)
}
