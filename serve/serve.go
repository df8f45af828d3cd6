package serve

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"go.uber.org/zap"

	"prowatch/handlers"
	"prowatch/watch"
)

// A Service is what a configuration makes: it is exchanged as a whole when that
// is read again.
type Service struct {
	// Run does one run, nil for all accounts. Runs returns the last ones.
	Run  handlers.Run
	Runs func(ctx context.Context) (watch.Runs, error)

	// Refresh brings what is served up to date where another instance did the run;
	// nil where a run changes nothing of it but the state.
	Refresh func(ctx context.Context) error

	// Store has the lease. One that is kept over a reload is the same value.
	Store watch.Store

	Schedule Schedule
	HTTP     http.Handler

	// Warning is what the record of each run warns of, "" for nothing.
	Warning string
}

// Options are what serving has from its process. Log and Holder are needed.
type Options struct {
	Log *zap.Logger

	// Holder names this instance, unlike any other over the same store.
	Holder string

	// Reload asks to read the configuration again, with Load. Where that fails
	// the service stays as it is.
	Reload <-chan struct{}
	Load   func(ctx context.Context) (*Service, error)

	// Notify tells the service manager how things stand, in systemd's words
	// (sd_notify(3)). Watchdog is how often it wants a sign of life; 0 for never.
	Notify   func(state string)
	Watchdog time.Duration

	// Grace is how long requests and the run under way may go on once it is time
	// to stop; 20 s by default, for what comes after takes up to 5 s more, and
	// Kubernetes kills after 30 s.
	Grace time.Duration

	// LeaseTime is as [watch.LeaseTime], its default.
	LeaseTime time.Duration

	// Now is the clock of the schedule. It defaults to time.Now.
	Now func() time.Time

	// Random returns a number in [0, 1). It defaults to rand.Float64.
	Random func() float64
}

const (
	defaultGrace = 20 * time.Second
	releaseTime  = 2 * time.Second
)

func (o *Options) setDefaults() {
	if o.Notify == nil {
		o.Notify = func(string) {}
	}
	if o.Grace == 0 {
		o.Grace = defaultGrace
	}
	if o.LeaseTime == 0 {
		o.LeaseTime = watch.LeaseTime
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Random == nil {
		o.Random = rand.Float64
	}
}

// Serve answers requests that come to l, and does the runs of the schedule, until
// ctx ends. Then it takes no more requests and starts no run, lets what is under
// way end, gives the lease back and returns nil. It closes l.
func Serve(ctx context.Context, l net.Listener, first *Service, o Options) error {
	o.setDefaults()
	var service atomic.Pointer[Service]
	service.Store(first)
	wake := make(chan struct{}, 1)
	s := &scheduler{Options: o, service: service.Load, wake: wake, offset: time.Duration(o.Random() * float64(spread))}
	srv := newServer(o.Log, func() http.Handler { return service.Load().HTTP })
	served := make(chan error, 1)
	go func() { served <- srv.Serve(l) }()

	working, stop := context.WithCancel(ctx)
	defer stop()
	var wg sync.WaitGroup
	defer wg.Wait()
	wg.Go(func() { s.work(working) })
	wg.Go(func() { s.watchdog(working) })
	wg.Go(func() {
		o.reloads(working, func(next *Service) {
			service.Store(next)
			select {
			case wake <- struct{}{}:
			default: // it is to look already
			}
		})
	})
	o.Notify("READY=1\n" + statusLine(nil, first.Schedule.Next(o.Now())))
	select {
	case err := <-served:
		stop()
		return fmt.Errorf("serving HTTP: %w", err)
	case <-ctx.Done():
	}
	o.Notify("STOPPING=1")
	o.Log.Info("stopping", zap.NamedError("cause", context.Cause(ctx)), zap.Duration("grace", o.Grace))
	shut(ctx, srv, o.Grace)
	return nil
}

// shut stops to take requests at once, and leaves those under way the grace.
func shut(ctx context.Context, srv *http.Server, grace time.Duration) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	if srv.Shutdown(ctx) != nil {
		_ = srv.Close()
	}
}

// reloads reads the configuration again whenever it is asked to.
func (o *Options) reloads(ctx context.Context, use func(*Service)) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-o.Reload:
		}
		o.Notify("RELOADING=1")
		next, err := o.Load(ctx)
		if err != nil {
			o.Log.Error("the configuration was not reloaded: what was read before stays in force", zap.Error(err))
		} else {
			use(next)
			o.Log.Info("reloaded", zap.Time("next_run", next.Schedule.Next(o.Now())))
		}
		o.Notify("READY=1")
	}
}

// watchdog gives signs of life, as long as there is life.
func (s *scheduler) watchdog(ctx context.Context) {
	if s.Watchdog <= 0 {
		return
	}
	tick := time.NewTicker(s.Watchdog / 2)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if s.hasLife() {
			s.Notify("WATCHDOG=1")
		}
	}
}

// statusLine is what systemctl status shows.
func statusLine(last *watch.Report, next time.Time) string {
	line := "STATUS="
	if last != nil {
		c := last.Counts()
		line += fmt.Sprintf("%d of %d accounts checked at %s, %d notices told, %d waiting; ",
			c.Checked, c.Accounts, last.Began.In(next.Location()).Format("15:04"), c.Sent, c.Pending)
	}
	return line + "next run at " + next.Format("2006-01-02 15:04 MST")
}
