package awsclient_test

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/aws/smithy-go"

	"prowatch/store/awsclient"
)

// environment returns the variables of a list of "NAME=value".
func environment(vars ...string) func(string) string {
	return func(name string) string {
		for _, v := range vars {
			if n, value, _ := strings.Cut(v, "="); n == name {
				return value
			}
		}
		return ""
	}
}

var keys = []string{"AWS_ACCESS_KEY_ID=AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY=very-secret-key", "AWS_SESSION_TOKEN=very-secret-token"}

func TestTheStateGoesBeforeTheEnvironment(t *testing.T) {
	for _, tt := range []struct {
		name             string
		params           string
		env              []string
		region, endpoint string // "" for AWS's own
	}{
		{"all in the state", "region=eu-west-1&endpoint=http://a", []string{"AWS_REGION=r", "AWS_ENDPOINT_URL_S3=http://b"}, "eu-west-1", "http://a"},
		{"the service's endpoint", "", []string{"AWS_REGION=r", "AWS_ENDPOINT_URL_S3=http://b", "AWS_ENDPOINT_URL=http://c"}, "r", "http://b"},
		{"everybody's endpoint", "", []string{"AWS_REGION=r", "AWS_ENDPOINT_URL=https://c:8443/s3", "AWS_ENDPOINT_URL_SQS=http://b"}, "r", "https://c:8443/s3"},
		{"the region of Lambda", "", []string{"AWS_REGION=r", "AWS_DEFAULT_REGION=d"}, "r", ""},
		{"the region of the command line", "", []string{"AWS_DEFAULT_REGION=d"}, "d", ""},
		{"an endpoint alone", "endpoint=http://a", nil, "us-east-1", "http://a"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			params, err := url.ParseQuery(tt.params)
			if err != nil {
				t.Fatal(err)
			}
			s, err := awsclient.Open("S3", params, awsclient.Options{Getenv: environment(append(keys, tt.env...)...)})
			if err != nil {
				t.Fatal(err)
			}
			endpoint := ""
			if s.Config.BaseEndpoint != nil {
				endpoint = *s.Config.BaseEndpoint
			}
			if s.Config.Region != tt.region || endpoint != tt.endpoint {
				t.Errorf("got region %q, endpoint %q, want %q, %q", s.Config.Region, endpoint, tt.region, tt.endpoint)
			}
		})
	}
}

func TestAStoreHasParametersOfItsOwn(t *testing.T) {
	params := url.Values{"region": {"r"}, "path_style": {"true"}}
	opts := awsclient.Options{Getenv: environment(keys...)}
	if _, err := awsclient.Open("S3", params, opts, "path_style"); err != nil {
		t.Errorf("got error %v, want none", err)
	}
	_, err := awsclient.Open("DYNAMODB", params, opts)
	if want := `unknown parameter "path_style": there are endpoint, region`; err == nil || err.Error() != want {
		t.Errorf("got error %v, want %q", err, want)
	}
}

func TestAnAnswerIsQuotedInOneLineWithoutSecrets(t *testing.T) {
	refusal := &smithy.GenericAPIError{Code: "RequestTimeTooSkewed", Message: "The difference is too large: very-secret-key\nvery"}
	for mend, want := range map[string]string{
		"":         "RequestTimeTooSkewed: The difference is too large: [redacted]; the clock of this machine is wrong: set it",
		"its mend": "RequestTimeTooSkewed: The difference is too large: [redacted]; its mend",
	} {
		err := open(t).Explain(t.Context(), refusal, func(string, string) string { return mend })
		if err.Error() != want {
			t.Errorf("with %q: got %q, want %q", mend, err, want)
		}
	}
}

func TestAnEndedContextIsTheError(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := open(t).Explain(ctx, errors.New("canceled somewhere"), func(string, string) string { return "" })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got error %v, want %v", err, context.Canceled)
	}
}

func open(t *testing.T) *awsclient.Session {
	t.Helper()
	s, err := awsclient.Open("S3", url.Values{"region": {"r"}}, awsclient.Options{Getenv: environment(keys...)})
	if err != nil {
		t.Fatal(err)
	}
	return s
}
