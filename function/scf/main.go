package main

import (
	"context"
	"io"
	stdlog "log"
	"os"
	_ "time/tzdata" // for an image without zones

	"go.uber.org/zap"

	"prowatch/app"
	"prowatch/handlers"
	"prowatch/secrets/tencent"
	"prowatch/store/cos"
	"prowatch/watch"
)

// role returns the credentials of the function's execution role.
var role = app.RoleCredentials(os.Getenv)

// stores are the kinds of state that are linked: those of this cloud.
var stores = app.Stores{
	"cos": func(ctx context.Context, state string, _ app.Use) (watch.Store, error) {
		return cos.Open(ctx, state, &cos.Options{Credentials: func(ctx context.Context) (cos.Credentials, error) {
			c, err := role(ctx)
			return cos.Credentials{SecretID: c.SecretID, SecretKey: c.SecretKey, Token: c.Token}, err
		}})
	},
	"file": app.File,
}

// version is set by the build, go run ./build.
var version = ""

// secrets are the schemes of references that are linked.
var secrets = map[string]func(ctx context.Context, ref string) (string, error){
	"tencentssm": tencent.Resolver(tencent.Options{Credentials: role, Getenv: os.Getenv}),
}

// main assembles the function from prowatch.yaml beside the binary, which is
// the working folder here, or from the environment.
func main() {
	stdlog.SetOutput(io.Discard) // net/http quotes what a server sends unasked, which may hold a secret
	log := handlers.NewLogger(os.Stderr)
	if version != "" {
		log = log.With(zap.String("version", version))
	}
	in := app.Function(log, app.Options{
		Dirs:        []string{"."},
		LookupEnv:   os.LookupEnv,
		Environ:     os.Environ,
		ReadFile:    os.ReadFile,
		Stores:      stores,
		Secrets:     secrets,
		Stdout:      os.Stdout,
		Credentials: role,
	})
	os.Exit(start(in, os.Getenv, os.Stderr))
}
