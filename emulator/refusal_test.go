package emulator_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"prowatch/emulator"
)

// edit signs a request and changes it afterwards.
func edit(r *http.Request, fn func(r *http.Request)) *http.Request {
	fn(r)
	return r
}

func auth(old, new string) func(r *http.Request) {
	return func(r *http.Request) {
		r.Header.Set("Authorization", strings.ReplaceAll(r.Header.Get("Authorization"), old, new))
	}
}

// again sends a header a second time.
func again(name string) func(r *http.Request) {
	return func(r *http.Request) { r.Header.Add(name, r.Header.Get(name)) }
}

const (
	repeated     = "InvalidParameter: Parameter `%s` input repeated."
	badSignature = "AuthFailure.SignatureFailure: The provided credentials could not be validated. Please check your signature is correct."
	expired      = "AuthFailure.SignatureExpire: The signature is expired, please request again."
	badForm      = "AuthFailure.InvalidAuthorization: The request `Authorization` header does not conform to tencentcloud standards: %s not valid."
	missing      = "MissingParameter: The request is missing a required parameter `%s`."
	missingTC3   = "MissingParameter: The request header is missing a required common parameter `%s`."
	noAction     = "InvalidAction: The request `Action` is invalid or not found."
	noVersion    = "NoSuchVersion: The specified api version=`2019-07-22` does not exist in service=`tcss`."
	unknown      = "UnknownParameter: The parameter `%s` is not recognized."
)

// check sends r and compares "Code: Message".
func check(t *testing.T, e *emulator.Emulator, r *http.Request, want string) {
	t.Helper()
	got := send(t, e, r)
	if s := got.err.Code + ": " + got.err.Message; s != want {
		t.Errorf("\n got %s\nwant %s", s, want)
	}
	if len(got.Response) != 2 {
		t.Errorf("Response = %v, want an error and nothing else", got.Response)
	}
}

