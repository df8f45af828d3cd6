package main

import (
	"context"
	"io"
	stdlog "log"
	"os"
	_ "time/tzdata" // for an image without zones

	"go.uber.org/zap"

	"prowatch/app"
	"prowatch/fanout/sqs"
	"prowatch/handlers"
	"prowatch/secrets/aws"
	"prowatch/store/dynamodb"
	"prowatch/store/s3"
	"prowatch/watch"
)

// stores are the kinds of state that are linked: those of this cloud.
var stores = app.Stores{
	"dynamodb": func(ctx context.Context, state string, _ app.Use) (watch.Store, error) {
		return dynamodb.Open(ctx, state, &dynamodb.Options{Getenv: os.Getenv})
	},
	"s3": func(ctx context.Context, state string, _ app.Use) (watch.Store, error) {
		return s3.Open(ctx, state, &s3.Options{Getenv: os.Getenv})
	},
	"file": app.File,
}

// version is set by the build, go run ./build.
var version = ""

// secrets are the schemes of references that are linked.
var secrets = map[string]func(ctx context.Context, ref string) (string, error){
	"awssecret": aws.Secret(aws.Options{Getenv: os.Getenv}),
	"awsssm":    aws.Parameter(aws.Options{Getenv: os.Getenv}),
}

// queues are the kinds of queues that are linked.
var queues = app.Queues{
	"sqs": func(_ context.Context, queue string) (watch.Queue, error) {
		return sqs.Open(queue, sqs.Options{Getenv: os.Getenv})
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
		Dirs:      []string{"."},
		LookupEnv: os.LookupEnv,
		Environ:   os.Environ,
		ReadFile:  os.ReadFile,
		Stores:    stores,
		Secrets:   secrets,
		Queues:    queues,
		Version:   version,
		Stdout:    os.Stdout,
		EMF:       os.Stdout,
	})
	os.Exit(start(in, os.Getenv, os.Stderr))
}
