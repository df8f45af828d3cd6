package transfer

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	"prowatch/watch"
)

// Migrate copies all records from one store to another, and reads back what it
// wrote. The source is left as it is. For the rest it is as [Import].
func Migrate(ctx context.Context, from, to watch.Store, o Options) (Result, error) {
	keys, err := keysOf(ctx, from)
	if err != nil {
		return Result{}, fmt.Errorf("the source: %w", err)
	}
	c := copier{to: to, options: o, there: map[string]bool{}}
	if err := c.look(ctx, keys); err != nil {
		return c.result, fmt.Errorf("the destination: %w", err)
	}
	var r reader
	read := func(ctx context.Context, f func([]Record) error) error {
		r = reader{store: from}
		return r.whole(ctx, keys, func(chunk []string, found map[string]watch.Loaded) error {
			var records []Record
			for _, key := range chunk {
				if one, ok := found[key]; ok {
					records = append(records, Record{key, one.Data})
				}
			}
			return f(records)
		})
	}
	result, err := c.run(ctx, read)
	result.Faults = append(result.Faults, r.faults...)
	if err != nil || o.DryRun || len(result.Differ) > 0 {
		return result, err
	}
	faults, err := verify(ctx, read, to, result.Faults)
	result.Faults = append(result.Faults, faults...)
	slices.SortStableFunc(result.Faults, func(a, b Fault) int { return strings.Compare(a.Key, b.Key) })
	return result, err
}

// verify compares both sides, but for the records that are known not to have
// been moved.
func verify(ctx context.Context, source chunks, to watch.Store, known []Fault) (faults []Fault, err error) {
	err = source(ctx, func(chunk []Record) error {
		keys := make([]string, len(chunk))
		for i, r := range chunk {
			keys[i] = r.Key
		}
		found, err := load(ctx, to, keys)
		if err != nil {
			return fmt.Errorf("reading back: %w", err)
		}
		for _, r := range chunk {
			one := found[r.Key]
			moved := one.Err == nil && bytes.Equal(one.Data, r.Data)
			if moved || slices.ContainsFunc(known, func(f Fault) bool { return f.Key == r.Key }) {
				continue
			}
			text := "the source was changed while it was copied: is a run under way? stop the schedule, and migrate again with --replace"
			if one.Err != nil {
				text = "reading back: " + one.Err.Error()
			}
			faults = append(faults, Fault{r.Key, text})
		}
		return nil
	})
	return faults, err
}
