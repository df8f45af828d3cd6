package s3

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"prowatch/store/awsclient"
	"prowatch/watch"
)

// Options are the optional settings of [Open]. The zero value is ready to use,
// but knows no credentials.
type Options struct {
	// Getenv returns a variable of the environment: AWS_ACCESS_KEY_ID,
	// AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, at each request;
	// AWS_REGION and AWS_ENDPOINT_URL_S3, if the state names none.
	Getenv func(name string) string

	// HTTPClient sends the requests. It defaults to one that honours
	// HTTPS_PROXY and gives each attempt 10 s.
	HTTPClient *http.Client

	// Random is where tokens are drawn from, 16 bytes each, by many
	// goroutines at once. It defaults to crypto/rand.Reader.
	Random io.Reader

	// PageSize is how many names List asks for at once. 0 leaves it to the
	// server, which sends 1000.
	PageSize int32
}

// A Store is a [watch.Store] in a bucket. Any number of stores, in any number of
// processes, may have the same prefix.
//
// A key is part of the object's name as it is. It must be made of letters,
// digits, "-", "_", "." and "/": what would need an escape would not be listed
// in the order of the keys.
type Store struct {
	session  *awsclient.Session
	client   *s3.Client
	bucket   string
	prefix   string // "" or ends in "/"
	random   io.Reader
	pageSize int32
}

var _ watch.Store = (*Store)(nil)

// Open returns the store in the bucket, and under the prefix, that the state
// names:
//
//	s3://BUCKET/PREFIX?region=eu-central-1&endpoint=http://127.0.0.1:9000&path_style=true
//
// All but the bucket may be left out. With path_style the bucket is in the path
// of a URL rather than its host, as most servers but AWS's expect. Open makes no
// request. opts may be nil.
func Open(_ context.Context, state string, opts *Options) (*Store, error) {
	if opts == nil {
		opts = new(Options)
	}
	p, err := parse(state)
	if err != nil {
		return nil, fmt.Errorf("opening state s3: %w", err)
	}
	session, err := awsclient.Open("S3", p.params, awsclient.Options{Getenv: opts.Getenv, HTTPClient: opts.HTTPClient}, pathStyle)
	if err != nil {
		return nil, fmt.Errorf("opening state s3://%s: %w", p.bucket, err)
	}
	s := &Store{
		session: session, bucket: p.bucket, prefix: p.prefix, random: opts.Random, pageSize: opts.PageSize,
		client: s3.NewFromConfig(session.Config, func(o *s3.Options) { o.UsePathStyle = p.pathStyle }),
	}
	if s.random == nil {
		s.random = rand.Reader
	}
	return s, nil
}

// draw returns a token, which no other write ever had or will have.
func (s *Store) draw() (string, error) {
	b := make([]byte, tokenBytes)
	if _, err := io.ReadFull(s.random, b); err != nil {
		return "", fmt.Errorf("drawing a version: %w", err)
	}
	return hex.EncodeToString(b), nil
}
