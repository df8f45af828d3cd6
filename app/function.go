package app

import (
	"context"
	"strings"

	"go.uber.org/zap"

	"prowatch/handlers"
	"prowatch/tcss"
	"prowatch/watch"
)

const fileWarning = "state file: is lost with this instance, and other instances do not see it: changes may be told twice or be missed"

// Function returns the handler of a cloud's function, which assembles the parts
// at the first invocation: SCF sets the environment no sooner.
func Function(log *zap.Logger, o Options) handlers.Invoker {
	o.Logger = log
	return handlers.Lazy(log, func(ctx context.Context) (handlers.Invoker, error) {
		a, err := New(ctx, o)
		if err != nil {
			return nil, err
		}
		opts := &handlers.Options{Logger: log, HTTP: a.HTTP(log, nil), BasePath: a.BasePath(), Fleet: a.Fleet()}
		if strings.HasPrefix(a.Settings.State, "file:") {
			opts.Warning = fileWarning
		}
		for _, w := range a.Settings.Warnings {
			log.Warn("settings", zap.String("warning", w))
		}
		return handlers.New(a.Run, opts), nil
	})
}

// RoleCredentials returns the credentials of SCF's execution role. They are in
// the environment under names that the official SDK does not read, and may be
// others at each invocation
// (https://www.tencentcloud.com/zh/document/product/583/32748).
func RoleCredentials(getenv func(string) string) func(context.Context) (tcss.Credentials, error) {
	return func(context.Context) (tcss.Credentials, error) {
		c := tcss.Credentials{
			SecretID:  getenv("TENCENTCLOUD_SECRETID"),
			SecretKey: getenv("TENCENTCLOUD_SECRETKEY"),
			Token:     getenv("TENCENTCLOUD_SESSIONTOKEN"),
		}
		if c == (tcss.Credentials{}) {
			return c, &watch.Failure{Class: watch.Denied, Message: "the function has no execution role: give it one, or give the account secret_id and secret_key"}
		}
		return c, nil
	}
}
