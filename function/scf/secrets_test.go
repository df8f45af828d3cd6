package main

import (
	"net/http/httptest"
	"strings"
	"testing"

	"prowatch/emulator"
)

func TestTheFunctionResolvesSecretsOfItsCloudWithItsRole(t *testing.T) {
	srv := httptest.NewServer(emulator.New(&emulator.Options{
		Accounts: map[string]string{"AKIDrole": "role-key"}, Tokens: map[string]string{"AKIDrole": "role-token"}, Secrets: map[string]string{"acme/v1": "v"},
	}))
	defer srv.Close()
	ref := "acme?version=v1&endpoint=" + srv.URL
	if _, err := secrets["tencentssm"](t.Context(), ref); err == nil || !strings.Contains(err.Error(), "the function has no execution role") {
		t.Errorf("without a role: %v", err)
	}
	for name, value := range map[string]string{"TENCENTCLOUD_SECRETID": "AKIDrole", "TENCENTCLOUD_SECRETKEY": "role-key", "TENCENTCLOUD_SESSIONTOKEN": "role-token"} {
		t.Setenv(name, value)
	}
	if v, err := secrets["tencentssm"](t.Context(), ref); err != nil || v != "v" {
		t.Errorf("got %q, %v", v, err)
	}
}
