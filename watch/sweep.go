package watch

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/bits"
	"strconv"
	"strings"
	"time"
)

// sweepKey is the record of the sweep under way, or the last one.
const sweepKey = "run/sweep"

// maxLook bounds the accounts that one share remembers to look at; when there
// are more, all of its accounts are looked at.
const maxLook = 500

// A Sweep is one time that all accounts were handed to workers. Its batches are
// reported in shares, so that no two records are written by more workers than
// the square root of their number: a share by the workers of its batches, and
// the sweep by those that complete a share.
type Sweep struct {
	Format   int       `json:"format"`
	ID       string    `json:"id"` // sorts by time
	Began    time.Time `json:"began"`
	Accounts int       `json:"accounts"`
	IDs      string    `json:"ids"`   // fingerprint of the accounts' ids
	First    int       `json:"first"` // the account that the first batch begins with
	Batch    int       `json:"batch"` // accounts a batch

	Done   bitmap    `json:"done,omitempty"`    // complete shares
	TellAt time.Time `json:"tell_at,omitzero"`  // when a worker may tell next, before all is done
	Tells  int       `json:"tells,omitzero"`    // calls to tell that were put on the queue
	Ended  time.Time `json:"ended_at,omitzero"` // all was done, and told
}

// share is the record of some batches of a sweep.
type share struct {
	Format int    `json:"format"`
	Sweep  string `json:"sweep"`
	Done   bitmap `json:"done,omitempty"` // batches, counted from the share's first

	// Look are the accounts that owe something, or whose record could not be
	// kept; All says that there are more than can be named.
	Look []string `json:"look,omitempty"`
	All  bool     `json:"all,omitempty"`

	Counts Counts `json:"counts,omitzero"` // of the done batches
}

// bitmap is a set of small numbers.
type bitmap []byte

func (b bitmap) has(i int) bool { return i/8 < len(b) && b[i/8]&(1<<(i%8)) != 0 }

func (b *bitmap) add(i int) {
	for len(*b) <= i/8 {
		*b = append(*b, 0)
	}
	(*b)[i/8] |= 1 << (i % 8)
}

func (b bitmap) len() int {
	n := 0
	for _, x := range b {
		n += bits.OnesCount8(x)
	}
	return n
}

// size is how many batches a share has, at most.
func size(batches int) int { return max(1, int(math.Ceil(math.Sqrt(float64(batches))))) }

// batches is how many there are.
func (s *Sweep) batches() int {
	if s.Batch < 1 {
		return 0 // there was none yet
	}
	return (s.Accounts + s.Batch - 1) / s.Batch
}

// shares is how many there are.
func (s *Sweep) shares() int { return (s.batches() + size(s.batches()) - 1) / size(s.batches()) }

// span returns the first batch of a share, and the one after its last.
func (s *Sweep) span(share int) (from, to int) {
	n := size(s.batches())
	return share * n, min((share+1)*n, s.batches())
}

// done reports whether all was reported.
func (s *Sweep) done() bool { return s.Done.len() >= s.shares() }

func shareKey(i int) string { return sweepKey + "-" + strconv.Itoa(i) }

// of returns the accounts of a batch. They are the sweep's only while the
// configured ids are those that it began with.
func (r *Runner) of(s *Sweep, batch int) []*Account {
	var accounts []*Account
	for i := batch * s.Batch; i < min((batch+1)*s.Batch, s.Accounts); i++ {
		accounts = append(accounts, &r.Accounts[(s.First+i)%s.Accounts])
	}
	return accounts
}

// ofShare returns the accounts of a share's batches that are done, or not done.
func (r *Runner) ofShare(s *Sweep, i int, sh *share, done bool) []*Account {
	var accounts []*Account
	from, to := s.span(i)
	for batch := from; batch < to; batch++ {
		if sh.Done.has(batch-from) == done {
			accounts = append(accounts, r.of(s, batch)...)
		}
	}
	return accounts
}

// DecodeSweep reads the record of a sweep; no data is that none was.
func DecodeSweep(data []byte) (Sweep, error) {
	s := Sweep{Format: format}
	if data == nil {
		return s, nil
	}
	return s, decodeRecord(data, &s, sweepKey)
}

// decodeShare reads a share of the sweep; that of another one is as none.
func decodeShare(data []byte, key, sweep string) (share, error) {
	sh := share{Format: format, Sweep: sweep}
	if data == nil {
		return sh, nil
	}
	var found share
	if err := decodeRecord(data, &found, key); err != nil {
		return sh, err
	}
	if found.Sweep != sweep {
		return sh, nil
	}
	return found, nil
}

// loadSweep returns the sweep under way, or the last one, and its version.
func (r *Runner) loadSweep(ctx context.Context) (Sweep, string, error) {
	data, version, err := r.Store.Load(ctx, sweepKey)
	if errors.Is(err, ErrNotFound) {
		return Sweep{Format: format}, "", nil
	}
	if err != nil {
		return Sweep{}, "", err
	}
	s, err := DecodeSweep(data)
	return s, version, err
}

// loadShares returns what was reported of the sweep.
func (r *Runner) loadShares(ctx context.Context, s *Sweep) ([]share, error) {
	shares := make([]share, s.shares())
	keys := make([]string, len(shares))
	for i := range keys {
		keys[i] = shareKey(i)
	}
	var faults []error
	loadMany(ctx, r.Store, r.concurrency(), keys, func(key string, data []byte, err error) {
		var sh share
		if err == nil {
			sh, err = decodeShare(data, key, s.ID)
		}
		if err != nil {
			faults = append(faults, err)
			return
		}
		i, _ := strconv.Atoi(strings.TrimPrefix(key, sweepKey+"-"))
		shares[i] = sh
	})
	return shares, errors.Join(faults...)
}

// changeSweep changes the record of the sweep while it is the one with such an
// id, and returns it as it then is. change reports whether it changed anything.
func (r *Runner) changeSweep(ctx context.Context, id string, change func(s *Sweep) bool) (is Sweep, err error) {
	err = r.update(ctx, sweepKey, func(data []byte) ([]byte, error) {
		var err error
		if is, err = DecodeSweep(data); err != nil {
			return nil, err
		}
		if is.ID != id || !change(&is) {
			return nil, nil
		}
		return encodeRecord(is, sweepKey)
	})
	return is, err
}

// look adds accounts to look at.
func (sh *share) look(accounts []string) (changed bool) {
	seen := make(map[string]bool, len(sh.Look))
	for _, id := range sh.Look {
		seen[id] = true
	}
	for _, id := range accounts {
		if sh.All || seen[id] {
			continue
		}
		seen[id], changed = true, true
		if sh.Look = append(sh.Look, id); len(sh.Look) > maxLook {
			sh.Look, sh.All = nil, true
		}
	}
	return changed
}

// Began returns when the part's sweep began, zero where its id does not say so.
func (p Part) Began() time.Time {
	text, _, _ := strings.Cut(p.Sweep, "-")
	t, err := time.Parse(sweepTime, text)
	if err != nil {
		return time.Time{}
	}
	return t
}

// sweepTime is how a sweep's id begins.
const sweepTime = "20060102T150405.000"

// newSweepID returns an id that sorts by time, and that no other sweep has.
func newSweepID(now time.Time, random string) string {
	return fmt.Sprintf("%s-%.8s", now.UTC().Format(sweepTime), strings.ToLower(random))
}
