package sqs

import (
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"prowatch/store/awsclient"
	"prowatch/watch"
)

// Options are the optional settings of [Open]. The zero value knows no
// credentials.
type Options struct {
	// Getenv returns a variable of the environment: AWS_ACCESS_KEY_ID,
	// AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, at each request, and
	// AWS_REGION where the queue's URL names no region.
	Getenv func(name string) string

	// HTTPClient sends the requests. It defaults to one that honours
	// HTTPS_PROXY and gives each attempt 10 s.
	HTTPClient *http.Client
}

// A Queue is a [watch.Queue] on a standard queue.
type Queue struct {
	session *awsclient.Session
	client  *sqs.Client
	url     string
}

var _ watch.Queue = (*Queue)(nil)

// Open returns the queue whose URL is given, with sqs: before it or without:
//
//	sqs:https://sqs.eu-central-1.amazonaws.com/123456789012/prowatch
//
// It makes no request. The error says what to write instead.
func Open(queue string, opts Options) (*Queue, error) {
	rawURL := strings.TrimPrefix(queue, "sqs:")
	u, err := parse(rawURL)
	if err != nil {
		return nil, fmt.Errorf("opening fanout.queue: %w", err)
	}
	params := url.Values{"endpoint": {u.Scheme + "://" + u.Host}}
	if m := regional.FindStringSubmatch(u.Hostname()); m != nil {
		params.Set("region", m[1])
	}
	session, err := awsclient.Open("SQS", params, awsclient.Options{Getenv: opts.Getenv, HTTPClient: opts.HTTPClient})
	if err != nil {
		return nil, fmt.Errorf("opening fanout.queue sqs:%s: %w", rawURL, err)
	}
	return &Queue{session: session, client: sqs.NewFromConfig(session.Config), url: rawURL}, nil
}

// regional is the host of a region,
// https://docs.aws.amazon.com/general/latest/gr/sqs-service.html.
var regional = regexp.MustCompile(`^sqs(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.com|amazonaws\.com\.cn|api\.aws)$`)

const shape = "write the queue's URL, such as sqs:https://sqs.eu-central-1.amazonaws.com/123456789012/prowatch"

// parse reads the URL of a queue. Its errors quote nothing that could be a
// password.
func parse(rawURL string) (*url.URL, error) {
	u, err := url.Parse(rawURL)
	if err != nil || u.Host == "" || strings.Count(strings.Trim(u.Path, "/"), "/") != 1 {
		return nil, errors.New("it is no URL of an SQS queue: " + shape)
	}
	switch {
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return nil, errors.New("it holds a user, a parameter or a fragment, which the URL of a queue has none of: " + shape)
	case u.Scheme != "https" && !(u.Scheme == "http" && loopback(u.Hostname())):
		return nil, errors.New("it must be an https URL: " + shape)
	case strings.HasSuffix(u.Path, ".fifo"):
		return nil, errors.New("it is a FIFO queue, which hands out batches one after the other: make a standard queue")
	}
	return u, nil
}

// loopback reports whether name is this machine by its name alone.
func loopback(name string) bool {
	ip, err := netip.ParseAddr(name)
	return name == "localhost" || err == nil && ip.IsLoopback()
}
