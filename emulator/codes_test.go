package emulator_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"prowatch/emulator"
)

// provoked are the requests that have each of the common codes for an answer
// without any fault being set.
var provoked = []struct {
	code string
	r    func() *http.Request
}{
	{"AuthFailure.InvalidAuthorization", func() *http.Request { return ask{header: map[string]string{"Authorization": "SKIP"}}.tc3() }},
	{"AuthFailure.SecretIdNotFound", func() *http.Request { return ask{id: "AKIDother"}.tc3() }},
	{"AuthFailure.SignatureExpire", func() *http.Request { return ask{at: noon.Add(-time.Hour)}.tc3() }},
	{"AuthFailure.SignatureFailure", func() *http.Request { return ask{key: "wrong"}.tc3() }},
	{"AuthFailure.TokenFailure", func() *http.Request { return ask{token: "any"}.tc3() }},
	{"AuthFailure.UnauthorizedOperation", func() *http.Request {
		r := assume(strings.Replace(goodRole, "ext-1", "ext-2", 1))
		r.id, r.key = "", ""
		return r.tc3()
	}},
	{"InvalidAction", func() *http.Request { return ask{action: "DescribeNothing"}.tc3() }},
	{"InvalidParameter", func() *http.Request { return ask{body: "[]"}.tc3() }},
	{"InvalidParameterValue", func() *http.Request { return ask{language: "fr-FR"}.tc3() }},
	{"InvalidRequest", func() *http.Request { return ask{media: "multipart/form-data; boundary=x", body: "--y--"}.tc3() }},
	{"MissingParameter", func() *http.Request { return ask{header: map[string]string{"X-TC-Version": ""}}.tc3() }},
	{"NoSuchProduct", func() *http.Request { return ask{host: "cvm.tencentcloudapi.com", service: "cvm"}.tc3() }},
	{"NoSuchVersion", func() *http.Request { return ask{version: "2019-07-22"}.tc3() }},
	{"RequestSizeLimitExceeded", func() *http.Request { return ask{method: "GET", query: "A=" + strings.Repeat("a", 32<<10)}.tc3() }},
	{"UnknownParameter", func() *http.Request { return ask{body: `{"Limit":1}`}.tc3() }},
	{"UnsupportedProtocol", func() *http.Request { return ask{method: "PUT"}.tc3() }},
}

// onlyByFault are the common codes that say something of the account or the
// service which is not emulated.
var onlyByFault = []string{
	"ActionOffline", "AuthFailure.InvalidSecretId", "AuthFailure.MFAFailure", "DryRunOperation", "FailedOperation",
	"InternalError", "IpInBlacklist", "IpNotInWhitelist", "LimitExceeded", "OperationDenied",
	"RequestLimitExceeded.GlobalRegionUinLimitExceeded", "RequestLimitExceeded.IPLimitExceeded",
	"RequestLimitExceeded.UinLimitExceeded", "ResourceInUse", "ResourceInsufficient", "ResourceNotFound",
	"ResourceUnavailable", "ResponseSizeLimitExceeded", "ServiceUnavailable", "UnauthorizedOperation",
	"UnsupportedOperation", "UnsupportedRegion",
}

// commonCodes are all those the vendor documents for every product
// (https://tencentcloud.com/document/product/1209/56023).
const commonCodes = `ActionOffline AuthFailure.InvalidAuthorization AuthFailure.InvalidSecretId
AuthFailure.MFAFailure AuthFailure.SecretIdNotFound AuthFailure.SignatureExpire AuthFailure.SignatureFailure
AuthFailure.TokenFailure AuthFailure.UnauthorizedOperation DryRunOperation FailedOperation InternalError
InvalidAction InvalidParameter InvalidParameterValue InvalidRequest IpInBlacklist IpNotInWhitelist
LimitExceeded MissingParameter NoSuchProduct NoSuchVersion OperationDenied RequestLimitExceeded
RequestLimitExceeded.GlobalRegionUinLimitExceeded RequestLimitExceeded.IPLimitExceeded
RequestLimitExceeded.UinLimitExceeded RequestSizeLimitExceeded ResourceInUse ResourceInsufficient
ResourceNotFound ResourceUnavailable ResponseSizeLimitExceeded ServiceUnavailable UnauthorizedOperation
UnknownParameter UnsupportedOperation UnsupportedProtocol UnsupportedRegion`

func TestEveryCommonCodeIsProvokedOrComesByFault(t *testing.T) {
	e := atNoon(emulator.Options{
		Rate:  1000,
		Roles: map[string]emulator.Role{roleARN: {Account: emulator.DefaultSecretID, ExternalID: "ext-1"}},
	})
	seen := map[string]bool{}
	for _, p := range provoked {
		got := send(t, e, p.r())
		if got.err.Code != p.code || got.err.Message == "" || strings.ContainsAny(got.err.Message, "{}") {
			t.Errorf("%s: answer = %+v", p.code, got.err)
		}
		seen[p.code] = true
	}
	for _, code := range onlyByFault {
		if err := e.SetFaults(emulator.DefaultSecretID, emulator.Fault{Code: code}); err != nil {
			t.Fatal(err)
		}
		if got := send(t, e, ask{}.tc3()); got.err.Code != code || got.err.Message == "" {
			t.Errorf("%s: answer = %+v", code, got.err)
		}
		seen[code] = true
	}
	for range 1001 {
		seen[send(t, e, ask{}.tc3()).err.Code] = true
	}
	for _, code := range strings.Fields(commonCodes) {
		if !seen[code] {
			t.Errorf("%s: nothing here provokes it", code)
		}
	}
}