func TestTC3Refusals(t *testing.T) {
	e := atNoon(emulator.Options{Rate: -1})
	for _, tt := range []struct {
		name string
		r    *http.Request
		want string
	}{
		{"wrong key", ask{key: "wrong"}.tc3(), badSignature},
		{"a changed byte in the body", edit(ask{body: "{}"}.tc3(), func(r *http.Request) { r.Body = http.NoBody }), badSignature},
		{"a changed query", edit(ask{method: "GET"}.tc3(), func(r *http.Request) { r.URL.RawQuery = "A=b" }), badSignature},
		{"another host", edit(ask{}.tc3(), func(r *http.Request) { r.Host = "127.0.0.2:9900" }), badSignature},
		{"another timestamp", edit(ask{}.tc3(), func(r *http.Request) { r.Header.Set("X-TC-Timestamp", fmt.Sprint(noon.Unix()+1)) }), badSignature},
		{"another content type", edit(ask{}.tc3(), func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }), badSignature},
		{"a hash that is not the body's", ask{payload: sha("other")}.tc3(), "InvalidParameterValue: The value specified in `X-TC-Content-SHA256` is not correct."},
		{"six minutes ago", ask{at: noon.Add(-6 * time.Minute)}.tc3(), expired},
		{"six minutes ahead", ask{at: noon.Add(6 * time.Minute)}.tc3(), expired},
		{"the end of time", ask{header: map[string]string{"X-TC-Timestamp": "18446744073709551615"}}.tc3(), expired},
		{"unknown account", ask{id: "AKIDother"}.tc3(), "AuthFailure.SecretIdNotFound: The SecretId is not found, please ensure that your SecretId is correct."},
		{"another algorithm", edit(ask{}.tc3(), auth("TC3-HMAC-SHA256", "AWS4-HMAC-SHA256")), fmt.Sprintf(badForm, "`Algorithm`")},
		{"no signing at all", ask{header: map[string]string{"Authorization": "SKIP"}}.tc3(), fmt.Sprintf(badForm, "`Algorithm`")},
		{"another ending of the scope", edit(ask{}.tc3(), auth("tc3_request", "aws4_request")), fmt.Sprintf(badForm, "`Credential`")},
		{"another service", ask{service: "cvm"}.tc3(), fmt.Sprintf(badForm, "`Service` in Credential")},
		{"the scope of another day", ask{date: "2026-02-28"}.tc3(), fmt.Sprintf(badForm, "`Date` in Credential")},
		{"the host not signed", edit(ask{}.tc3(), auth("content-type;host", "content-type")), fmt.Sprintf(badForm, "`SignedHeaders`")},
		{"a header signed that is not there", edit(ask{}.tc3(), auth(";host", ";host;x-none")), fmt.Sprintf(badForm, "`SignedHeaders`")},
		{"no signature", edit(ask{}.tc3(), auth("Signature=", "Sig=")), fmt.Sprintf(badForm, "`Signature`")},
		{"signed headers out of order", edit(ask{}.tc3(), auth("content-type;host", "host;content-type")), fmt.Sprintf(badForm, "`SignedHeaders`")},
		{"a header signed twice", edit(ask{}.tc3(), auth("content-type;host", "content-type;host;host")), fmt.Sprintf(badForm, "`SignedHeaders`")},
		{"a comma at the end", edit(ask{}.tc3(), func(r *http.Request) { r.Header.Set("Authorization", r.Header.Get("Authorization")+",") }), fmt.Sprintf(badForm, "`Signature`")},
		{"two actions", edit(ask{}.tc3(), again("X-TC-Action")), fmt.Sprintf(repeated, "X-TC-Action")},
		{"two timestamps", edit(ask{}.tc3(), again("X-TC-Timestamp")), fmt.Sprintf(repeated, "X-TC-Timestamp")},
		{"two authorizations", edit(ask{}.tc3(), again("Authorization")), fmt.Sprintf(repeated, "Authorization")},
		{"no action", ask{header: map[string]string{"X-TC-Action": ""}}.tc3(), fmt.Sprintf(missingTC3, "X-TC-Action")},
		{"no version", ask{header: map[string]string{"X-TC-Version": ""}}.tc3(), fmt.Sprintf(missingTC3, "X-TC-Version")},
		{"no timestamp", ask{header: map[string]string{"X-TC-Timestamp": ""}}.tc3(), fmt.Sprintf(missingTC3, "X-TC-Timestamp")},
		{"no authorization", ask{header: map[string]string{"Authorization": ""}}.tc3(), fmt.Sprintf(missingTC3, "Authorization")},
		{"a timestamp that is no number", ask{header: map[string]string{"X-TC-Timestamp": "now"}}.tc3(), "InvalidParameter: Parameter `X-TC-Timestamp` type error."},
		{"a language there is not", ask{language: "fr-FR"}.tc3(), "InvalidParameterValue: A value specified in `X-TC-Language` is not valid, is unsupported, or cannot be used."},
		{"unknown action", ask{action: "DescribeNothing"}.tc3(), noAction},
		{"unknown version", ask{version: "2019-07-22"}.tc3(), noVersion},
		{"unknown parameter", ask{body: `{"Limit":1}`}.tc3(), fmt.Sprintf(unknown, "Limit")},
		{"unknown parameter of a GET", ask{method: "GET", query: "Limit=1"}.tc3(), fmt.Sprintf(unknown, "Limit")},
		{"the action in the query", ask{method: "GET", query: "Action=DescribeProVersionInfo"}.tc3(), fmt.Sprintf(unknown, "Action")},
		{"a query without =", ask{method: "GET", query: "Limit"}.tc3(), "InvalidParameter: Url key and value should be splited by `=`."},
		{"a body that is no JSON", ask{body: "<html>"}.tc3(), "InvalidParameter: The request content not valid json format for specified content-type=application/json."},
		{"a body that is no object", ask{body: "null"}.tc3(), "InvalidParameter: The request content not valid json format for specified content-type=application/json."},
		{"a form signed with TC3", ask{media: "application/x-www-form-urlencoded"}.tc3(), "InvalidParameterValue: A value specified in `Content-Type` is not valid, is unsupported, or cannot be used."},
		{"another method", ask{method: "PUT"}.tc3(), "UnsupportedProtocol: HTTP(S) request protocol error; only GET and POST requests are supported."},
		{"a GET over 32 KB", ask{method: "GET", query: "A=" + strings.Repeat("a", 32<<10)}.tc3(), "RequestSizeLimitExceeded: Your current request size exceed  max 32768B, but your 32772B."},
		{"a POST over 10 MB", ask{body: strings.Repeat(" ", 10<<20+1)}.tc3(), "RequestSizeLimitExceeded: Your current request size exceed  max 10485760B, but your 10485761B."},
		{"in Chinese", ask{language: "zh-CN", key: "wrong"}.tc3(), "AuthFailure.SignatureFailure: 请求签名验证失败，请检查您的签名计算是否正确。"},
	} {
		t.Run(tt.name, func(t *testing.T) { check(t, e, tt.r, tt.want) })
	}
}

