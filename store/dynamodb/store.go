package dynamodb

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"prowatch/store/awsclient"
	"prowatch/watch"
)

// Options are the optional settings of [Open]. The zero value is ready to use,
// but knows no credentials.
type Options struct {
	// Getenv returns a variable of the environment: AWS_ACCESS_KEY_ID,
	// AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, at each request;
	// AWS_REGION and AWS_ENDPOINT_URL_DYNAMODB, if the state names none.
	Getenv func(name string) string

	// HTTPClient sends the requests. It defaults to one that honours
	// HTTPS_PROXY and gives each attempt 10 s.
	HTTPClient *http.Client

	// Random is where versions are drawn from, 16 bytes each, by many
	// goroutines at once. It defaults to crypto/rand.Reader.
	Random io.Reader

	// PageSize is how many items of each partition List asks for at once. 0
	// leaves it to DynamoDB, which reads 1 MB.
	PageSize int32
}

// A Store is a [watch.Store] in a table. Any number of stores, in any number of
// processes, may use the same table.
//
// A key may be any UTF-8 text of 1 to 1024 bytes.
type Store struct {
	session  *awsclient.Session
	client   *dynamodb.Client
	table    string
	random   io.Reader
	pageSize int32
}

var _ watch.Store = (*Store)(nil)

// Open returns the store in the table that the state names:
//
//	dynamodb:TABLE?region=eu-central-1&endpoint=http://127.0.0.1:8000
//
// Either parameter may be left out. It makes no request. opts may be nil.
func Open(_ context.Context, state string, opts *Options) (*Store, error) {
	if opts == nil {
		opts = new(Options)
	}
	table, params, err := parse(state)
	if err != nil {
		return nil, fmt.Errorf("opening state dynamodb: %w", err)
	}
	session, err := awsclient.Open("DYNAMODB", params, awsclient.Options{Getenv: opts.Getenv, HTTPClient: opts.HTTPClient})
	if err != nil {
		return nil, fmt.Errorf("opening state dynamodb:%s: %w", table, err)
	}
	s := &Store{
		session: session, client: dynamodb.NewFromConfig(session.Config),
		table: table, random: opts.Random, pageSize: opts.PageSize,
	}
	if s.random == nil {
		s.random = rand.Reader
	}
	return s, nil
}

// parse returns the table and the parameters of a state. Its errors quote
// nothing that could be a password.
func parse(state string) (table string, params url.Values, err error) {
	rest, ok := strings.CutPrefix(state, "dynamodb:")
	if !ok {
		return "", nil, errors.New("the state does not begin with dynamodb:")
	}
	table, query, _ := strings.Cut(strings.TrimPrefix(rest, "//"), "?")
	if !isTable(table) {
		return "", nil, errors.New("it names no table, which has 3 to 255 of A-Z, a-z, 0-9, _, - and .: write dynamodb:prowatch")
	}
	params, err = url.ParseQuery(query)
	if err != nil {
		return "", nil, errors.New("what follows the ? are no parameters: write ?region=eu-central-1")
	}
	return table, params, nil
}

// isTable reports whether DynamoDB could have a table of that name.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
func isTable(name string) bool {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-."
	return len(name) >= 3 && len(name) <= 255 && strings.Trim(name, letters) == ""
}

// draw returns a version, which no other record ever had or will have.
func (s *Store) draw() (string, error) {
	b := make([]byte, versionBytes)
	if _, err := io.ReadFull(s.random, b); err != nil {
		return "", fmt.Errorf("drawing a version: %w", err)
	}
	return hex.EncodeToString(b), nil
}
