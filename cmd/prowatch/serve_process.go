package main

import (
	"context"
	"net"
	"os"
	"time"

	"github.com/coreos/go-systemd/v22/activation"
	"github.com/coreos/go-systemd/v22/daemon"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"prowatch/handlers"
)

// serveLogger logs a line a check: for people on a terminal, and elsewhere as
// the functions do.
func (p *process) serveLogger() *zap.Logger {
	switch {
	case p.debug:
		return p.loggerAt(zapcore.DebugLevel)
	case p.stderrTerminal:
		return p.loggerAt(zapcore.InfoLevel)
	}
	return handlers.NewLogger(p.stderr)
}

// serveListener is the socket that systemd opened, unless --listen names
// another, or listens on the address of the configuration.
func (p *process) serveListener(flag, address string) (net.Listener, error) {
	if flag == "" {
		opened, err := activation.Listeners()
		if err != nil {
			return nil, err
		}
		for _, l := range opened {
			if l != nil {
				return l, nil
			}
		}
	}
	return listen(address)
}

// reloads turns the signals into requests to reload; those that come while one
// waits are one with it.
func reloads(ctx context.Context, hangup <-chan os.Signal) <-chan struct{} {
	asked := make(chan struct{}, 1)
	go func() {
		for {
			select {
			case <-ctx.Done():
				return
			case <-hangup:
			}
			select {
			case asked <- struct{}{}:
			default:
			}
		}
	}()
	return asked
}

// tellManager tells systemd, where it started this process.
func tellManager(log *zap.Logger) func(string) {
	return func(state string) {
		if state == daemon.SdNotifyReloading {
			state += "\n" + daemon.SdNotifyMonotonicUsec()
		}
		if _, err := daemon.SdNotify(false, state); err != nil {
			log.Warn("systemd was not told", zap.Error(err))
		}
	}
}

// watchdogInterval is how often systemd wants a sign of life, 0 for never.
func watchdogInterval(log *zap.Logger) time.Duration {
	d, err := daemon.SdWatchdogEnabled(false)
	if err != nil {
		log.Warn("systemd's watchdog is not served", zap.Error(err))
	}
	return d
}
