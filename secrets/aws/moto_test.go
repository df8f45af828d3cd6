package aws_test

import (
	"net/http"
	"strings"
	"testing"

	"prowatch/secrets/aws"
	"prowatch/store/storetest/server"
)

const (
	canary = "KeyCanary4f1d8b6a2c9e"
	awsKey = "AwsCanary7d3b5a1f8e6c"
)

// options are of a machine whose AWS is at url.
func options(url string) aws.Options {
	return aws.Options{Getenv: func(name string) string {
		return map[string]string{
			"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": awsKey, "AWS_REGION": "eu-central-1", "AWS_ENDPOINT_URL": url,
		}[name]
	}}
}

// put asks moto for an operation, which it does unsigned, too.
func put(t *testing.T, url, target, body string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	service, _, _ := strings.Cut(strings.ToLower(strings.TrimPrefix(target, "Amazon")), ".")
	req.Header.Set("X-Amz-Target", target)
	req.Header.Set("Content-Type", "application/x-amz-json-1.1")
	req.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=a/20260101/eu-central-1/"+service+"/aws4_request, SignedHeaders=host, Signature=x")
	resp, err := http.DefaultClient.Do(req)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %v, %v", target, resp, err)
	}
	resp.Body.Close()
}

func TestSecretsAndParametersOfMoto(t *testing.T) {
	url := server.Moto(t)
	put(t, url, "secretsmanager.CreateSecret", `{"Name":"prowatch/acme","SecretString":"{\"secret_id\":\"AKIDacme\",\"secret_key\":\"`+canary+`\"}"}`)
	put(t, url, "secretsmanager.CreateSecret", `{"Name":"prowatch/binary","SecretBinary":"YmluYXJ5"}`)
	put(t, url, "AmazonSSM.PutParameter", `{"Name":"/prowatch/acme/key","Type":"SecureString","Value":"`+canary+`"}`)
	for _, tt := range []struct{ scheme, ref, want string }{
		{"secret", "prowatch/acme#secret_key", canary},
		{"secret", "prowatch/acme#secret_id", "AKIDacme"},
		{"secret", "prowatch/binary", "binary"},
		{"parameter", "/prowatch/acme/key", canary},
		{"parameter", "/prowatch/acme/key?region=eu-central-1&endpoint=" + url, canary},
	} {
		resolve := aws.Secret(options(url))
		if tt.scheme == "parameter" {
			resolve = aws.Parameter(options(url))
		}
		if got, err := resolve(t.Context(), tt.ref); err != nil || got != tt.want {
			t.Errorf("%s: got %q, %v", tt.ref, got, err)
		}
	}
	if _, err := aws.Secret(options(url))(t.Context(), "prowatch/nope"); err == nil || !strings.Contains(err.Error(), "ResourceNotFoundException") || !strings.Contains(err.Error(), "check the name and the region") {
		t.Errorf("a missing secret: %v", err)
	}
	if _, err := aws.Parameter(options(url))(t.Context(), "/nope"); err == nil || !strings.Contains(err.Error(), "ParameterNotFound") || !strings.Contains(err.Error(), "which has its path") {
		t.Errorf("a missing parameter: %v", err)
	}
}
