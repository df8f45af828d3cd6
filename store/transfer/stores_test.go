package transfer_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"prowatch/store/cos"
	"prowatch/store/cos/costest"
	"prowatch/store/dynamodb"
	"prowatch/store/file"
	"prowatch/store/memory"
	"prowatch/store/postgres"
	"prowatch/store/redis"
	"prowatch/store/s3"
	"prowatch/store/storetest/server"
	"prowatch/store/transfer"
	"prowatch/watch"
)

// kind is a kind of store of which a test can have as many empty ones as it
// likes.
type kind struct {
	name string
	open func(t *testing.T, n int) watch.Store
}

// has reports whether the machine has a tool; where all must be there, whoever
// starts it will say that it is not.
func has(path string) bool {
	if os.Getenv("PROWATCH_CI") != "" {
		return true
	}
	if found, err := filepath.Glob(path); err == nil && len(found) > 0 {
		return true
	}
	_, err := exec.LookPath(path)
	return err == nil
}

// kinds are the kinds of stores that this machine has, each on a server that is
// started once.
func kinds(t *testing.T) []kind {
	all := []kind{
		{"memory", func(*testing.T, int) watch.Store { return new(memory.Store) }},
		{"file", func(t *testing.T, _ int) watch.Store { return must(file.Open(t.TempDir(), nil))(t) }},
		{"cos", func(t *testing.T, n int) watch.Store {
			web := httptest.NewServer(&costest.Bucket{SecretID: "id", SecretKey: "key"})
			t.Cleanup(web.Close)
			return must(cos.Open(t.Context(), "cos://prowatch-1250000000?region=ap-singapore&endpoint="+web.URL, &cos.Options{
				Credentials: func(context.Context) (cos.Credentials, error) {
					return cos.Credentials{SecretID: "id", SecretKey: "key"}, nil
				},
			}))(t)
		}},
	}
	if has("redis-server") {
		r := server.StartRedis(t, os.Getenv)
		all = append(all, kind{"redis", func(t *testing.T, n int) watch.Store {
			return must(redis.Open(t.Context(), fmt.Sprintf("redis://%s?prefix=p%d:", r.Addr, n), nil))(t)
		}})
	}
	if has("/usr/lib/postgresql/*/bin/initdb") || has("initdb") {
		p := server.StartPostgres(t, os.Getenv)
		all = append(all, kind{"postgres", func(t *testing.T, n int) watch.Store {
			return must(postgres.Open(t.Context(), p.URL(fmt.Sprintf("table=t%d&pool_max_conns=2", n)), nil))(t)
		}})
	}
	if has("versitygw") {
		gw := server.VersityGW(t, os.Getenv, "bucket")
		env := environment(gw.AccessKey, gw.SecretKey)
		all = append(all, kind{"s3", func(t *testing.T, n int) watch.Store {
			return must(s3.Open(t.Context(), fmt.Sprintf("s3://bucket/p%d?path_style=true&endpoint=%s", n, gw.URL), &s3.Options{Getenv: env}))(t)
		}})
	}
	if _, err := exec.LookPath("moto_server"); err == nil {
		url := server.Moto(t)
		all = append(all, kind{"dynamodb", func(t *testing.T, n int) watch.Store {
			return must(dynamodb.Open(t.Context(), fmt.Sprintf("dynamodb:%s?endpoint=%s", table(t, url, n), url), &dynamodb.Options{Getenv: environment("id", "key")}))(t)
		}})
	}
	return all
}

func must[S any](s S, err error) func(t *testing.T) S {
	return func(t *testing.T) S {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
}

func environment(id, key string) func(string) string {
	return func(name string) string {
		return map[string]string{"AWS_ACCESS_KEY_ID": id, "AWS_SECRET_ACCESS_KEY": key, "AWS_REGION": "us-east-1"}[name]
	}
}

func table(t *testing.T, url string, n int) string {
	t.Helper()
	name := fmt.Sprintf("table-%d", n)
	client := sdk.New(sdk.Options{Region: "us-east-1", BaseEndpoint: &url, HTTPClient: http.DefaultClient, Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
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
	return name
}

// TestEachStoreMovesToEachOther migrates a random state between every two kinds
// of stores, and from there by a document to memory.
func TestEachStoreMovesToEachOther(t *testing.T) {
	n := 0
	all := kinds(t)
	for _, a := range all {
		for _, b := range all {
			n += 2
			t.Run(a.name+" to "+b.name, func(t *testing.T) {
				records := random(t, rand.New(rand.NewPCG(uint64(n), 7)))
				most := 20
				if b.name == "memory" {
					most = 120 // more than one batch
				}
				for key := range records {
					if len(records) > most {
						delete(records, key)
					}
				}
				from, to, last := a.open(t, n), b.open(t, n+1), new(memory.Store)
				fill(t, from, records)
				result, err := transfer.Migrate(t.Context(), from, to, transfer.Options{})
				if err != nil || result.Created != len(records) || len(result.Faults) != 0 {
					t.Fatalf("got %+v, error %v, want %d created", result, err, len(records))
				}
				wantContents(t, from, records)
				wantContents(t, to, records)
				if _, err := transfer.Import(t.Context(), read(t, export(t, to)), last, transfer.Options{}); err != nil {
					t.Fatal(err)
				}
				wantContents(t, last, records)
			})
		}
	}
}
