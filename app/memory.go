package app

import (
	"context"
	"errors"
	"fmt"

	"prowatch/watch"
)

// Records returns what is remembered of every configured account, in their
// order. One of which nothing is remembered has an empty record.
func (a *App) Records(ctx context.Context) ([]watch.Record, error) {
	records := make([]watch.Record, 0, len(a.Runner.Accounts))
	for _, acc := range a.Runner.Accounts {
		data, err := a.load(ctx, "account/"+acc.ID)
		if err != nil {
			return nil, err
		}
		rec := watch.NewRecord(acc.ID)
		if data != nil {
			if rec, err = watch.DecodeRecord(data, acc.ID); err != nil {
				return nil, err
			}
		}
		records = append(records, rec)
	}
	return records, nil
}

// ChannelRecords returns what is remembered of every configured channel, in
// their order.
func (a *App) ChannelRecords(ctx context.Context) ([]watch.ChannelRecord, error) {
	records := make([]watch.ChannelRecord, 0, len(a.Runner.Channels))
	for _, ch := range a.Runner.Channels {
		data, err := a.load(ctx, "channel/"+ch.Name)
		if err != nil {
			return nil, err
		}
		rec, err := watch.DecodeChannelRecord(data, ch.Name)
		if err != nil {
			return nil, err
		}
		records = append(records, rec)
	}
	return records, nil
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
		return nil, fmt.Errorf("loading record %s: %w", key, err)
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
