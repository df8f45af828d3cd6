package transfer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"prowatch/watch"
)

// Options are the choices of [Import] and [Migrate].
type Options struct {
	Replace  bool // overwrite records that are there and differ
	DryRun   bool // look, and write nothing
	Progress Progress
}

// A Result says what became of the records, or with [Options.DryRun] would.
type Result struct {
	Records   int `json:"records"`   // to be moved
	Created   int `json:"created"`   // that were not there
	Replaced  int `json:"replaced"`  // that were there and differed
	Unchanged int `json:"unchanged"` // that were there already
	Others    int `json:"others"`    // that are there beside them, and stay

	// Differ are records that are there and differ, which nothing but Replace
	// overwrites: then nothing at all was written.
	Differ []string `json:"differ,omitempty"`

	// Faults are the records that were not moved, and why.
	Faults []Fault `json:"faults,omitempty"`
}

// Import writes records into the store, each by compare-and-swap. Nothing is
// written while one is there that differs, unless it may be replaced. Done again,
// it changes nothing. The error is the store's own; what goes wrong with one
// record is in the result.
func Import(ctx context.Context, records []Record, to watch.Store, o Options) (Result, error) {
	c := copier{to: to, options: o, there: map[string]bool{}}
	keys := make([]string, len(records))
	for i, r := range records {
		keys[i] = r.Key
	}
	if err := c.look(ctx, keys); err != nil {
		return c.result, err
	}
	return c.run(ctx, func(ctx context.Context, f func([]Record) error) error {
		for chunk := range slices.Chunk(records, chunkSize) {
			if err := f(chunk); err != nil {
				return err
			}
		}
		return nil
	})
}

// copier copies records into a store: it looks at all of them before it writes
// one.
type copier struct {
	to      watch.Store
	options Options
	there   map[string]bool // keys that the store had

	mu     sync.Mutex
	result Result
	done   int
}

// chunks calls f with all records, some at a time.
type chunks func(ctx context.Context, f func([]Record) error) error

// look finds which keys are there.
func (c *copier) look(ctx context.Context, keys []string) error {
	there, err := keysOf(ctx, c.to)
	if err != nil {
		return err
	}
	for _, key := range there {
		c.there[key] = true
	}
	c.result.Records, c.result.Others = len(keys), len(there)
	for _, key := range keys {
		if c.there[key] {
			c.result.Others--
		}
	}
	return nil
}

func (c *copier) run(ctx context.Context, records chunks) (Result, error) {
	if err := records(ctx, func(chunk []Record) error { return c.compare(ctx, chunk) }); err != nil {
		return c.result, err
	}
	if c.options.DryRun || len(c.result.Differ) > 0 {
		return c.result, nil
	}
	counted := c.result
	c.result.Created, c.result.Replaced, c.result.Unchanged = 0, 0, 0
	err := records(ctx, func(chunk []Record) error {
		each(chunk, func(r Record) { c.write(ctx, r) })
		c.options.Progress.say(c.done, counted.Records)
		if len(c.result.Faults) > maxFaults {
			return errTooMany
		}
		return ctx.Err()
	})
	return c.result, err
}

// compare counts what would become of the records.
func (c *copier) compare(ctx context.Context, chunk []Record) error {
	var keys []string
	for _, r := range chunk {
		if c.there[r.Key] {
			keys = append(keys, r.Key)
		}
	}
	found := map[string]watch.Loaded{}
	if len(keys) > 0 {
		var err error
		if found, err = load(ctx, c.to, keys); err != nil {
			return err
		}
	}
	for _, r := range chunk {
		one, ok := found[r.Key]
		switch {
		case !ok:
			c.result.Created++
		case one.Err == nil && bytes.Equal(one.Data, r.Data):
			c.result.Unchanged++
		case c.options.Replace:
			c.result.Replaced++
		default:
			c.result.Differ = append(c.result.Differ, r.Key)
		}
	}
	return nil
}

// write saves one record over what is there.
func (c *copier) write(ctx context.Context, r Record) {
	count, err := c.save(ctx, r)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.done++
	if err != nil {
		c.result.Faults = append(c.result.Faults, Fault{r.Key, err.Error()})
		return
	}
	*count++
}

// save returns which count of the result the record belongs to.
func (c *copier) save(ctx context.Context, r Record) (count *int, err error) {
	var data []byte
	version := ""
	if c.there[r.Key] {
		data, version, err = c.to.Load(ctx, r.Key)
	}
	count = &c.result.Replaced
	switch {
	case errors.Is(err, watch.ErrNotFound), err == nil && version == "":
		count = &c.result.Created
	case err != nil:
		return nil, err
	case bytes.Equal(data, r.Data):
		return &c.result.Unchanged, nil
	}
	_, err = c.to.Save(ctx, r.Key, r.Data, version)
	if errors.Is(err, watch.ErrConflict) {
		err = fmt.Errorf("%w meanwhile: is a run under way? stop the schedule and try again", err)
	}
	return count, err
}
