package serve

import (
	"context"
	"errors"
	"sync"
	"time"

	"go.uber.org/zap"

	"prowatch/handlers"
	"prowatch/watch"
)

// How the scheduler goes about its times.
const (
	longestRun  = 10 * time.Minute
	longestNap  = time.Minute      // then the clock is looked at again: it may have jumped
	spread      = 5 * time.Second  // how late instances begin, at the most, so as not to begin all at once
	againAfter  = time.Minute      // a run that could do nothing
	callTime    = 10 * time.Second // of the store, to look
	refreshTime = time.Minute      // after a run of another instance
	clockLeeway = time.Hour        // a run that began later than this from now was dated by a wrong clock
)

// scheduler does a run at each time of the schedule, one at a time.
type scheduler struct {
	Options
	service func() *Service
	wake    <-chan struct{} // the service is another

	offset  time.Duration // of this instance's times
	lease   watch.Lease
	settled time.Time // the last time of the schedule that is dealt with
	blind   time.Time // since when the store has not said who holds the lease

	mu    sync.Mutex
	alive time.Time // until when there need be no sign of life
}

// work goes on until ctx ends, and for as long after it as the run under way may
// take.
func (s *scheduler) work(ctx context.Context) {
	for ctx.Err() == nil {
		s.expectSign(longestNap + 4*callTime)
		svc := s.service()
		now := s.Now()
		if s.settled.After(now) { // the clock was set back
			s.settled = time.Time{}
		}
		due := svc.Schedule.Last(now.Add(-s.offset))
		if due.After(s.settled) {
			again, settled := s.settle(ctx, svc, due)
			if settled {
				s.settled = due
			} else {
				s.nap(ctx, again)
			}
			continue
		}
		next := svc.Schedule.Next(now.Add(-s.offset)).Add(s.offset)
		s.nap(ctx, next.Sub(now))
	}
}

// settle sees to it that the time is done. Where it is not yet, because another
// is at it or the store does not say, it returns when to look again.
func (s *scheduler) settle(ctx context.Context, svc *Service, due time.Time) (again time.Duration, settled bool) {
	if s.done(ctx, svc, due) {
		s.refresh(ctx, svc)
		return 0, true
	}
	if s.lease.Store != svc.Store {
		s.lease = watch.Lease{Store: svc.Store, Holder: s.Holder, Time: s.LeaseTime, Now: s.Now}
	}
	err := s.acquire(ctx)
	var held *watch.HeldError
	if err == nil || errors.As(err, &held) {
		s.blind = time.Time{}
	}
	switch {
	case held != nil:
		s.Log.Debug("another instance does the run", zap.String("holder", held.Holder), zap.Time("since", held.Since))
		return s.LeaseTime / 6, false
	case err != nil && s.waitsForStore(err):
		return s.LeaseTime / 6, false
	case err == nil && s.done(ctx, svc, due): // between the two calls
		s.release(ctx)
		s.refresh(ctx, svc)
		return 0, true
	}
	if s.run(ctx, svc, due) != nil {
		return againAfter, false
	}
	return 0, true
}

// done reports whether a run over all accounts, and that left none out, began at
// due or later.
func (s *scheduler) done(ctx context.Context, svc *Service, due time.Time) bool {
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	runs, err := svc.Runs(ctx)
	if err != nil {
		return false // what takes the lease has the same store to complain of
	}
	latest := s.Now().Add(clockLeeway)
	for _, r := range runs.Last {
		if r.Whole && r.Counts.Skipped == 0 && !r.Began.Before(due) && !r.Began.After(latest) {
			return true
		}
	}
	return false
}

// refresh has its bounded time, and stops nothing.
func (s *scheduler) refresh(ctx context.Context, svc *Service) {
	if svc.Refresh == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, refreshTime)
	defer cancel()
	if err := svc.Refresh(ctx); err != nil {
		s.Log.Warn("what is served is not up to date", zap.Error(err))
	}
}

func (s *scheduler) acquire(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	return s.lease.Acquire(ctx)
}

func (s *scheduler) release(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), releaseTime)
	defer cancel()
	if err := s.lease.Release(ctx); err != nil {
		s.Log.Warn("the lease was not given back, it runs out by itself", zap.Error(err))
	}
}

// waitsForStore reports whether the store has failed for less long than a lease
// lasts. After that the run is done without one: should another do it, too, then
// nothing is told twice all the same, and a run that fails is seen.
func (s *scheduler) waitsForStore(err error) bool {
	now := time.Now()
	if s.blind.IsZero() {
		s.blind = now
		s.Log.Warn("the store does not say who does the run", zap.Error(err))
	}
	return now.Sub(s.blind) < s.LeaseTime
}

// run does the run of the time due. Its error, which is logged, says that nothing
// could be done.
func (s *scheduler) run(ctx context.Context, svc *Service, due time.Time) error {
	limit := min(longestRun, svc.Schedule.Next(due).Sub(due))
	s.expectSign(limit + s.Grace + longestNap)
	ctx, cancel := outlive(ctx, limit, s.Grace)
	defer cancel()
	if s.lease.Held() {
		var stop func()
		ctx, stop = s.lease.Keep(ctx)
		defer s.release(ctx)
		defer stop()
	}
	h := handlers.New(svc.Run, &handlers.Options{Logger: s.Log, Warning: svc.Warning})
	report, err := h.Scheduled(ctx, due)
	if cause := context.Cause(ctx); errors.Is(cause, watch.ErrLeaseLost) {
		s.Log.Warn("the run was ended early: another instance may have taken it over", zap.Error(cause))
	}
	s.Notify(statusLine(report, svc.Schedule.Next(s.Now())))
	return err
}

// outlive returns a context that ends after limit, or grace after ctx does.
func outlive(ctx context.Context, limit, grace time.Duration) (context.Context, context.CancelFunc) {
	long, cancel := context.WithTimeout(context.WithoutCancel(ctx), limit)
	stop := context.AfterFunc(ctx, func() {
		t := time.NewTimer(grace)
		defer t.Stop()
		select {
		case <-t.C:
			cancel()
		case <-long.Done():
		}
	})
	return long, func() { stop(); cancel() }
}

// nap waits for d, but looks at the clock in between.
func (s *scheduler) nap(ctx context.Context, d time.Duration) {
	t := time.NewTimer(min(max(d, time.Millisecond), longestNap))
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-s.wake:
	case <-t.C:
	}
}

// expectSign says that a sign of life will come within d.
func (s *scheduler) expectSign(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.alive = time.Now().Add(d)
}

// hasLife reports whether the last sign of life is no longer ago than it may be.
func (s *scheduler) hasLife() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return time.Now().Before(s.alive)
}
