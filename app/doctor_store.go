package app

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"prowatch/watch"
)

// scratchKey is a record that is there only while a store is tried.
const scratchKey = "doctor/scratch"

// scratchTries is how often the race is run: another doctor may be racing, too.
const scratchTries = 10

// scratchTime bounds the trial of a store, so that one that hangs is a finding.
const scratchTime = 20 * time.Second

// store opens the state twice, lets both race for one record, and reads what is
// remembered. It reports whether the state could be opened.
func (d *doctor) store(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, scratchTime)
	defer cancel()
	state := d.settings.State
	if state == "" {
		state = d.options.State
	}
	var pair [2]watch.Store
	for i := range pair {
		s, err := d.options.Stores.open(ctx, state, Keep)
		if err != nil {
			d.add("store", "", Faulty, err.Error(), "")
			return false
		}
		pair[i] = s
	}
	d.app.Store, d.app.Runner.Store = pair[0], pair[0]
	err := race(ctx, pair)
	var unfit *unfitError
	switch {
	case errors.As(err, &unfit):
		d.add("store", "", Faulty, stateName(state)+": "+err.Error(), "keep the state elsewhere, such as file: on a disk of this machine: here overlapping runs would tell twice")
	case err != nil:
		d.add("store", "", Faulty, err.Error(), "see that the state can be reached, read and written by this user")
	default:
		d.add("store", "", Good, stateName(state)+": of two racing writers exactly one won", "")
	}
	for _, doubt := range Doubts(ctx, pair[0]) {
		d.add("store", "", Doubtful, doubt, "")
	}
	d.records(ctx)
	return true
}

// stateName is as much of the state as holds no secret.
func stateName(state string) string {
	scheme, _, _ := strings.Cut(state, ":")
	if scheme == "file" {
		return state
	}
	return scheme
}

// unfitError is of a store that breaks a promise.
type unfitError struct{ text string }

func (e *unfitError) Error() string { return e.text }

// race lets two writers save the scratch record at once and looks who won. They
// race for a version, which is never twice the same; a record that does not
// exist could be made, taken away by another doctor, and made again.
func race(ctx context.Context, pair [2]watch.Store) error {
	for range scratchTries {
		_, version, err := pair[0].Load(ctx, scratchKey)
		if errors.Is(err, watch.ErrNotFound) {
			version, err = pair[0].Save(ctx, scratchKey, []byte(`{}`), "")
		}
		if errors.Is(err, watch.ErrConflict) {
			continue
		}
		if err != nil {
			return err
		}
		winners, versions, err := bothSave(ctx, pair, version)
		if err != nil {
			return err
		}
		switch len(winners) {
		case 0:
			continue // another doctor was quicker
		case 2:
			return &unfitError{"two writers that raced for one record both won, so it cannot keep overlapping runs apart"}
		}
		if err := settleScratch(ctx, pair, winners[0], versions[0]); !errors.Is(err, watch.ErrNotFound) {
			return err
		}
	}
	return fmt.Errorf("saving record %q: it was changed or taken away %d times in a row: is another doctor at work?", scratchKey, scratchTries)
}

// bothSave saves from both stores at once, and returns what the winners wrote
// with its versions.
func bothSave(ctx context.Context, pair [2]watch.Store, expected string) (winners, versions []string, err error) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	start := make(chan struct{})
	for i, s := range pair {
		wg.Go(func() {
			<-start
			text := fmt.Sprintf(`{"writer":%d}`, i)
			version, failure := s.Save(ctx, scratchKey, []byte(text), expected)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case failure == nil:
				winners, versions = append(winners, text), append(versions, version)
			case !errors.Is(failure, watch.ErrConflict):
				err = errors.Join(err, failure)
			}
		})
	}
	close(start)
	wg.Wait()
	return winners, versions, err
}

// settleScratch reads the winner's record from both stores, and takes it away. One
// that another doctor took away first is ErrNotFound.
func settleScratch(ctx context.Context, pair [2]watch.Store, want, version string) error {
	for _, s := range pair {
		data, got, err := s.Load(ctx, scratchKey)
		if err != nil {
			return err
		}
		if got == version && string(data) != want {
			return &unfitError{"what was saved is not what is loaded"}
		}
	}
	err := pair[0].Delete(ctx, scratchKey, version)
	if errors.Is(err, watch.ErrConflict) || errors.Is(err, watch.ErrNotFound) {
		return nil // another doctor took it over, and will take it away
	}
	return err
}

// records reads what is remembered.
func (d *doctor) records(ctx context.Context) {
	records, err := d.app.Runner.Records(ctx)
	_, chErr := d.app.Runner.ChannelRecords(ctx)
	if err := errors.Join(err, chErr); err != nil {
		for line := range strings.SplitSeq(err.Error(), "\n") {
			d.add("store", "", Faulty, line, "")
		}
		return
	}
	known := 0
	for _, rec := range records {
		if !rec.SeenAt.IsZero() {
			known++
		}
	}
	d.add("store", "", Good, fmt.Sprintf("%d of %d accounts are remembered", known, len(records)), "")
}
