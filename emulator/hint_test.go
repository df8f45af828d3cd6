package emulator_test

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"prowatch/emulator"
)

// resign replaces the signature of a request.
func resign(r *http.Request, signature string) *http.Request {
	before, _, _ := strings.Cut(r.Header.Get("Authorization"), "Signature=")
	r.Header.Set("Authorization", before+"Signature="+signature)
	return r
}

func signatureOf(r *http.Request) string {
	_, s, _ := strings.Cut(r.Header.Get("Authorization"), "Signature=")
	return s
}

// signedAs is how a was signed, sent as b.
func signedAs(a, b ask) *http.Request { return resign(b.tc3(), signatureOf(a.tc3())) }

func TestTheLogSaysWhatASignatureThatFailsWouldHaveMatched(t *testing.T) {
	e := atNoon(emulator.Options{
		Accounts: map[string]string{emulator.DefaultSecretID: emulator.DefaultSecretKey, "AKIDother": "other-key"}, Rate: -1,
	})
	raw, _ := hex.DecodeString(signatureOf(ask{}.tc3()))
	unescaped := ask{method: "GET"}.v1(nil)
	for n := 1; !strings.Contains(unescaped.URL.RawQuery, "%2B"); n++ {
		unescaped = ask{method: "GET"}.v1(map[string]string{"Nonce": fmt.Sprint(n)})
	}
	unescaped.URL.RawQuery = strings.ReplaceAll(unescaped.URL.RawQuery, "%2B", "+")
	for _, tt := range []struct {
		name string
		r    *http.Request
		want string // in the hint
	}{
		{"the cloud's host", signedAs(ask{host: "tcss.tencentcloudapi.com"}, ask{}), "signed for another host: tcss.tencentcloudapi.com"},
		{"the cloud's host and no body", signedAs(ask{host: "tcss.intl.tencentcloudapi.com"}, ask{body: "{}"}), "signed for another host: tcss.intl.tencentcloudapi.com; and signed another body than it sent: an empty one"},
		{"a key with a line break", ask{key: emulator.DefaultSecretKey + "\n"}.tc3(), "line break"},
		{"another account's key", ask{key: "other-key"}.tc3(), "another account, AKIDother"},
		{"no body hashed", signedAs(ask{}, ask{body: "{}"}), "an empty one"},
		{"blanks in the JSON", signedAs(ask{body: `{"a": 1, "b": "x,y"}`}, ask{body: `{"a":1,"b":"x,y"}`}), "as Python writes it"},
		{"another content type", signedAs(ask{media: "application/json; charset=utf-8"}, ask{}), `signed the content type "application/json; charset=utf-8" and sent "application/json"`},
		{"another service", signedAs(ask{service: "cvm"}, ask{}), `used the service "cvm"`},
		{"base64", resign(ask{}.tc3(), base64.StdEncoding.EncodeToString(raw)), "base64"},
		{"upper case", resign(ask{}.tc3(), strings.ToUpper(hex.EncodeToString(raw))), "upper-case hex"},
		{"a second earlier", signedAs(ask{at: noon.Add(-1e9)}, ask{}), "-1 s"},
		{"the older one with + unescaped", unescaped, "did not escape the +"},
		{"the older one for the cloud", func() *http.Request {
			r := ask{host: "tcss.tencentcloudapi.com", method: "GET"}.v1(nil)
			r.Host = "127.0.0.1:9900"
			return r
		}(), "signed for another host: tcss.tencentcloudapi.com"},
		{"the older one without its empty parameter", func() *http.Request {
			r := ask{method: "GET"}.v1(map[string]string{"Region": "", "Language": ""})
			r.URL.RawQuery += "&Region="
			return r
		}(), "left out the parameters that are empty"},
		{"the older one with another hash", ask{method: "GET"}.v1(map[string]string{"SignatureMethod": "HmacSHA256"}), "signed with HmacSHA1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := send(t, e, tt.r); got.err.Code != "AuthFailure.SignatureFailure" {
				t.Fatalf("answer = %v, want AuthFailure.SignatureFailure", got.err)
			}
			xs := e.Requests()
			s := xs[len(xs)-1].Signing
			if len(s.Hints) != 1 || !strings.Contains(s.Hints[0].Says, tt.want) {
				t.Fatalf("hints = %+v\nwant one with %q", s.Hints, tt.want)
			}
			if h := s.Hints[0]; h.StringToSign == "" {
				t.Errorf("hint = %+v, want the client's string to sign", h)
			}
		})
	}
}

func TestAKeyThatNoOneHasGivesNoHint(t *testing.T) {
	e := atNoon(emulator.Options{Rate: -1})
	big := ask{key: emulator.DefaultSecretKey + "\n", body: strings.Repeat(" ", 17<<10)} // Too dear to look into.
	for _, r := range []*http.Request{big.tc3(), ask{key: "nobody's"}.tc3(), ask{key: "nobody's"}.v1(nil), ask{}.tc3()} {
		e.ServeHTTP(discard{}, r)
	}
	for _, x := range e.Requests() {
		if len(x.Signing.Hints) != 0 {
			t.Errorf("hints = %+v, want none", x.Signing.Hints)
		}
	}
}

type discard struct{}

func (discard) Header() http.Header         { return http.Header{} }
func (discard) Write(b []byte) (int, error) { return len(b), nil }
func (discard) WriteHeader(int)             {}