func TestOlderSignatureRefusals(t *testing.T) {
	e := atNoon(emulator.Options{Rate: -1})
	get := ask{method: "GET"}
	set := func(k, v string) map[string]string { return map[string]string{k: v} }
	for _, tt := range []struct {
		name string
		r    *http.Request
		want string
	}{
		{"wrong key", ask{key: "wrong"}.v1(nil), badSignature},
		{"a parameter added after signing", edit(get.v1(nil), func(r *http.Request) { r.URL.RawQuery += "&A=b" }), badSignature},
		{"an empty parameter taken away", edit(get.v1(nil), func(r *http.Request) {
			r.URL.RawQuery = strings.Replace(r.URL.RawQuery, "&Region=", "", 1)
		}), badSignature},
		{"another path", edit(get.v1(nil), func(r *http.Request) { r.URL.Path = "/x" }), badSignature},
		{"the other hash", edit(get.v1(set("SignatureMethod", "HmacSHA256")), func(*http.Request) {}), badSignature},
		{"six minutes ago", ask{at: noon.Add(-6 * time.Minute)}.v1(nil), expired},
		{"six minutes ahead", ask{at: noon.Add(6 * time.Minute)}.v1(nil), expired},
		{"unknown account", ask{id: "AKIDother"}.v1(nil), "AuthFailure.SecretIdNotFound: The SecretId is not found, please ensure that your SecretId is correct."},
		{"nothing at all", httptest.NewRequest("GET", "/", nil), fmt.Sprintf(missing, "Action")},
		{"no version", get.v1(set("Version", "")), fmt.Sprintf(missing, "Version")},
		{"no timestamp", get.v1(set("Timestamp", "")), fmt.Sprintf(missing, "Timestamp")},
		{"no nonce", get.v1(set("Nonce", "")), fmt.Sprintf(missing, "Nonce")},
		{"no account", get.v1(set("SecretId", "")), fmt.Sprintf(missing, "SecretId")},
		{"a nonce that is no number", get.v1(set("Nonce", "x")), "InvalidParameter: Parameter `Nonce` type error."},
		{"a nonce below zero", get.v1(set("Nonce", "-1")), "InvalidParameter: Parameter `Nonce` type error."},
		{"a nonce of zero", get.v1(set("Nonce", "0")), "InvalidParameterValue: A value specified in `Nonce` is not valid, is unsupported, or cannot be used."},
		{"a hash there is not", get.v1(set("SignatureMethod", "HmacMD5")), "InvalidParameterValue: A value specified in `SignatureMethod` is not valid, is unsupported, or cannot be used."},
		{"unknown action", ask{action: "DescribeNothing"}.v1(nil), noAction},
		{"unknown version", ask{version: "2019-07-22"}.v1(nil), noVersion},
		{"unknown parameter", ask{}.v1(set("Filters.0.Name", "a")), fmt.Sprintf(unknown, "Filters.0.Name")},
		{"a parameter twice", edit(get.v1(nil), func(r *http.Request) { r.URL.RawQuery += "&Nonce=1" }), "InvalidParameter: Parameter `Nonce` input repeated."},
		{"a parameter without a name", edit(get.v1(nil), func(r *http.Request) { r.URL.RawQuery += "&=1" }), "InvalidParameter: The request has a parameter key which is empty string."},
		{"a parameter without =", edit(get.v1(nil), func(r *http.Request) { r.URL.RawQuery += "&A" }), "InvalidParameter: Url key and value should be splited by `=`."},
		{"a bad escape", edit(get.v1(nil), func(r *http.Request) { r.URL.RawQuery += "&A=%zz" }), "InvalidParameter: Parameter `A` format invalid."},
		{"the query of a POST", edit(ask{}.v1(nil), func(r *http.Request) { r.URL.RawQuery = "A=b"; r.Body = http.NoBody }), fmt.Sprintf(missing, "Action")},
		{"a POST over 1 MB", ask{}.v1(set("A", strings.Repeat("a", 1<<20))), "AuthFailure.SignatureFailure: The provided credentials could not be validated because of exceeding request size limit, please use new signature method `TC3-HMAC-SHA256`."},
		{"in Chinese", ask{language: "zh-CN", id: "AKIDother"}.v1(nil), "AuthFailure.SecretIdNotFound: SecretId不存在，请输入正确的密钥。"},
	} {
		t.Run(tt.name, func(t *testing.T) { check(t, e, tt.r, tt.want) })
	}
}

