package tencent_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"prowatch/emulator"
	"prowatch/secrets/tencent"
	"prowatch/tcss"
)

const canary = "KeyCanary4f1d8b6a2c9e"

func TestASecretOfTheEmulatorIsResolved(t *testing.T) {
	e := emulator.New(&emulator.Options{Rate: -1, Secrets: map[string]string{
		"acme/SSM_Current": `{"secret_id":"AKIDacme","secret_key":"` + canary + `"}`, "own/v1": canary,
	}})
	srv := httptest.NewServer(e)
	defer srv.Close()
	resolve := tencent.Resolver(tencent.Options{
		Credentials: tcss.Static(tcss.Credentials{SecretID: emulator.DefaultSecretID, SecretKey: emulator.DefaultSecretKey}),
		Getenv:      func(name string) string { return map[string]string{"TENCENTCLOUD_REGION": "ap-hongkong"}[name] },
	})
	for ref, want := range map[string]string{
		"acme?endpoint=" + srv.URL + "#secret_key":           canary,
		"acme?endpoint=" + srv.URL + "#secret_id":            "AKIDacme",
		"own?version=v1&endpoint=" + srv.URL:                 canary,
		"own?version=v1&region=ap-seoul&endpoint=" + srv.URL: canary,
	} {
		if got, err := resolve(t.Context(), ref); err != nil || got != want {
			t.Errorf("%s: got %q, %v", ref, got, err)
		}
	}
	requests := e.Requests()
	if len(requests) != 3 {
		t.Errorf("asked %d times, want 3", len(requests))
	}
	regions := map[string]int{}
	for _, x := range requests {
		regions[x.Request.Header["X-Tc-Region"]]++
	}
	if regions["ap-hongkong"] != 2 || regions["ap-seoul"] != 1 {
		t.Errorf("asked in %v", regions)
	}
	for ref, want := range map[string]string{
		"own?endpoint=" + srv.URL:                     "needs its version, as in ?version=v1",
		"own?version=v2&endpoint=" + srv.URL:          "check name, version, site and region",
		"own?verison=v2":                              "unknown parameter",
		"own?site=us":                                 "site",
		"own?version=v1&endpoint=" + srv.URL + "#key": "no JSON object",
	} {
		if _, err := resolve(t.Context(), ref); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), canary) {
			t.Errorf("%s: %v, want …%s…", ref, err, want)
		}
	}
}

func TestAKeyThatMayNotReadIsToldWhatToAllow(t *testing.T) {
	e := emulator.New(nil)
	if err := e.SetFaults(emulator.DefaultSecretID, emulator.Fault{Code: "UnauthorizedOperation", Message: "no"}); err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(e)
	defer srv.Close()
	resolve := tencent.Resolver(tencent.Options{Credentials: tcss.Static(tcss.Credentials{SecretID: emulator.DefaultSecretID, SecretKey: emulator.DefaultSecretKey})})
	if _, err := resolve(t.Context(), "own?endpoint="+srv.URL); err == nil || !strings.Contains(err.Error(), "allow ssm:GetSecretValue") {
		t.Errorf("got %v", err)
	}
}
