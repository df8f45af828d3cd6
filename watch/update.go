package watch

import (
	"context"
	"errors"
	"time"
)

// How a record is changed among others who change it.
const (
	maxRaces = 30 // lost races for one record, then it is given up
	raceWait = 20 * time.Millisecond
	saveTime = 3 * time.Second // a save may outlive the run's ctx by this
)

// update changes one record: it loads, lets change make the new bytes from the
// old (nil for a record that is missing), and saves where change gave any. A
// lost race starts over. The save may outlive ctx for a moment, so that what
// was seen is not lost to a run that is being stopped.
func (r *Runner) update(ctx context.Context, key string, change func([]byte) ([]byte, error)) error {
	return r.updateFrom(ctx, key, nil, change)
}

// updateFrom is update with the record as it was loaded before, nil if it was
// not.
func (r *Runner) updateFrom(ctx context.Context, key string, first *Loaded, change func([]byte) ([]byte, error)) error {
	var err error
	for try := range maxRaces {
		if try > 0 && !wait(ctx, time.Duration(float64(min(try, 10))*(0.5+r.random())*float64(raceWait))) {
			return err
		}
		var data []byte
		var version string
		if try == 0 && first != nil {
			data, version, err = first.Data, first.Version, first.Err
		} else {
			data, version, err = r.Store.Load(ctx, key)
		}
		if err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
		if data, err = change(data); err != nil || data == nil {
			return err
		}
		if _, err = r.save(ctx, key, data, version); !errors.Is(err, ErrConflict) {
			break
		}
	}
	return err
}

func (r *Runner) save(ctx context.Context, key string, data []byte, version string) (string, error) {
	limit := saveTime
	if deadline, ok := ctx.Deadline(); ok {
		limit = max(min(limit, time.Until(deadline)), saveTime/3)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), limit)
	defer cancel()
	defer r.Recent.forget(key)
	return r.Store.Save(ctx, key, data, version)
}
