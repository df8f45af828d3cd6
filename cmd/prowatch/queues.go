package main

import (
	"context"
	"os"

	"prowatch/app"
	"prowatch/fanout/scf"
	"prowatch/fanout/sqs"
	"prowatch/watch"
)

// queues are the kinds of queues that invoke hands accounts out by: all of them.
// The other verbs check accounts themselves.
var queues = app.Queues{
	"sqs": func(_ context.Context, queue string) (watch.Queue, error) {
		return sqs.Open(queue, sqs.Options{Getenv: os.Getenv})
	},
	"scf": func(_ context.Context, queue string) (watch.Queue, error) {
		return scf.Open(queue, scf.Options{Credentials: func(context.Context) (scf.Credentials, error) {
			return scf.Credentials{SecretID: os.Getenv("TENCENTCLOUD_SECRET_ID"), SecretKey: os.Getenv("TENCENTCLOUD_SECRET_KEY"), Token: os.Getenv("TENCENTCLOUD_TOKEN")}, nil
		}})
	},
}
