package watch

import "strconv"

// believeAll believes the reading at once.
func (s *step) believeAll() {
	s.Believed = s.obs.Reading.Edition
	if s.Believed.Status == Pending {
		s.Believed.EndTime = ""
	}
}

// parts says which parts of the belief an observation changed.
type parts struct {
	status, end, capacity, resource bool
}

// believe compares the reading with what is believed, part by part, and
// believes what was seen often enough (R5). It returns the belief as it was.
func (s *step) believe() (was Edition, changed parts) {
	was = s.Believed
	r, b, c := &s.obs.Reading, &s.Believed, &s.Candidates
	confirm := s.pol.Confirm

	if r.Status == b.Status {
		c.Status = Candidate{}
	} else if c.Status.seen(string(r.Status), confirm) {
		b.Status, changed.status = r.Status, true
	}
	if r.EndTime != "" && r.Status != Pending {
		if r.EndTime == b.EndTime {
			c.End = Candidate{}
		} else if c.End.seen(r.EndTime, confirm) {
			b.EndTime, changed.end = r.EndTime, true
		}
	}
	if r.ResourceID != "" {
		if r.ResourceID == b.ResourceID {
			c.Resource = Candidate{}
		} else if c.Resource.seen(r.ResourceID, confirm) {
			b.ResourceID, changed.resource = r.ResourceID, true
		}
	}
	was.CoresCnt, changed.capacity = s.believeCapacity()
	b.StartTime, b.IsPurchased, b.AutoRenewal = r.StartTime, r.IsPurchased, r.AutoRenewal
	if changed.status && b.Status == Pending {
		b.EndTime = ""
	}
	return was, changed
}

// believeCapacity does the same for capacity, whose part is whether there is a
// shortfall, and the elastic limit. It returns the exact count of cores before
// the change was first seen.
func (s *step) believeCapacity() (coresBefore uint64, changed bool) {
	r, b, c := &s.obs.Reading, &s.Believed, &s.Candidates.Capacity
	coresBefore = b.CoresCnt
	if c.Seen > 0 {
		coresBefore = c.Cores
	}
	// The belief's own count moves with every reading, so what it believes of
	// the shortfall is that of the count before the candidate was first seen.
	if (r.CoresCnt > 0) == (coresBefore > 0) && r.MaxPostPayCoresCnt == b.MaxPostPayCoresCnt {
		*c = Candidate{}
	} else if c.seen(capacityText(r), s.pol.Confirm) {
		b.MaxPostPayCoresCnt, changed = r.MaxPostPayCoresCnt, true
	} else {
		c.Cores = coresBefore
	}
	b.CoresCnt = r.CoresCnt
	return coresBefore, changed
}

func capacityText(r *Reading) string {
	s := strconv.FormatUint(r.MaxPostPayCoresCnt, 10)
	if r.CoresCnt > 0 {
		return "short/" + s
	}
	return "enough/" + s
}

// seen counts value and reports whether it was seen often enough in a row; it
// is no candidate any more then.
func (c *Candidate) seen(value string, confirm int) bool {
	if c.Seen == 0 || c.Value != value {
		*c = Candidate{Value: value}
	}
	c.Seen++
	if c.Seen < confirm {
		return false
	}
	*c = Candidate{}
	return true
}
