package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"
	"go.uber.org/zap"

	"prowatch/app"
	"prowatch/metrics/prom"
	"prowatch/serve"
	"prowatch/watch"
)

const (
	serveName       = "serve"
	defaultSchedule = "17 * * * *" // off :00 and :30, when chat services refuse most
	defaultListen   = "127.0.0.1:8080"
)

const serveHelp = `Serve checks all accounts at the times of the configuration's schedule
(default "` + defaultSchedule + `", in policy.time_zone), and answers the HTTP API and the status
page on http.listen (default ` + defaultListen + `), until it is interrupted.

Where the last of those times passed without a check, one is done at the start;
a restart makes none of its own. Any number of instances may run on one state: one
of them does each check, and if it dies another does so half a minute later.

  SIGHUP             reads the configuration again; one that is wrong is refused, and
                     what was read before stays in force
  SIGTERM, SIGINT    ends it: requests and the check under way may take 20 s to end;
                     a second one ends it at once

Under systemd it says when it is ready, how it stands, and that it lives; it takes a
socket that systemd opened. It logs JSON on stderr, a line a check. In a container
without curl, "prowatch serve --health" asks the one that runs whether all is well.`

func (p *process) serveVerb() *cobra.Command {
	var listen string
	var health bool
	cmd := verb(serveName, "Check on a schedule, and answer HTTP", serveHelp, noArgs,
		func(cmd *cobra.Command, _ []string) error {
			if health {
				return p.askHealth(cmd.Context(), listen)
			}
			return p.serveAll(cmd.Context(), listen)
		})
	cmd.Example = "  prowatch serve\n  prowatch serve --listen 0.0.0.0:8080\n  prowatch serve --health && echo well"
	cmd.Flags().StringVar(&listen, "listen", "", "`address` to listen on, in the place of http.listen")
	cmd.Flags().BoolVar(&health, "health", false, "ask the instance that runs on this machine whether all is well: exit code 0 or 1")
	return cmd
}

func (p *process) serveAll(ctx context.Context, address string) error {
	log := p.serveLogger()
	r := &reader{log: log, opts: p.options(app.Keep), address: address}
	r.opts.Stores = remembered(r.opts.Stores)
	svc, err := r.load(ctx)
	if err != nil {
		return failed(err)
	}
	l, err := p.serveListener(address, r.listening)
	if err != nil {
		return failed(err)
	}
	next := svc.Schedule.Next(p.now())
	url := "http://" + reachable(l.Addr())
	fmt.Fprintf(p.stdout, "prowatch serves %s and checks next at %s\n", url, next.Format("2006-01-02 15:04 MST"))
	log.Info("serving", zap.String("version", versionText()), zap.String("url", url), zap.Time("next_run", next))
	err = serve.Serve(ctx, l, svc, serve.Options{
		Log: log, Holder: holder(), Now: p.now,
		Reload: reloads(ctx, p.hangup), Load: r.load, Notify: tellManager(log), Watchdog: watchdogInterval(log),
	})
	if err != nil {
		return failed(err)
	}
	log.Info("stopped")
	return nil
}

// reader reads the configuration, at the start and at each reload.
type reader struct {
	log       *zap.Logger
	opts      app.Options
	address   string // of --listen, or ""
	listening string // the address at the start
}

func (r *reader) load(ctx context.Context) (*serve.Service, error) {
	a, err := app.New(ctx, r.opts)
	if err != nil {
		return nil, err
	}
	svc, err := newService(a, r.log)
	if err != nil {
		return nil, err
	}
	now := cmp.Or(r.address, a.Settings.HTTP.Listen, defaultListen)
	if r.listening == "" {
		r.listening = now
	} else if r.listening != now {
		r.log.Warn("http.listen is as it was at the start: restart prowatch to change it", zap.String("listen", r.listening))
	}
	warnServe(r.log, a, r.listening)
	return svc, nil
}

// newService makes what is served of an app.
func newService(a *app.App, log *zap.Logger) (*serve.Service, error) {
	fields := cmp.Or(a.Settings.Schedule, defaultSchedule)
	schedule, err := serve.ParseSchedule(fields, a.Settings.Policy.Zone)
	if err != nil {
		return nil, fmt.Errorf(`%s: schedule: %q is no schedule: %w: write five cron fields, such as %q for each hour`, a.Settings.Origin, fields, err, defaultSchedule)
	}
	a.Runner.Recent = watch.NewRecent(time.Second)
	return &serve.Service{Run: a.Run, Runs: a.Runner.Runs, Refresh: a.Refresh, Store: a.Store, Schedule: schedule, HTTP: a.HTTP(log, prom.Handler(a.Metrics))}, nil
}

// warnServe logs what is likely to be a mistake.
func warnServe(log *zap.Logger, a *app.App, listening string) {
	warnings := a.Settings.Warnings
	if len(a.Settings.HTTP.Tokens) == 0 {
		warnings = append(warnings, `http.tokens is empty, so all but /healthz is refused: add tokens: [{token: "${env:TOKEN}", scope: read}]`)
	}
	if !isLoopback(listening) && !strings.HasPrefix(a.Settings.HTTP.PublicURL, "https://") {
		warnings = append(warnings, fmt.Sprintf("%s is reached from other machines without TLS, and tokens go over it: put a proxy with TLS before it, and its https:// URL into http.public_url", listening))
	}
	for _, w := range warnings {
		log.Warn("settings", zap.String("warning", w))
	}
}

func isLoopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback() || host == "localhost"
}

// remembered returns the kinds of stores such that a state that was opened stays
// open and is the same store when it is asked for again, as by a reload.
func remembered(kinds app.Stores) app.Stores {
	var mu sync.Mutex
	opened := map[string]watch.Store{}
	all := app.Stores{}
	for scheme, open := range kinds {
		all[scheme] = func(ctx context.Context, state string, use app.Use) (watch.Store, error) {
			mu.Lock()
			defer mu.Unlock()
			if s := opened[state]; s != nil {
				return s, nil
			}
			s, err := open(ctx, state, use)
			if err == nil {
				opened[state] = s
			}
			return s, err
		}
	}
	return all
}

// holder names this process, unlike any other.
func holder() string {
	host, _ := os.Hostname()
	return fmt.Sprintf("%s %d %s", host, os.Getpid(), rand.Text()[:8])
}
