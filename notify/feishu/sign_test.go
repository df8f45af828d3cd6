package feishu

import (
	"testing"
	"time"
)

// TestSignature holds the signature against Python's:
//
//	python3 -c 'import base64,hmac; print(base64.b64encode(hmac.new(b"1700000000\nmysecret", b"", "sha256").digest()).decode())'
func TestSignature(t *testing.T) {
	stamp, signature := sign(time.Unix(1700000000, 999_999_999), "mysecret")
	if want := "Jp33/xXhCipDEpjyHvEyc7mRSyXWHbNz6J8+C3qQKNo="; stamp != "1700000000" || signature != want {
		t.Errorf("sign = %q, %q, want 1700000000, %q", stamp, signature, want)
	}
	if stamp, signature := sign(time.Unix(1700000000, 0), ""); stamp+signature != "" {
		t.Errorf("without a secret sign = %q, %q, want nothing", stamp, signature)
	}
}
