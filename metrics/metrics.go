package metrics

import (
	"context"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"prowatch/watch"
)

// Options are what [New] needs; only Overview must be set.
type Options struct {
	// Overview reads what is remembered. It may return a part of it beside an
	// error.
	Overview func(ctx context.Context) (*watch.Overview, error)

	// Channels are the names of the channels, whose counters then begin at 0.
	Channels []string

	// MaxAge is how long an overview serves, so that scrapes do not hammer the
	// store. It defaults to 10 s. A run ends it.
	MaxAge time.Duration

	// Version is prowatch's; it defaults to that of the main module.
	Version string

	// Now is the clock of MaxAge; it defaults to time.Now.
	Now func() time.Time
}

// Metrics are the figures of one process. It is safe for use by many goroutines.
type Metrics struct {
	opts  Options
	table []Family

	loading chan struct{} // holds a token while nobody reads the state
	mu      sync.Mutex
	tally   tally
	memory  memory
	runs    int // seen so far: an overview from before a run is old
}

// memory is an overview and when it was read.
type memory struct {
	overview *watch.Overview
	readable bool
	at       time.Time
	runs     int
}

// view is what families are collected from.
type view struct {
	overview *watch.Overview // nil where nothing can be read
	readable bool
	version  string
	tally    *tally
}

func (v *view) accounts() []watch.AccountStatus {
	if v.overview == nil {
		return nil
	}
	return v.overview.Accounts
}

func (v *view) channels() []watch.ChannelStatus {
	if v.overview == nil {
		return nil
	}
	return v.overview.Channels
}

// New returns the figures of a process that has done nothing yet.
func New(o Options) *Metrics {
	if o.MaxAge == 0 {
		o.MaxAge = 10 * time.Second
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if info, ok := debug.ReadBuildInfo(); ok && o.Version == "" {
		o.Version = info.Main.Version
	}
	m := &Metrics{opts: o, table: families(), tally: newTally(o.Channels), loading: make(chan struct{}, 1)}
	m.loading <- struct{}{}
	return m
}

// Observe counts a run; report is nil where none was possible, or it panicked.
func (m *Metrics) Observe(report *watch.Report, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.tally.observe(report, err)
	m.runs++
}

// Gather returns the families that have samples, sorted by name. What cannot
// be read of the state before ctx ends is missing, and prowatch_state_readable
// then is 0.
func (m *Metrics) Gather(ctx context.Context) []Reading {
	memory := m.remembered(ctx)
	m.mu.Lock()
	defer m.mu.Unlock()
	v := &view{overview: memory.overview, readable: memory.readable, version: m.opts.Version, tally: &m.tally}
	var readings []Reading
	for i := range m.table {
		r := Reading{Family: &m.table[i]}
		r.collect(v, func(s Sample) { r.Samples = append(r.Samples, s) })
		slices.SortFunc(r.Samples, func(a, b Sample) int { return slices.Compare(a.Values, b.Values) })
		if len(r.Samples) > 0 {
			readings = append(readings, r)
		}
	}
	return readings
}

// loadTime bounds a read of the state: Prometheus gives up after 10 s.
const loadTime = 8 * time.Second

// remembered returns the overview that was read last, or a fresh one where that
// is too old. Of several callers one reads, and the others wait for it.
func (m *Metrics) remembered(ctx context.Context) memory {
	ctx, cancel := context.WithTimeout(ctx, loadTime)
	defer cancel()
	select {
	case <-m.loading:
		defer func() { m.loading <- struct{}{} }()
	case <-ctx.Done():
		return memory{}
	}
	m.mu.Lock()
	last, runs := m.memory, m.runs
	m.mu.Unlock()
	now := m.opts.Now()
	if age := now.Sub(last.at); !last.at.IsZero() && last.runs == runs && age >= 0 && age < m.opts.MaxAge {
		return last
	}
	overview, err := m.opts.Overview(ctx)
	fresh := memory{overview: overview, readable: err == nil, at: now, runs: runs}
	if ctx.Err() == nil {
		m.mu.Lock()
		m.memory = fresh
		m.mu.Unlock()
	}
	return fresh
}
