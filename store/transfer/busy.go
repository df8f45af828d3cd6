package transfer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"prowatch/watch"
)

// Busy says who works with the store at the time now, none if nobody does: a
// channel that a run has claimed to tell, a process that holds the lease. It
// cannot see a run that is still asking.
func Busy(ctx context.Context, s watch.Store, now time.Time) ([]string, error) {
	var found []string
	for key, err := range s.List(ctx, "channel/") {
		if err != nil {
			return nil, err
		}
		data, _, err := s.Load(ctx, key)
		if err != nil {
			continue // whoever moves it will say what is wrong
		}
		name := strings.TrimPrefix(key, "channel/")
		rec, err := watch.DecodeChannelRecord(data, name)
		if err == nil && rec.Flight != nil && rec.Flight.Until.After(now) {
			found = append(found, fmt.Sprintf("channel %s is being told by a run until %s", name, rec.Flight.Until.Format(time.RFC3339)))
		}
	}
	data, _, err := s.Load(ctx, leaseKey)
	if errors.Is(err, watch.ErrNotFound) {
		return found, nil
	}
	var lease struct{ Until time.Time }
	if err == nil && json.Unmarshal(data, &lease) == nil && lease.Until.After(now) {
		found = append(found, "prowatch serve holds the lease until "+lease.Until.Format(time.RFC3339))
	}
	return found, ctx.Err()
}
