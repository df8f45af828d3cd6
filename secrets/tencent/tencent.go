// Package tencent resolves ${tencentssm:NAME}, a secret of Tencent Cloud's
// Secrets Manager (SSM).
//
// Parameters: version, which defaults to SSM_Current, that of a secret which
// the cloud rotates; others have the version that their owner named. site
// (intl or cn), region and endpoint say where it is.
package tencent

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"prowatch/secrets"
	"prowatch/tcss"
	"prowatch/watch"
)

// current is the version of a secret that the cloud rotates.
const current = "SSM_Current"

// Options are the settings of [Resolver].
type Options struct {
	// Credentials returns the key to ask with. It is needed.
	Credentials func(context.Context) (tcss.Credentials, error)

	// Getenv returns a variable of the environment. TENCENTCLOUD_REGION is the
	// region where a reference names none.
	Getenv func(name string) string

	// Transport carries the requests. It defaults to http.DefaultTransport.
	Transport http.RoundTripper
}

// Resolver returns what resolves the scheme tencentssm. Its errors hold no
// secret.
func Resolver(o Options) func(ctx context.Context, ref string) (string, error) {
	memory := new(secrets.Memory)
	return func(ctx context.Context, ref string) (string, error) {
		r, err := secrets.Parse(ref, "endpoint", "region", "site", "version")
		if err != nil {
			return "", err
		}
		key := r.Name + "?" + r.Params.Encode()
		value, err := memory.Get(ctx, key, func(ctx context.Context) (string, error) { return ask(ctx, o, r) })
		if err != nil {
			return "", err
		}
		return r.Pick(value)
	}
}

func ask(ctx context.Context, o Options, r secrets.Reference) (string, error) {
	region, version := r.Params.Get("region"), r.Params.Get("version")
	if region == "" && o.Getenv != nil {
		region = o.Getenv("TENCENTCLOUD_REGION")
	}
	if version == "" {
		version = current
	}
	value, err := tcss.SecretValue(ctx, tcss.Options{
		Credentials: o.Credentials, Site: r.Params.Get("site"), Endpoint: r.Params.Get("endpoint"), Transport: o.Transport,
	}, region, r.Name, version)
	var f *watch.Failure
	if errors.As(err, &f) {
		return "", fmt.Errorf("%w: %s", f, mend(f, r.Params.Get("version") == ""))
	}
	return value, err
}

// mend says what to do about a failure.
func mend(f *watch.Failure, noVersion bool) string {
	switch f.Code {
	case "ResourceNotFound", "ResourceNotFound.SecretNotExist":
		if noVersion {
			return "check name, site and region; a secret that the cloud does not rotate needs its version, as in ?version=v1"
		}
		return "check name, version, site and region"
	case "UnauthorizedOperation", "AuthFailure.UnauthorizedOperation":
		return "allow ssm:GetSecretValue on it for this key: prowatch config policy prints the policy"
	}
	return tcss.Mend(f)
}
