package awsclient

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
)

const (
	// attemptTimeout is how long one attempt may take, so that a connection
	// that went dead is tried anew. A call takes milliseconds.
	attemptTimeout = 10 * time.Second

	// idleConns is how many connections are kept for the next call: as many
	// as the largest fleets have calls at once. The SDK would keep 10.
	idleConns = 256

	// maxAttempts is how often a call is tried in all, and maxBackoff the
	// longest wait between two of them; a run has seconds, not minutes.
	maxAttempts = 5
	maxBackoff  = time.Second

	// endpointRegion is signed where an endpoint is named and no region: it
	// is what servers other than AWS's expect unless they are told.
	endpointRegion = "us-east-1"
)

// Options are the optional settings of [Open].
type Options struct {
	// Getenv returns a variable of the environment. Without it there is
	// none. It is asked for credentials at each request.
	Getenv func(name string) string

	// HTTPClient sends the requests. It defaults to one that honours
	// HTTPS_PROXY and gives each attempt 10 s.
	HTTPClient *http.Client
}

// A Session is what the calls to one service have in common.
type Session struct {
	// Config is for the NewFromConfig of a service's package.
	Config aws.Config

	getenv  func(string) string
	retryer aws.RetryerV2
}

// Open returns the session for a service, named as in AWS_ENDPOINT_URL_<SERVICE>.
// The parameters are those of the state's URL: region and endpoint, and
// whatever else the store has, which it names in also. An unknown parameter, a
// region that nothing names and missing credentials are errors. It makes no
// request.
func Open(service string, params url.Values, opts Options, also ...string) (*Session, error) {
	s := &Session{getenv: opts.Getenv, retryer: newRetryer()}
	if s.getenv == nil {
		s.getenv = func(string) string { return "" }
	}
	if err := checkParams(params, append(also, "endpoint", "region")); err != nil {
		return nil, err
	}
	endpoint, err := s.endpoint(service, params.Get("endpoint"))
	if err != nil {
		return nil, err
	}
	region, err := s.region(params.Get("region"), endpoint)
	if err != nil {
		return nil, err
	}
	if _, err := s.credentials(); err != nil {
		return nil, err
	}
	s.Config = aws.Config{
		Region:      region,
		Credentials: aws.CredentialsProviderFunc(s.retrieve),
		HTTPClient:  httpClient(opts.HTTPClient),
		Retryer:     func() aws.Retryer { return s.retryer },
		// Records carry a sum of their own, and servers other than AWS's
		// refuse the trailers that the SDK would send unasked.
		RequestChecksumCalculation: aws.RequestChecksumCalculationWhenRequired,
		ResponseChecksumValidation: aws.ResponseChecksumValidationWhenRequired,
	}
	if endpoint != "" {
		s.Config.BaseEndpoint = &endpoint
	}
	return s, nil
}

// checkParams refuses a parameter that is unknown, empty or there twice.
func checkParams(params url.Values, known []string) error {
	slices.Sort(known)
	for name, values := range params {
		switch {
		case !slices.Contains(known, name):
			return fmt.Errorf("unknown parameter %.40q: there are %s", name, strings.Join(known, ", "))
		case len(values) > 1:
			return fmt.Errorf("parameter %s is given twice", name)
		case values[0] == "":
			return fmt.Errorf("parameter %s is empty: give it a value or leave it out", name)
		}
	}
	return nil
}

func (s *Session) endpoint(service, param string) (string, error) {
	name, endpoint := "parameter endpoint", param
	for _, v := range []string{"AWS_ENDPOINT_URL_" + service, "AWS_ENDPOINT_URL"} {
		if endpoint == "" {
			name, endpoint = v, s.getenv(v)
		}
	}
	if endpoint == "" {
		return "", nil
	}
	u, err := url.Parse(endpoint)
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.Fragment != "":
		return "", errors.New(name + " is no URL of a server: write one such as http://127.0.0.1:5000")
	case u.User != nil:
		return "", errors.New(name + " holds a user or password: leave it out, requests are signed with AWS_SECRET_ACCESS_KEY")
	}
	return endpoint, nil
}

func (s *Session) region(param, endpoint string) (string, error) {
	for _, r := range []string{param, s.getenv("AWS_REGION"), s.getenv("AWS_DEFAULT_REGION")} {
		if r != "" {
			return r, nil
		}
	}
	if endpoint != "" {
		return endpointRegion, nil
	}
	return "", errors.New("no region is named: add ?region=eu-central-1 (or another), or set AWS_REGION")
}

func httpClient(c *http.Client) aws.HTTPClient {
	if c != nil {
		return c
	}
	return awshttp.NewBuildableClient().WithTimeout(attemptTimeout).WithTransportOptions(func(t *http.Transport) {
		t.MaxIdleConns, t.MaxIdleConnsPerHost = idleConns, idleConns
	})
}

func newRetryer() aws.RetryerV2 {
	return retry.NewStandard(func(o *retry.StandardOptions) {
		o.MaxAttempts, o.MaxBackoff = maxAttempts, maxBackoff
		// S3 answers 409 when two writes met and neither is done yet.
		// https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
		o.Retryables = append(o.Retryables, retry.RetryableErrorCode{Codes: map[string]struct{}{"ConditionalRequestConflict": {}}})
	})
}
