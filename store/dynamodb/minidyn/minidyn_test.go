// Package minidyn lets a crowd of runners work on an emulator of DynamoDB that was
// written by others, and that a machine can have which has no moto.
//
// The suite of stores is not for it: minidyn v0.8.2 takes an empty binary value for
// none, and does not say which item a refused DeleteItem met. DynamoDB and moto
// do as the store expects.
package minidyn

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	miniserver "github.com/truora/minidyn/server"

	"prowatch/store/dynamodb"
	"prowatch/store/storetest/crowd"
	"prowatch/store/storetest/server"
	"prowatch/watch"
)

// newTable returns what opens stores in one empty table of an emulator of their
// own, and what ends that.
func newTable(t *testing.T, name string) (open func(t *testing.T) watch.Store, end func()) {
	t.Helper()
	web := httptest.NewServer(miniserver.NewServer())
	client := sdk.New(sdk.Options{Region: "us-east-1", BaseEndpoint: &web.URL, Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{AccessKeyID: "id", SecretAccessKey: "key"}, nil
	})})
	_, err := client.CreateTable(t.Context(), &sdk.CreateTableInput{
		TableName: &name, BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: []types.AttributeDefinition{{AttributeName: aws.String("pk"), AttributeType: "S"}, {AttributeName: aws.String("sk"), AttributeType: "S"}},
		KeySchema:            []types.KeySchemaElement{{AttributeName: aws.String("pk"), KeyType: "HASH"}, {AttributeName: aws.String("sk"), KeyType: "RANGE"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return func(t *testing.T) watch.Store {
		s, err := dynamodb.Open(t.Context(), fmt.Sprintf("dynamodb:%s?endpoint=%s", name, web.URL), &dynamodb.Options{
			Getenv: func(name string) string {
				return map[string]string{"AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "key", "AWS_REGION": "us-east-1"}[name]
			},
			HTTPClient: &http.Client{Transport: server.Settled()},
		})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}, web.Close
}

// TestACrowdTellsEachNoticeOnce has a new table for each timeline, for the
// emulator looks through all that one holds.
func TestACrowdTellsEachNoticeOnce(t *testing.T) {
	open, end := newTable(t, "prowatch")
	t.Cleanup(func() { end() })
	renew := func() { end(); open, end = newTable(t, "prowatch") }
	crowd.Run(t, crowd.Options{Renew: renew, Open: func(t *testing.T) watch.Store { return open(t) }})
}
