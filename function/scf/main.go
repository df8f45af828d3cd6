package main

import (
	"context"
	"os"
	"strings"
	_ "time/tzdata" // for an image without zones

	"go.uber.org/zap"

	"prowatch/app"
	"prowatch/handlers"
)

func main() {
	log := handlers.NewLogger(os.Stderr)
	os.Exit(start(handlers.Lazy(log, build(log)), os.Getenv, os.Stderr))
}

// build returns what makes the handlers from prowatch.yaml beside the binary,
// which is the working folder here, or from the environment.
func build(log *zap.Logger) func(context.Context) (handlers.Invoker, error) {
	return func(ctx context.Context) (handlers.Invoker, error) {
		a, err := app.New(ctx, app.Options{
			Dirs:      []string{"."},
			LookupEnv: os.LookupEnv,
			Environ:   os.Environ,
			ReadFile:  os.ReadFile,
			Stores:    app.Stores{"file": app.File},
			Stdout:    os.Stdout,
		})
		if err != nil {
			return nil, err
		}
		opts := &handlers.Options{Logger: log}
		if strings.HasPrefix(a.Settings.State, "file:") {
			opts.Warning = "state file: is lost with this instance, and other instances do not see it: changes may be told twice or be missed"
		}
		return handlers.New(a.Run, opts), nil
	}
}
