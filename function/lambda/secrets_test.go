package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestTheFunctionResolvesSecretsOfItsCloud(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"SecretString":"v","Parameter":{"Value":"v"}}`)
	}))
	defer srv.Close()
	for name, value := range map[string]string{"AWS_ENDPOINT_URL": srv.URL, "AWS_ACCESS_KEY_ID": "AKIDx", "AWS_SECRET_ACCESS_KEY": "k", "AWS_REGION": "r"} {
		t.Setenv(name, value)
	}
	for scheme, resolve := range secrets {
		if v, err := resolve(t.Context(), "acme"); err != nil || v != "v" {
			t.Errorf("%s: got %q, %v", scheme, v, err)
		}
	}
	if len(secrets) != 2 {
		t.Errorf("there are %d schemes, want awssecret and awsssm", len(secrets))
	}
}
