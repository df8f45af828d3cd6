package watch

import (
	"context"
	"maps"
	"slices"
	"strings"
)

// Ten thousand accounts may owe to one channel. Their records are looked at in
// batches, and of each no more is kept than what this run sends.

// slim returns the record with no more of it than the entries to keep.
func slim(rec *Record, keep func(e *Entry) bool) *Record {
	s := &Record{Account: rec.Account}
	for i := range rec.Ledger {
		if keep(&rec.Ledger[i]) {
			s.Ledger = append(s.Ledger, rec.Ledger[i])
		}
	}
	return s
}

// openOn counts what the account owes the channel, but for what is muted.
func (r *Record) openOn(channel string) int {
	n := 0
	for i := range r.Ledger {
		if state := r.Ledger[i].Receipts[channel].State; state.Open() && state != StateHeld {
			n++
		}
	}
	return n
}

// look loads the accounts' records afresh, after the channel's: what was sent
// under an earlier claim is receipted in them. It counts what they owe and hands
// each out, one at a time. One that cannot be loaded stays out, and what it owes
// is told later.
func (d *delivery) look(ctx context.Context, accounts []string, see func(rec *Record)) {
	keys := make([]string, len(accounts))
	for i, id := range accounts {
		keys[i] = accountKey(id)
	}
	loadMany(ctx, d.Store, d.concurrency(), keys, func(key string, data []byte, err error) {
		id := strings.TrimPrefix(key, accountKey(""))
		var rec Record
		if err == nil && data != nil {
			rec, err = DecodeRecord(data, id)
		}
		if err != nil {
			if !d.unread[id] {
				d.errs = append(d.errs, err)
			}
			d.unread[id] = true
			return
		}
		d.open[id] = rec.openOn(d.ch.Name)
		if data != nil {
			see(&rec)
		}
	})
}

// fresh forgets what was loaded.
func (d *delivery) fresh() {
	d.records, d.open, d.unread = map[string]*Record{}, map[string]int{}, map[string]bool{}
	d.aside = map[string][]aside{}
}

// count counts what is owed, where nothing can be sent.
func (d *delivery) count(ctx context.Context) {
	d.fresh()
	d.look(ctx, unique(d.owing), func(*Record) {})
}

// flying returns the notices of a flight that was left.
func (d *delivery) flying() map[Member]bool {
	flying := map[Member]bool{}
	if d.rec.Flight != nil {
		for _, p := range d.rec.Flight.Parcels {
			for _, m := range p.Members {
				flying[m] = true
			}
		}
	}
	return flying
}

// accountsOf returns the accounts of such notices.
func accountsOf(members map[Member]bool) []string {
	var accounts []string
	for m := range maps.Keys(members) {
		accounts = append(accounts, m.Account)
	}
	return unique(accounts)
}

// unique returns the ids sorted, each once.
func unique(ids []string) []string {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	return slices.Compact(ids)
}

// pending counts what the accounts of this run still owe to the channel, but
// for what is muted. An account whose record is not at hand counts once.
func (d *delivery) pending() int {
	n := 0
	for _, id := range unique(d.owing) {
		if open, ok := d.open[id]; ok {
			n += open
		} else {
			n++
		}
	}
	return n
}

// byID returns the configured accounts by their ids.
func (r *Runner) byID() map[string]*Account {
	m := make(map[string]*Account, len(r.Accounts))
	for i := range r.Accounts {
		m[r.Accounts[i].ID] = &r.Accounts[i]
	}
	return m
}
