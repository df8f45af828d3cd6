package main

import (
	"os"
	_ "time/tzdata" // for an image without zones

	"prowatch/app"
	"prowatch/handlers"
)

// main assembles the function from prowatch.yaml beside the binary, which is
// the working folder here, or from the environment.
func main() {
	log := handlers.NewLogger(os.Stderr)
	in := app.Function(log, app.Options{
		Dirs:      []string{"."},
		LookupEnv: os.LookupEnv,
		Environ:   os.Environ,
		ReadFile:  os.ReadFile,
		Stores:    app.Stores{"file": app.File},
		Stdout:    os.Stdout,
	})
	os.Exit(start(in, os.Getenv, os.Stderr))
}
