package conformance

import (
	"context"
	"io"
	"net/http"
	"regexp"
	"strings"

	"prowatch/store/dynamodb"
)

// dynamodbActions are all that the role may do to the table.
var dynamodbActions = []string{"dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:PutItem", "dynamodb:DeleteItem", "dynamodb:Query"}

// credentials are an environment with made-up ones.
func credentials(name string) string {
	return map[string]string{"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "us-east-1"}[name]
}

// refusing answers every request with an error of DynamoDB.
type refusing string

func (code refusing) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: http.StatusBadRequest, Request: r, Header: http.Header{"Content-Type": {"application/x-amz-json-1.0"}},
		Body: body(`{"__type":"` + string(code) + `","message":"no"}`),
	}, nil
}

func body(text string) io.ReadCloser { return io.NopCloser(strings.NewReader(text)) }

// advice returns what the store says to do about an error.
func advice(code string) string {
	s, err := dynamodb.Open(context.Background(), "dynamodb:prowatch", &dynamodb.Options{
		Getenv: credentials, HTTPClient: &http.Client{Transport: refusing(code)},
	})
	if err == nil {
		_, _, err = s.Load(context.Background(), "account/acme")
	}
	return err.Error()
}

var keySchema = regexp.MustCompile(`--key-schema AttributeName=(\w+),KeyType=HASH AttributeName=(\w+),KeyType=RANGE`)

// storeKeys returns the keys of a table as the store says to make one.
func storeKeys() (hash, sort string) {
	m := keySchema.FindStringSubmatch(advice("ResourceNotFoundException"))
	return m[1], m[2]
}

// storeActions returns what the store asks to be allowed.
func storeActions() []string {
	var actions []string
	for _, name := range regexp.MustCompile(`\b[A-Z][a-z]+(?:GetItem|Item)\b|\bQuery\b`).FindAllString(advice("AccessDeniedException"), -1) {
		actions = append(actions, "dynamodb:"+name)
	}
	return actions
}
