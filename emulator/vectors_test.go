package emulator_test

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"prowatch/emulator"
)

// The vendor publishes one request with three keys, two of them masked with
// asterisks and signed so all the same.
func TestThePublishedSignatureVectorsAreAccepted(t *testing.T) {
	const body = `{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}`
	for _, tt := range []struct {
		name, key, signed, hash, signature string
	}{
		{"the key of the current documents", "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE", "content-type;host",
			"5ffe6a04c0664d6b969fab9a13bdab201d63ee709638e2749d62a09ca18d7031", "72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168"},
		{"the key with seven asterisks", "Gu5t9xGARNpq86cd98joQYCN3*******", "content-type;host",
			"5ffe6a04c0664d6b969fab9a13bdab201d63ee709638e2749d62a09ca18d7031", "2230eefd229f582d8b1b891af7107b91597240707d778ab3738f756258d7652c"},
		{"the key of asterisks, with the action signed", strings.Repeat("*", 32), "content-type;host;x-tc-action",
			"7019a55be8395899b900fb5564e4200d984910f34794a27cb3fb7d10ff6a1e84", "10b1a37a7301a02ca19a647ad722d5e43b4b3cff309d421d85b46093f6ab6c4f"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			const id, stamp = "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", 1551113065
			e := emulator.New(&emulator.Options{
				Accounts: map[string]string{id: tt.key},
				Now:      func() time.Time { return time.Unix(stamp, 0) },
			})
			r := httptest.NewRequest("POST", "/", strings.NewReader(body))
			r.Host = "cvm.tencentcloudapi.com"
			r.Header.Set("Content-Type", "application/json; charset=utf-8")
			r.Header.Set("X-TC-Action", "DescribeInstances")
			r.Header.Set("X-TC-Version", "2017-03-12")
			r.Header.Set("X-TC-Timestamp", "1551113065")
			r.Header.Set("Authorization", "TC3-HMAC-SHA256 Credential="+id+"/2019-02-25/cvm/tc3_request, SignedHeaders="+tt.signed+", Signature="+tt.signature)
			got := send(t, e, r)
			if got.err.Code != "NoSuchProduct" { // Signed right, then of a product there is not.
				t.Errorf("answer = %v, want NoSuchProduct", got.err)
			}
			s := e.Requests()[0].Signing
			if s.CanonicalHash != tt.hash || !s.Verified {
				t.Errorf("signing = %+v\nwant hash %s, verified", s, tt.hash)
			}
		})
	}
}
