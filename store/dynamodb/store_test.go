package dynamodb_test

import (
	"context"
	"fmt"
	"hash/fnv"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"prowatch/store/dynamodb"
	"prowatch/store/storetest"
	"prowatch/store/storetest/server"
	"prowatch/watch"
)

// environment is one with made-up credentials.
func environment(name string) string {
	return map[string]string{
		"AWS_ACCESS_KEY_ID":     "AKIDEXAMPLE",
		"AWS_SECRET_ACCESS_KEY": "very-secret-key",
		"AWS_SESSION_TOKEN":     "very-secret-token",
		"AWS_REGION":            "us-east-1",
	}[name]
}

// open returns a store in the table whose requests go to rt.
func open(t *testing.T, state string, rt http.RoundTripper, change ...func(*dynamodb.Options)) *dynamodb.Store {
	t.Helper()
	opts := &dynamodb.Options{Getenv: environment}
	if rt != nil {
		opts.HTTPClient = &http.Client{Transport: rt}
	}
	for _, f := range change {
		f(opts)
	}
	s, err := dynamodb.Open(t.Context(), state, opts)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func pages(size int32) func(*dynamodb.Options) {
	return func(o *dynamodb.Options) { o.PageSize = size }
}

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) watch.Store {
		f := &fake{table: "prowatch"}
		return tearable{open(t, "dynamodb:prowatch", server.InMemory(f)), f}
	})
}

// tearable is a store whose items the test can take for something else.
type tearable struct {
	*dynamodb.Store
	fake *fake
}

// Tear implements [storetest.Tearer].
func (s tearable) Tear(t *testing.T, key string) {
	h := fnv.New32a()
	h.Write([]byte(key))
	it := attributes{"pk": {"S": fmt.Sprintf("prowatch-%02d", h.Sum32()%16)}, "sk": {"S": key}, "mine": {"S": "yes"}}
	s.fake.mu.Lock()
	defer s.fake.mu.Unlock()
	if s.fake.items == nil {
		s.fake.items = map[string]attributes{}
	}
	s.fake.items[id(it)] = it
}

// Break implements [storetest.Breaker].
func (s tearable) Break(t *testing.T, fault storetest.Fault) watch.Store {
	writes := func(req *http.Request) bool {
		target := req.Header.Get("X-Amz-Target")
		return strings.HasSuffix(target, ".PutItem") || strings.HasSuffix(target, ".DeleteItem")
	}
	lose := map[storetest.Fault]server.Fault{storetest.FailBefore: server.Unsent, storetest.FailAfter: server.Lost}[fault]
	return open(t, "dynamodb:prowatch", &server.Broken{Next: server.InMemory(s.fake), Faults: []server.Fault{server.OnWrites(lose, writes)}})
}

func TestStoreWithSmallPages(t *testing.T) {
	storetest.Run(t, func(t *testing.T) watch.Store {
		return open(t, "dynamodb:prowatch", server.InMemory(&fake{table: "prowatch"}), pages(3))
	})
}

func TestStoreOnMoto(t *testing.T) {
	moto, rt := startMoto(t), server.OneByOne(server.Settled())
	storetest.Run(t, func(t *testing.T) watch.Store { return open(t, moto.table(t, "pk", "sk"), rt) })
}

func TestSmallPagesOnMoto(t *testing.T) {
	s := open(t, startMoto(t).table(t, "pk", "sk"), nil, pages(2))
	for i := range 100 {
		if _, err := s.Save(t.Context(), fmt.Sprintf("account/%02d", i), nil, ""); err != nil {
			t.Fatal(err)
		}
	}
	i := 0
	for key, err := range s.List(t.Context(), "account/") {
		if want := fmt.Sprintf("account/%02d", i); key != want || err != nil {
			t.Fatalf("List: got %q, error %v, want %q", key, err, want)
		}
		i++
	}
	if i != 100 {
		t.Errorf("List: got %d keys, want 100", i)
	}
}

// moto is an emulator of AWS in which tests make their tables.
type moto struct {
	url    string
	client *sdk.Client
}

func startMoto(t *testing.T) moto {
	t.Helper()
	url := server.Moto(t)
	credentials := aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "very-secret-key"}, nil
	})
	return moto{url, sdk.New(sdk.Options{Region: "us-east-1", BaseEndpoint: &url, Credentials: credentials})}
}

// table makes a table for the test, with its keys by these names, and returns
// the state in it.
func (m moto) table(t *testing.T, hash, sort string) (state string) {
	t.Helper()
	name := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, t.Name())
	_, err := m.client.CreateTable(t.Context(), &sdk.CreateTableInput{
		TableName: &name, BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: []types.AttributeDefinition{
			{AttributeName: &hash, AttributeType: types.ScalarAttributeTypeS},
			{AttributeName: &sort, AttributeType: types.ScalarAttributeTypeS},
		},
		KeySchema: []types.KeySchemaElement{
			{AttributeName: &hash, KeyType: types.KeyTypeHash},
			{AttributeName: &sort, KeyType: types.KeyTypeRange},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return "dynamodb:" + name + "?endpoint=" + m.url
}
