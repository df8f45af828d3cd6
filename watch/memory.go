package watch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"
)

// Records returns what is remembered of every configured account, in their
// order, for reading only. One of which nothing is remembered has an empty record;
// so has one whose record cannot be read, and the error then says so beside the
// others.
func (r *Runner) Records(ctx context.Context) ([]Record, error) {
	keys := make([]string, len(r.Accounts))
	records := make([]Record, len(r.Accounts))
	faults := make([]error, len(r.Accounts))
	for i := range r.Accounts {
		keys[i], records[i] = accountKey(r.Accounts[i].ID), NewRecord(r.Accounts[i].ID)
	}
	recent := cmp.Or(r.Recent, NewRecent(0))
	recent.fill(ctx, keys, records, func(missing []int) {
		index := make(map[string]int, len(missing))
		for _, i := range missing {
			index[keys[i]] = i
		}
		began := time.Now()
		loadMany(ctx, r.Store, r.concurrency(), slices.Collect(maps.Keys(index)), func(key string, data []byte, err error) {
			i := index[key]
			if err == nil && data != nil {
				var rec Record
				if rec, err = DecodeRecord(data, records[i].Account); err == nil {
					records[i] = rec
				}
			}
			if faults[i] = err; err == nil {
				recent.put(key, records[i], began)
			}
		})
	})
	return records, errors.Join(faults...)
}

// ChannelRecords returns what is remembered of every configured channel, in
// their order, with the errors as Records has them.
func (r *Runner) ChannelRecords(ctx context.Context) ([]ChannelRecord, error) {
	records := make([]ChannelRecord, 0, len(r.Channels))
	var faults []error
	for _, ch := range r.Channels {
		data, err := load(ctx, r.Store, channelKey(ch.Name))
		var rec ChannelRecord
		if err == nil {
			rec, err = DecodeChannelRecord(data, ch.Name)
		}
		if err != nil {
			rec = ChannelRecord{Channel: ch.Name}
		}
		records, faults = append(records, rec), append(faults, err)
	}
	return records, errors.Join(faults...)
}

// Runs returns what is remembered of the last runs.
func (r *Runner) Runs(ctx context.Context) (Runs, error) {
	data, err := load(ctx, r.Store, runsKey)
	if err != nil {
		return Runs{}, err
	}
	return DecodeRuns(data)
}

// load loads a record, nil where there is none.
func load(ctx context.Context, st Store, key string) ([]byte, error) {
	data, _, err := st.Load(ctx, key)
	switch {
	case errors.Is(err, ErrNotFound):
		return nil, nil
	case err != nil:
		return nil, err
	}
	return data, nil
}

// loadMany loads the records of the keys, by the store's batches where it has
// them, else n at a time. It calls got for each key, one call at a time; data
// is nil where there is no record.
func loadMany(ctx context.Context, st Store, n int, keys []string, got func(key string, data []byte, err error)) {
	var mu sync.Mutex
	give := func(key string, data []byte, err error) {
		mu.Lock()
		defer mu.Unlock()
		got(key, data, err)
	}
	batcher, ok := st.(BatchLoader)
	if !ok {
		each(n, keys, func(key string) {
			data, err := load(ctx, st, key)
			give(key, data, err)
		})
		return
	}
	each(min(n, loadBatches), slices.Collect(slices.Chunk(keys, loadBatch)), func(batch []string) {
		found, err := batcher.LoadMany(ctx, batch)
		for _, key := range batch {
			one, ok := found[key]
			switch {
			case ok && one.Err != nil:
				give(key, nil, one.Err)
			case ok:
				give(key, one.Data, nil)
			case err != nil:
				give(key, nil, fmt.Errorf("loading %s: %w", key, err))
			default:
				give(key, nil, nil)
			}
		}
	})
}

// loadBatch is how many records one call of a [BatchLoader] asks for:
// DynamoDB's bound of BatchGetItem.
const loadBatch = 100

// loadBatches is how many such calls are made at once: what they answer is in
// memory together.
const loadBatches = 8

// AccountIDs returns the ids of the configured accounts.
func (r *Runner) AccountIDs() []string {
	ids := make([]string, len(r.Accounts))
	for i := range r.Accounts {
		ids[i] = r.Accounts[i].ID
	}
	return ids
}

// ChannelNames returns the names of the configured channels.
func (r *Runner) ChannelNames() []string { return r.channelNames() }
