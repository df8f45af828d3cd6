package s3_test

import (
	"context"
	"net/http"
	"os"
	"path"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"prowatch/store/s3"
	"prowatch/store/storetest"
	"prowatch/store/storetest/server"
	"prowatch/watch"
)

// user is an environment with the credentials of a server.
func user(access, secret string) func(string) string {
	return func(name string) string {
		return map[string]string{"AWS_ACCESS_KEY_ID": access, "AWS_SECRET_ACCESS_KEY": secret, "AWS_REGION": "us-east-1"}[name]
	}
}

// environment is one with made-up credentials.
func environment(name string) string {
	if name == "AWS_SESSION_TOKEN" {
		return "very-secret-token"
	}
	return user("AKIDEXAMPLE", "very-secret-key")(name)
}

// open returns a store whose requests go to rt.
func open(t *testing.T, state string, rt http.RoundTripper, change ...func(*s3.Options)) *s3.Store {
	t.Helper()
	opts := &s3.Options{Getenv: environment}
	if rt != nil {
		opts.HTTPClient = &http.Client{Transport: rt}
	}
	for _, f := range change {
		f(opts)
	}
	s, err := s3.Open(t.Context(), state, opts)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func pages(size int32) func(*s3.Options) { return func(o *s3.Options) { o.PageSize = size } }

// folder returns the test's name as the prefix of a state.
func folder(t *testing.T) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_", r) {
			return r
		}
		return '-'
	}, t.Name())
}

func TestStore(t *testing.T) {
	for name, state := range map[string]string{"in a bucket": "s3://bucket", "under a prefix": "s3://bucket/a/b"} {
		t.Run(name, func(t *testing.T) {
			storetest.Run(t, func(t *testing.T) watch.Store {
				f := new(fake)
				_, prefix, _ := strings.Cut(strings.TrimPrefix(state, "s3://"), "/")
				return tearable{open(t, state, server.InMemory(f)), f, prefix}
			})
		})
	}
}

// tearable is a store whose objects the test can damage.
type tearable struct {
	*s3.Store
	fake   *fake
	prefix string
}

// Tear implements [storetest.Tearer].
func (s tearable) Tear(_ *testing.T, key string) {
	s.fake.mu.Lock()
	defer s.fake.mu.Unlock()
	if s.fake.objects == nil {
		s.fake.objects = map[string][]byte{}
	}
	s.fake.objects[path.Join(s.prefix, key)] = []byte("prowatch-record 1 ")
}

// Break implements [storetest.Breaker].
func (s tearable) Break(t *testing.T, fault storetest.Fault) watch.Store {
	writes := func(req *http.Request) bool { return req.Method != http.MethodGet }
	lose := map[storetest.Fault]server.Fault{storetest.FailBefore: server.Unsent, storetest.FailAfter: server.Lost}[fault]
	return open(t, "s3://"+path.Join("bucket", s.prefix), &server.Broken{Next: server.InMemory(s.fake), Faults: []server.Fault{server.OnWrites(lose, writes)}})
}

func TestStoreWithSmallPages(t *testing.T) {
	storetest.Run(t, func(t *testing.T) watch.Store {
		return open(t, "s3://bucket/p/", server.InMemory(new(fake)), pages(3))
	})
}

func TestStoreOnVersityGW(t *testing.T) {
	gw := server.VersityGW(t, os.Getenv, "bucket")
	as := func(o *s3.Options) { o.Getenv = user(gw.AccessKey, gw.SecretKey) }
	storetest.Run(t, func(t *testing.T) watch.Store {
		return open(t, "s3://bucket/"+folder(t)+"?path_style=true&endpoint="+gw.URL, server.Settled(), as, pages(70))
	})
}

func TestStoreOnMoto(t *testing.T) {
	url := server.Moto(t)
	createBucket(t, url, "plain")
	rt := server.OneByOne(server.Settled())
	storetest.Run(t, func(t *testing.T) watch.Store {
		return open(t, "s3://plain/"+folder(t)+"?endpoint="+url, rt, pages(70))
	})
}

func TestAVersionedBucketOnMoto(t *testing.T) {
	url := server.Moto(t)
	client, rt := createBucket(t, url, "versioned"), server.OneByOne(server.Settled())
	_, err := client.PutBucketVersioning(t.Context(), &sdk.PutBucketVersioningInput{
		Bucket:                  aws.String("versioned"),
		VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled},
	})
	if err != nil {
		t.Fatal(err)
	}
	storetest.Run(t, func(t *testing.T) watch.Store {
		return open(t, "s3://versioned/"+folder(t)+"?endpoint="+url, rt)
	})
}

func createBucket(t *testing.T, url, name string) *sdk.Client {
	t.Helper()
	client := sdk.New(sdk.Options{
		Region: "us-east-1", BaseEndpoint: &url, UsePathStyle: true,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "very-secret-key"}, nil
		}),
	})
	if _, err := client.CreateBucket(t.Context(), &sdk.CreateBucketInput{Bucket: &name}); err != nil {
		t.Fatal(err)
	}
	return client
}
