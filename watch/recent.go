package watch

import (
	"context"
	"sync"
	"time"
)

// Recent keeps the accounts' records that [Runner.Records] read for a moment, so
// that many who ask at once, as for a page, cost one reading. What this process
// writes is read anew; what another wrote is seen once the moment is over. It is
// for many goroutines, and is made by [NewRecent].
type Recent struct {
	keep time.Duration
	turn chan struct{} // holds a token while one reads, and the others wait

	mu      sync.Mutex
	records map[string]recent // by key
}

// recent is a record, or where it is nil the word that it was changed.
type recent struct {
	record *Record
	at     time.Time // before it was read, or after it was changed
}

// NewRecent returns one that keeps records for that long.
func NewRecent(keep time.Duration) *Recent {
	return &Recent{keep: keep, turn: make(chan struct{}, 1), records: map[string]recent{}}
}

// fill puts into records those of the keys that are kept, and lets read do so
// for the others, one caller at a time.
func (c *Recent) fill(ctx context.Context, keys []string, records []Record, read func(missing []int)) {
	missing := c.kept(keys, records)
	if len(missing) == 0 {
		return
	}
	select {
	case c.turn <- struct{}{}:
		defer func() { <-c.turn }()
	case <-ctx.Done(): // read says so of each record
	}
	if missing = c.kept(keys, records); len(missing) > 0 {
		read(missing)
	}
}

// kept fills in what is kept, and returns the indexes of the rest.
func (c *Recent) kept(keys []string, records []Record) (missing []int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	for i, key := range keys {
		if r := c.records[key]; r.record != nil && now.Sub(r.at) < c.keep {
			records[i] = *r.record
		} else {
			missing = append(missing, i)
		}
	}
	return missing
}

// put keeps a record whose reading began at that time, unless it was changed
// since.
func (c *Recent) put(key string, record Record, at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.records[key].at.Before(at) {
		c.records[key] = recent{&record, at}
	}
}

// forget lets the record be read anew, for it was written.
func (c *Recent) forget(key string) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.records[key] = recent{at: time.Now()}
}
