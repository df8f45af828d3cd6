package emulator_test

import (
	"maps"
	"net/http"
	"strings"
	"testing"

	"prowatch/emulator"
)

// A local name stands for the whole cloud: whichever service it begins with,
// both are there. The vendor's own hosts are one service each.
func TestALocalNameHasEveryService(t *testing.T) {
	e := atNoon(withRole())
	hub := ask{id: "AKIDhub", key: "hub-key", version: "2020-11-01"}
	for _, tt := range []struct {
		name, host, code string
		a                ask
	}{
		{"a role at the first service's name", "tcss.localhost:9900", "", assume(goodRole)},
		{"an edition at the second's", "sts.localhost:9900", "", hub},
		{"an edition at its own", "tcss.localhost:9900", "", hub},
		{"a role at an address", "127.0.0.1:9900", "", assume(goodRole)},
		{"a role at the vendor's first host", "tcss.tencentcloudapi.com", "NoSuchVersion", assume(goodRole)},
		{"an edition at the vendor's second", "sts.tencentcloudapi.com", "NoSuchVersion", hub},
	} {
		tt.a.host = tt.host
		label, _, _ := strings.Cut(tt.host, ".")
		tt.a.service = label
		more := map[string]string{"Region": "ap-singapore"}
		if tt.a.action == "AssumeRole" {
			maps.Copy(more, map[string]string{"RoleArn": roleARN, "RoleSessionName": "prowatch", "ExternalId": "ext-1"})
		}
		for sign, r := range map[string]*http.Request{"TC3": tt.a.tc3(), "HmacSHA1": tt.a.v1(more)} {
			if got := send(t, e, r); got.err.Code != tt.code {
				t.Errorf("%s, %s: %v, want %q", tt.name, sign, got.err, tt.code)
			}
		}
	}
}

func TestAVersion6HostIsSignedWithItsBracketsOrNotAtAll(t *testing.T) {
	e := atNoon(emulator.Options{Rate: -1})
	for _, tt := range []struct{ signed, code string }{
		{"[::1]:9900", ""}, {"[::1]", ""}, {"::1", "AuthFailure.SignatureFailure"},
	} {
		for sign, r := range map[string]*http.Request{"TC3": ask{host: tt.signed}.tc3(), "HmacSHA1": ask{host: tt.signed, method: "GET"}.v1(nil)} {
			r.Host = "[::1]:9900"
			if got := send(t, e, r); got.err.Code != tt.code {
				t.Errorf("%s signed for %s: %v, want %q", sign, tt.signed, got.err, tt.code)
			}
		}
	}
}
