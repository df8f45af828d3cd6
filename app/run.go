package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/robfig/cron/v3"
	"go.uber.org/zap"

	"prowatch/config"
	"prowatch/heartbeat"
	"prowatch/metrics"
	"prowatch/watch"
)

// around is what stands around the runs: whoever watches that they happen.
type around struct {
	heart *heartbeat.Heart // nil for none
	life  watch.Life       // see [App.Life]
	emf   io.Writer        // nil for none
	log   *zap.Logger
	now   func() time.Time

	version string // of the build, for the metrics and the page
}

// Run does one run over the accounts named, nil for all, which are listed anew
// where that is due, as [App.Around] does it.
func (a *App) Run(ctx context.Context, accounts []string) (*watch.Report, error) {
	whole := len(accounts) == 0
	return a.Around(ctx, whole, func(ctx context.Context) (*watch.Report, error) {
		if !whole {
			runner, stale := a.knowing(ctx, accounts, a.now().Add(-listTwice))
			report, err := runner.Run(ctx, accounts...)
			if err != nil {
				err = errors.Join(err, stale)
			}
			return unlisted(report, stale), err
		}
		return a.refreshed(ctx, func(r *watch.Runner) (*watch.Report, error) { return r.Run(ctx) })
	})
}

// refreshed does a run over all accounts, which are listed anew where that is
// due; that they could not be is among the report's faults.
func (a *App) refreshed(ctx context.Context, run func(*watch.Runner) (*watch.Report, error)) (*watch.Report, error) {
	stale := a.Refresh(ctx)
	report, err := run(a.doubtful(stale))
	return unlisted(report, stale), err
}

// unlisted adds to the report why the accounts could not be listed, if so.
func unlisted(report *watch.Report, stale error) *watch.Report {
	if report != nil && stale != nil {
		report.Errs = append(report.Errs, stale)
	}
	return report
}

// Around does a run, over all accounts or not, with what stands around it. Every
// run is counted in the metrics; around one over all accounts the heartbeat is
// pinged, and after it a word of life is given if it is due. None of these fails
// a run or is part of a dry one.
func (a *App) Around(ctx context.Context, whole bool, run func(context.Context) (*watch.Report, error)) (report *watch.Report, err error) {
	end := a.begin(ctx, whole && !a.Runner.DryRun)
	defer func() {
		if report == nil && err == nil { // it panics
			a.Metrics.Observe(nil, nil)
		}
		end(report, err)
	}()
	report, err = run(ctx)
	if a.Runner.DryRun {
		return report, err
	}
	if err == nil && whole && a.around.life.Channel != "" {
		a.Current().Alive(ctx, a.around.life, report)
	}
	a.Metrics.Observe(report, err)
	if a.around.emf != nil {
		if fault := metrics.WriteEMF(a.around.emf, report, err, a.around.now()); fault != nil {
			a.around.log.Warn("metrics", zap.Error(fault))
		}
	}
	return report, err
}

// Life says where and when a word of life is due; without a digest, in no
// channel.
func (a *App) Life() watch.Life { return a.around.life }

// begin tells the heartbeat that a whole run begins, and returns what tells how
// it ended. A run that panicked has neither a report nor an error.
func (a *App) begin(ctx context.Context, whole bool) (end func(*watch.Report, error)) {
	if !whole || a.around.heart == nil {
		return func(*watch.Report, error) {}
	}
	beat := a.around.heart.Start(ctx)
	return func(report *watch.Report, err error) { beat.End(ctx, report, err) }
}

// surround makes what stands around the runs.
func (a *App) surround(transport http.RoundTripper, o Options) error {
	s := a.Settings
	a.around = around{emf: o.EMF, log: o.Logger, now: o.Now, version: o.Version}
	if a.around.log == nil {
		a.around.log = zap.NewNop()
	}
	if a.around.now == nil {
		a.around.now = time.Now
	}
	a.Metrics = metrics.New(metrics.Options{
		Overview: a.overview, Channels: a.Runner.ChannelNames(), Version: o.Version,
	})
	if s.Digest.Channel != "" {
		schedule, err := cron.ParseStandard(s.Digest.Cron)
		if err != nil {
			return cronFault(s.Origin, "digest.cron", s.Digest.Cron, err)
		}
		zone := s.Policy.Zone
		a.around.life = watch.Life{Channel: s.Digest.Channel, Next: func(t time.Time) time.Time { return schedule.Next(t.In(zone)) }}
	}
	var err error
	a.around.heart, err = heart(s, heartbeat.Options{
		Client: &http.Client{Transport: transport},
		Fault:  func(err error) { a.around.log.Warn("heartbeat", zap.Error(err)) },
	})
	return err
}

// heart returns what pings the settings' heartbeat, nil where they have none.
func heart(s *config.Settings, o heartbeat.Options) (*heartbeat.Heart, error) {
	if o.URL = s.Heartbeat.URL; o.URL == "" {
		return nil, nil
	}
	h, err := heartbeat.New(o)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.Origin, err)
	}
	return h, nil
}

// heartbeatFaults are of a heartbeat that cannot be pinged.
func heartbeatFaults(s *config.Settings) []error {
	if _, err := heart(s, heartbeat.Options{}); err != nil {
		return []error{err}
	}
	return nil
}

// overview is what the metrics show of the state.
func (a *App) overview(ctx context.Context) (*watch.Overview, error) {
	if a.Runner.Store == nil {
		return nil, errors.New("no store is open")
	}
	return a.Current().Overview(ctx)
}
