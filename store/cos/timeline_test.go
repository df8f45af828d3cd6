package cos_test

import (
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"prowatch/store/cos"
	"prowatch/store/cos/costest"
	"prowatch/store/storetest/server"
	"prowatch/watch"
)

// TestManyTimelines plays saves, loads and deletes of three processes with
// lists that lag, clocks that jump and processes that begin anew, and wants
// that each version has one successor.
func TestManyTimelines(t *testing.T) {
	for seed := range uint64(50) {
		p := newPlay(seed)
		for range 150 {
			p.step(t)
		}
		if t.Failed() {
			t.Fatalf("the seed was %d", seed)
		}
	}
}

// A play is one record, what it should be, and what three processes hold of it.
type play struct {
	*rand.Rand
	clock   *clock
	bucket  *costest.Bucket
	stores  [3]*cos.Store
	held    [3]string // the version that each believes in
	current string    // the version that is, "" for none
}

func newPlay(seed uint64) *play {
	p := &play{Rand: rand.New(rand.NewPCG(seed, 0)), clock: newClock(), bucket: newBucket()}
	p.bucket.Now = p.clock.Now
	p.bucket.ListLag = time.Duration(p.IntN(600)) * time.Second
	p.bucket.PageSize = 1 + p.IntN(20)
	return p
}

func (p *play) step(t *testing.T) {
	i := p.IntN(len(p.stores))
	if p.stores[i] == nil || p.IntN(20) == 0 {
		p.stores[i] = open(t, server.InMemory(p.bucket), by(p.clock))
	}
	p.clock.Add(time.Duration(p.ExpFloat64() * float64(20*time.Minute)))
	if p.IntN(50) == 0 {
		p.clock.Add(30 * time.Hour)
	}
	switch p.IntN(8) {
	case 0, 1, 2:
		p.load(t, i)
	case 3:
		p.wrote(t, i, "", p.stores[i].Delete(t.Context(), "k", p.held[i]))
	default:
		saved, err := p.stores[i].Save(t.Context(), "k", nil, p.held[i])
		p.wrote(t, i, saved, err)
	}
}

func (p *play) load(t *testing.T, i int) {
	_, version, err := p.stores[i].Load(t.Context(), "k")
	if version != p.current || (err != nil) != (p.current == "") || err != nil && !errors.Is(err, watch.ErrNotFound) {
		t.Errorf("Load: got version %q, error %v, want %q", version, err, p.current)
	}
	p.held[i] = version
}

// wrote judges a write over what process i held. One that held the newest for
// over an hour may be refused.
func (p *play) wrote(t *testing.T, i int, version string, err error) {
	switch {
	case err == nil && p.held[i] != p.current:
		t.Errorf("got a write over %q, want none: the version is %q", p.held[i], p.current)
	case err == nil:
		p.current, p.held[i] = version, version
	case !errors.Is(err, watch.ErrConflict) && !errors.Is(err, watch.ErrNotFound):
		t.Errorf("got error %v, want ErrConflict or ErrNotFound", err)
	}
}
