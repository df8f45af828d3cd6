package app

import (
	"context"
	"errors"

	"prowatch/watch"
)

// Records returns what is remembered of every configured account, in their
// order. One of which nothing is remembered has an empty record; so has one
// whose record cannot be read, and the error then says so beside the others.
func (a *App) Records(ctx context.Context) ([]watch.Record, error) {
	records := make([]watch.Record, 0, len(a.Runner.Accounts))
	var faults []error
	for _, acc := range a.Runner.Accounts {
		rec, err := a.record(ctx, acc.ID)
		records, faults = append(records, rec), append(faults, err)
	}
	return records, errors.Join(faults...)
}

func (a *App) record(ctx context.Context, id string) (watch.Record, error) {
	data, err := a.load(ctx, "account/"+id)
	if data == nil {
		return watch.NewRecord(id), err
	}
	rec, err := watch.DecodeRecord(data, id)
	if err != nil {
		rec = watch.NewRecord(id)
	}
	return rec, err
}

// ChannelRecords returns what is remembered of every configured channel, in
// their order, with the errors as Records has them.
func (a *App) ChannelRecords(ctx context.Context) ([]watch.ChannelRecord, error) {
	records := make([]watch.ChannelRecord, 0, len(a.Runner.Channels))
	var faults []error
	for _, ch := range a.Runner.Channels {
		data, err := a.load(ctx, "channel/"+ch.Name)
		var rec watch.ChannelRecord
		if err == nil {
			rec, err = watch.DecodeChannelRecord(data, ch.Name)
		}
		if err != nil {
			rec = watch.ChannelRecord{Channel: ch.Name}
		}
		records, faults = append(records, rec), append(faults, err)
	}
	return records, errors.Join(faults...)
}

// Runs returns what is remembered of the last runs.
func (a *App) Runs(ctx context.Context) (watch.Runs, error) {
	data, err := a.load(ctx, "run/last")
	if err != nil {
		return watch.Runs{}, err
	}
	return watch.DecodeRuns(data)
}

// load loads a record, nil where there is none.
func (a *App) load(ctx context.Context, key string) ([]byte, error) {
	data, _, err := a.Store.Load(ctx, key)
	switch {
	case errors.Is(err, watch.ErrNotFound):
		return nil, nil
	case err != nil:
		return nil, err
	}
	return data, nil
}

// AccountIDs returns the ids of the configured accounts.
func (a *App) AccountIDs() []string {
	ids := make([]string, len(a.Runner.Accounts))
	for i := range a.Runner.Accounts {
		ids[i] = a.Runner.Accounts[i].ID
	}
	return ids
}

// ChannelNames returns the names of the configured channels.
func (a *App) ChannelNames() []string {
	names := make([]string, len(a.Runner.Channels))
	for i := range a.Runner.Channels {
		names[i] = a.Runner.Channels[i].Name
	}
	return names
}