func TestFiveMinutesAreWithinTheSkew(t *testing.T) {
	e := atNoon(emulator.Options{})
	for _, d := range []time.Duration{-5 * time.Minute, 5 * time.Minute} {
		if got := send(t, e, ask{at: noon.Add(d)}.tc3()); got.err.Code != "" {
			t.Errorf("%s: %v", d, got.err)
		}
	}
}

func TestASigningKeyLastsNoLongerThanItsDayAndItsSecret(t *testing.T) {
	now := noon
	e := emulator.New(&emulator.Options{Now: func() time.Time { return now }})
	for _, d := range []time.Duration{0, 24 * time.Hour, 0} {
		now = noon.Add(d)
		if got := send(t, e, ask{at: now}.tc3()); got.err.Code != "" {
			t.Errorf("%s later: %v", d, got.err)
		}
	}
	if err := e.SetAccount(emulator.DefaultSecretID, "another", ""); err != nil {
		t.Fatal(err)
	}
	check(t, e, ask{}.tc3(), badSignature)
	if got := send(t, e, ask{key: "another"}.tc3()); got.err.Code != "" {
		t.Errorf("with its new key: %v", got.err)
	}
}

func TestAnUnsignedPayloadMayChange(t *testing.T) {
	e := atNoon(emulator.Options{})
	r := ask{body: "{}", payload: "UNSIGNED-PAYLOAD"}.tc3()
	r.Body = http.NoBody
	if got := send(t, e, r); got.err.Code != "" {
		t.Errorf("answer = %v, want none of it", got.err)
	}
}

func TestTheRateIsCountedByAccountAndSecond(t *testing.T) {
	now := noon
	e := emulator.New(&emulator.Options{
		Accounts: map[string]string{"a": "ka", "b": "kb"},
		Now:      func() time.Time { return now },
	})
	for i := range 20 {
		if got := send(t, e, ask{id: "a", key: "ka"}.tc3()); got.err.Code != "" {
			t.Fatalf("request %d: %v", i+1, got.err)
		}
	}
	check(t, e, ask{id: "a", key: "ka"}.tc3(), "RequestLimitExceeded: Your current request times equals to `21` in a second, which exceeds the frequency limit `20` for a second. Please reduce the frequency of calls.")
	check(t, e, ask{id: "a", key: "ka", language: "zh-CN"}.tc3(), "RequestLimitExceeded: 您当前每秒请求 `22` 次，超过了每秒频率上限 `20`，请稍后重试。")
	if got := send(t, e, ask{id: "b", key: "kb"}.tc3()); got.err.Code != "" {
		t.Errorf("another account: %v", got.err)
	}
	now = now.Add(time.Second)
	if got := send(t, e, ask{id: "a", key: "ka"}.tc3()); got.err.Code != "" {
		t.Errorf("a second later: %v", got.err)
	}
}

func TestNoRateIsNoLimit(t *testing.T) {
	e := atNoon(emulator.Options{Rate: -1})
	for i := range 50 {
		if got := send(t, e, ask{}.tc3()); got.err.Code != "" {
			t.Fatalf("request %d: %v", i+1, got.err)
		}
	}
}
