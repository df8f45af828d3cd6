package watch

import (
	"cmp"
	"context"
	"maps"
	"slices"
)

// candidate is a notice that waits, with what decides on its turn.
type candidate struct {
	Member
	seq   uint64
	worst int // the rank of the worst that its account has to tell
	tried int // 1 if it was tried before
}

// compare orders candidates: the accounts with the worst to tell first, and of
// each its notices in their order; what was tried before comes last, lest it
// hold up the others.
func (a candidate) compare(b candidate) int {
	return cmp.Or(cmp.Compare(a.tried, b.tried), cmp.Compare(a.worst, b.worst), cmp.Compare(a.Account, b.Account), cmp.Compare(a.seq, b.seq))
}

// waiting returns what is to be sent and not in flight, the first of it by turn,
// and keeps the entries. What a newer notice covers, waiting or told, is
// superseded.
func (d *delivery) waiting(ctx context.Context, accounts []string, flying map[Member]bool) []Member {
	most := maxDigest
	if d.ch.Single {
		most = maxSingles
	}
	var queue []candidate
	d.look(ctx, accounts, func(rec *Record) {
		own := d.candidates(rec, flying)
		if len(own) == 0 {
			return
		}
		queue = append(queue, own...)
		d.keep(rec, own)
		if len(queue) >= 2*most {
			queue = d.cut(queue, most, flying)
		}
	})
	members := []Member{}
	for _, c := range d.cut(queue, most, flying) {
		members = append(members, c.Member)
	}
	return members
}

// candidates returns what waits of one record.
func (d *delivery) candidates(rec *Record, flying map[Member]bool) []candidate {
	var own []candidate
	worst := Info.Rank()
	for _, n := range d.unmuted(rec, flying) {
		if by := d.covering(rec, n, flying); by != "" {
			d.aside[rec.Account] = append(d.aside[rec.Account], aside{n.ID, StateSuperseded, by})
			continue
		}
		worst = min(worst, n.Severity.Rank())
		tried := min(1, rec.receipt(n.ID, d.ch.Name).Attempts)
		own = append(own, candidate{Member: Member{rec.Account, n.ID}, seq: n.Seq, tried: tried})
	}
	for i := range own {
		own[i].worst = worst
	}
	return own
}

// keep adds what is to be sent of a record to what is kept of it.
func (d *delivery) keep(rec *Record, own []candidate) {
	kept := slim(rec, func(e *Entry) bool {
		return slices.ContainsFunc(own, func(c candidate) bool { return c.Notice == e.Notice.ID })
	})
	if was := d.records[rec.Account]; was != nil {
		kept.Ledger = slices.Concat(was.Ledger, kept.Ledger)
	}
	d.records[rec.Account] = kept
}

// cut orders the candidates, and forgets those whose turn does not come and
// what was kept of them.
func (d *delivery) cut(queue []candidate, most int, flying map[Member]bool) []candidate {
	slices.SortFunc(queue, candidate.compare)
	if len(queue) <= most {
		return queue
	}
	queue = queue[:most]
	needed := map[string]bool{}
	for m := range flying {
		needed[m.Account] = true
	}
	for _, c := range queue {
		needed[c.Account] = true
	}
	maps.DeleteFunc(d.records, func(id string, _ *Record) bool { return !needed[id] })
	return queue
}
