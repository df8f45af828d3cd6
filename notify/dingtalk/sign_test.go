package dingtalk

import (
	"net/url"
	"testing"
	"time"
)

// TestSignature holds the signature against openssl's and Python's:
//
//	printf '1700000000000\nSECmysecret' | openssl dgst -sha256 -hmac SECmysecret -binary | base64
//	python3 -c 'import base64,hmac; s="SECmysecret"; print(base64.b64encode(hmac.new(s.encode(), f"1700000000000\n{s}".encode(), "sha256").digest()).decode())'
func TestSignature(t *testing.T) {
	for stamp, want := range map[string]string{
		"1700000000000": "McH3SmkWFUTCNjuS7zCvruTdpqzVEXRyYB44lIqcsFg=",
		"1795482420011": "/6TmEhBTAa/2M79xRSnuM1cQnwdR1V7qpbIphEg+U8o=",
	} {
		if got := sign(stamp, "SECmysecret"); got != want {
			t.Errorf("the signature at %s is %q, want %q", stamp, got, want)
		}
	}
}

func TestTheSignatureIsEncodedOnce(t *testing.T) {
	u, err := url.Parse("https://oapi.dingtalk.com/robot/send?access_token=t")
	if err != nil {
		t.Fatal(err)
	}
	want := "access_token=t&sign=%2F6TmEhBTAa%2F2M79xRSnuM1cQnwdR1V7qpbIphEg%2BU8o%3D&timestamp=1795482420011"
	if got := signed(u, time.UnixMilli(1795482420011), "SECmysecret").RawQuery; got != want {
		t.Errorf("the query is %q, want %q", got, want)
	}
	if got := signed(u, time.Now(), "").RawQuery; got != "access_token=t" {
		t.Errorf("without a secret the query is %q, want it unchanged", got)
	}
}
