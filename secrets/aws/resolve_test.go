package aws_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"prowatch/secrets/aws"
)

// serve answers with the given answers, one a request; each is a status and a
// body with a space between.
func serve(t *testing.T, answers ...string) (url string, seen *[]*http.Request) {
	t.Helper()
	seen = new([]*http.Request)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		*seen = append(*seen, r)
		var status int
		answer := answers[min(len(*seen), len(answers))-1]
		fmt.Sscan(answer, &status)
		w.WriteHeader(status)
		io.WriteString(w, answer[4:])
	}))
	t.Cleanup(srv.Close)
	return srv.URL, seen
}

func TestARequestIsSignedAsTheSDKSigns(t *testing.T) {
	url, seen := serve(t, `200 {"Parameter":{"Value":"v"}}`)
	if v, err := aws.Parameter(options(url))(t.Context(), "/p"); err != nil || v != "v" {
		t.Fatalf("got %q, %v", v, err)
	}
	r := (*seen)[0]
	body, _ := io.ReadAll(r.Body)
	if string(body) != `{"Name":"/p","WithDecryption":true}` || r.Header.Get("X-Amz-Target") != "AmazonSSM.GetParameter" {
		t.Errorf("asked %s with %s", r.Header.Get("X-Amz-Target"), body)
	}
	at, err := time.Parse("20060102T150405Z", r.Header.Get("X-Amz-Date"))
	if err != nil || time.Since(at).Abs() > time.Minute {
		t.Errorf("signed at %s, %v", at, err)
	}
	again, err := http.NewRequest(http.MethodPost, url+"/", strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"Content-Type", "X-Amz-Target"} {
		again.Header.Set(name, r.Header.Get(name))
	}
	key := sdk.Credentials{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: awsKey}
	sum := sha256.Sum256(body)
	if err := v4.NewSigner().SignHTTP(t.Context(), key, again, hex.EncodeToString(sum[:]), "ssm", "eu-central-1", at); err != nil {
		t.Fatal(err)
	}
	if got, want := r.Header.Get("Authorization"), again.Header.Get("Authorization"); got != want {
		t.Errorf("signed\n%s\nwant\n%s", got, want)
	}
}

func TestOneSecretIsAskedForOnce(t *testing.T) {
	url, seen := serve(t, `200 {"SecretString":"{\"id\":\"i\",\"key\":\"k\"}"}`)
	resolve := aws.Secret(options(url))
	for ref, want := range map[string]string{"a#id": "i", "a#key": "k"} {
		if v, err := resolve(t.Context(), ref); err != nil || v != want {
			t.Errorf("%s: got %q, %v", ref, v, err)
		}
	}
	if len(*seen) != 1 {
		t.Errorf("asked %d times", len(*seen))
	}
}

func TestABusyServiceIsAskedAgain(t *testing.T) {
	url, seen := serve(t, "503 <html>", `400 {"__type":"ThrottlingException","message":"slow down"}`, `200 {"SecretString":"v"}`)
	if v, err := aws.Secret(options(url))(t.Context(), "a"); err != nil || v != "v" || len(*seen) != 3 {
		t.Errorf("got %q, %v after %d requests", v, err, len(*seen))
	}
}

func TestAFaultSaysWhatToDoAndHoldsNoSecret(t *testing.T) {
	for _, tt := range []struct{ name, answer, want string }{
		{"not allowed", `400 {"__type":"AccessDeniedException","Message":"User x is not authorized; ` + awsKey + `"}`, "AccessDeniedException: User x is not authorized; [redacted]; allow secretsmanager:GetSecretValue on it"},
		{"a key that ran out", `400 {"__type":"com.amazon#ExpiredTokenException","message":"expired"}`, "the credentials ran out: get new ones"},
		{"a page", "502 <html>", "HTTP 502: no answer of AWS"},
		{"no value", `200 {"Name":"a"}`, "it holds no value"},
		{"half an answer", `200 {"SecretString":"` + canary, "it holds no value"},
		{"no object", `200 {"SecretString":"` + canary + `"}`, "no JSON object"},
	} {
		url, _ := serve(t, tt.answer)
		_, err := aws.Secret(options(url))(t.Context(), "a#f")
		if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), canary) || strings.Contains(err.Error(), awsKey) {
			t.Errorf("%s: %v, want …%s…", tt.name, err, tt.want)
		}
	}
	o := options("")
	inner := o.Getenv
	o.Getenv = func(name string) string {
		if name == "AWS_REGION" {
			return ""
		}
		return inner(name)
	}
	if _, err := aws.Secret(o)(t.Context(), "a"); err == nil || !strings.Contains(err.Error(), "no region is named") {
		t.Errorf("no region: %v", err)
	}
	if _, err := aws.Secret(aws.Options{})(t.Context(), "a?region=r"); err == nil || !strings.Contains(err.Error(), "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY") {
		t.Errorf("no credentials: %v", err)
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestEachRegionHasItsHost(t *testing.T) {
	for region, want := range map[string]string{
		"eu-central-1": "https://secretsmanager.eu-central-1.amazonaws.com/",
		"cn-north-1":   "https://secretsmanager.cn-north-1.amazonaws.com.cn/",
	} {
		o := options("")
		got := ""
		o.Client = &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			got = r.URL.String()
			return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader(`{"SecretString":"v"}`))}, nil
		})}
		if _, err := aws.Secret(o)(t.Context(), "a?region="+region); err != nil || got != want {
			t.Errorf("%s: asked %s, %v", region, got, err)
		}
	}
}
