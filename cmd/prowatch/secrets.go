package main

import (
	"context"
	"os"

	"prowatch/secrets/aws"
	"prowatch/secrets/tencent"
	"prowatch/tcss"
	"prowatch/watch"
)

// secrets are the schemes of references that the command line links: all of
// them. Those of Tencent are asked for with the key that the vendor's SDKs
// read from the environment.
var secrets = map[string]func(ctx context.Context, ref string) (string, error){
	"awssecret": aws.Secret(aws.Options{Getenv: os.Getenv}),
	"awsssm":    aws.Parameter(aws.Options{Getenv: os.Getenv}),
	"tencentssm": tencent.Resolver(tencent.Options{
		Getenv: os.Getenv, Credentials: environmentKey,
	}),
}

func environmentKey(context.Context) (tcss.Credentials, error) {
	c := tcss.Credentials{SecretID: os.Getenv("TENCENTCLOUD_SECRET_ID"), SecretKey: os.Getenv("TENCENTCLOUD_SECRET_KEY"), Token: os.Getenv("TENCENTCLOUD_TOKEN")}
	if c.SecretID == "" || c.SecretKey == "" {
		return c, &watch.Failure{Class: watch.Denied, Message: "TENCENTCLOUD_SECRET_ID or TENCENTCLOUD_SECRET_KEY is not set: export the key that may read the secret"}
	}
	return c, nil
}
