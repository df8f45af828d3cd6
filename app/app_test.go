package app

import (
	"context"
	"encoding/pem"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"prowatch/emulator"
)

// open assembles an app from a document.
func open(t *testing.T, document string) (*App, error) {
	t.Helper()
	return New(t.Context(), Options{
		LookupEnv: func(name string) (string, bool) { return document, name == "PROWATCH_CONFIG" },
		ReadFile:  os.ReadFile, Stores: Stores{"file": File}, State: "file:" + t.TempDir(), Stdout: new(strings.Builder),
	})
}

func TestAnAssembledAppWatches(t *testing.T) {
	srv := httptest.NewServer(emulator.New(nil))
	defer srv.Close()
	a, err := open(t, `
accounts: [{id: acme, secret_id: AKIDEMULATOR, secret_key: emulator-secret, endpoint: "`+srv.URL+`", site: cn, labels: {team: sec}}]
channels: {out: {type: stdout}}
`)
	if err != nil {
		t.Fatal(err)
	}
	report, err := a.Run(t.Context(), nil)
	if err != nil || report.Counts().Checked != 1 || report.Counts().Sent != 2 {
		t.Errorf("got %+v, %v; want one account checked and two notices sent", report, err)
	}
	records, err := a.Runner.Records(t.Context())
	if err != nil || len(records) != 1 || records[0].Believed.Status != "Normal" {
		t.Errorf("remembered %+v, %v", records, err)
	}
	if got := a.Runner.Accounts[0].Console; !strings.Contains(got, "console.cloud.tencent.com") {
		t.Errorf("an account of site cn is sent to %s", got)
	}
}

func TestAMistakeIsSaidWithItsPlaceAndWithoutItsSecret(t *testing.T) {
	const head = "accounts: [{id: acme, secret_id: AKIDx, secret_key: canary-key}]\n"
	for _, tt := range []struct{ name, document, want string }{
		{"a URL that is none", head + `channels: {hook: {type: webhook, url: "canary url"}}`, "prowatch.yaml:2:12: channel hook: url"},
		{"a URL in the clear", head + `channels: {hook: {type: webhook, url: "http://canary.example.com/x"}}`, "allow_http"},
		{"a state of no kind", head + "channels: {out: {type: stdout}}\nstate: redsi://canary@host", "use one of file:"},
		{"an authority that is none", head + "channels: {out: {type: stdout}}\nca_file: /dev/null", "BEGIN CERTIFICATE"},
		{"an endpoint that is none", "accounts: [{id: acme, secret_id: AKIDx, secret_key: canary-key, endpoint: \"ftp://x\"}]\nchannels: {out: {type: stdout}}", ":1:12: account acme"},
	} {
		_, err := open(t, tt.document)
		if err == nil || !strings.Contains(strings.ReplaceAll(err.Error(), "PROWATCH_CONFIG", "prowatch.yaml"), tt.want) || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: got %v, want %s", tt.name, err, tt.want)
		}
	}
}

func TestAPrivateAuthorityIsTrusted(t *testing.T) {
	srv := httptest.NewTLSServer(emulator.New(nil))
	defer srv.Close()
	file := filepath.Join(t.TempDir(), "ca.pem")
	cert := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: srv.Certificate().Raw})
	if err := os.WriteFile(file, cert, 0o600); err != nil {
		t.Fatal(err)
	}
	document := `
accounts: [{id: acme, secret_id: AKIDEMULATOR, secret_key: emulator-secret, endpoint: "` + srv.URL + `"}]
channels: {out: {type: stdout}}
`
	for _, tt := range []struct {
		document string
		checked  int
	}{{document, 0}, {document + "ca_file: " + filepath.ToSlash(file), 1}} {
		a, err := open(t, tt.document)
		if err != nil {
			t.Fatal(err)
		}
		report, err := a.Run(t.Context(), nil)
		if err != nil || report.Counts().Checked != tt.checked {
			t.Errorf("got %+v, %v, want %d checked", report.Accounts, err, tt.checked)
		}
	}
}

func TestRoleCredentialsAreReadAtEachCall(t *testing.T) {
	env := map[string]string{"TENCENTCLOUD_SECRETID": "AKIDone"}
	credentials := RoleCredentials(func(name string) string { return env[name] })
	for _, want := range []string{"AKIDone", "AKIDtwo"} {
		env["TENCENTCLOUD_SECRETID"] = want
		if c, err := credentials(context.Background()); err != nil || c.SecretID != want {
			t.Errorf("got %s, %v, want %s", c.SecretID, err, want)
		}
	}
}
