package main

import (
	"context"
	"io"
	stdlog "log"
	"os"
	_ "time/tzdata" // for an image without zones

	"github.com/tencentyun/scf-go-lib/functioncontext"
	"go.uber.org/zap"

	"prowatch/app"
	workers "prowatch/fanout/scf"
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

// queues are the kinds of queues that are linked. The function's own name is in
// the context of each invocation, the one that assembles the parts too.
var queues = app.Queues{
	"scf": func(ctx context.Context, queue string) (watch.Queue, error) {
		opts := workers.Options{Credentials: func(ctx context.Context) (workers.Credentials, error) {
			c, err := role(ctx)
			return workers.Credentials{SecretID: c.SecretID, SecretKey: c.SecretKey, Token: c.Token}, err
		}}
		if fc, ok := functioncontext.FromContext(ctx); ok {
			opts.Self = workers.Function{Name: fc.FunctionName, Namespace: fc.Namespace, Region: fc.TencentcloudRegion}
		}
		return workers.Open(queue, opts)
	},
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
		Queues:      queues,
		Version:     version,
		Stdout:      os.Stdout,
		Credentials: role,
	})
	os.Exit(start(in, os.Getenv, os.Stderr))
}
