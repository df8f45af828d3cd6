package emulator_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strings"
	"testing"

	"prowatch/emulator"
)

func TestTheRequestLogShowsHowARefusedRequestWasSigned(t *testing.T) {
	e := atNoon(emulator.Options{})
	send(t, e, ask{key: "wrong", body: "{}"}.tc3())
	xs := e.Requests()
	if len(xs) != 1 {
		t.Fatalf("requests = %v, want one", xs)
	}
	x := xs[0]
	wantCanonical := "POST\n/\n\ncontent-type:application/json\nhost:127.0.0.1:9900\n\ncontent-type;host\n" + sha("{}")
	wantToSign := "TC3-HMAC-SHA256\n1772366400\n2026-03-01/tcss/tc3_request\n" + sha(wantCanonical)
	if s := x.Signing; s.CanonicalRequest != wantCanonical || s.StringToSign != wantToSign || s.Verified || s.SecretID != emulator.DefaultSecretID {
		t.Errorf("signing = %+v\nwant %q\nand %q", s, wantCanonical, wantToSign)
	}
	if a := x.Answer; a.Code != "AuthFailure.SignatureFailure" || a.Status != 200 || !strings.Contains(a.Body, a.RequestID) {
		t.Errorf("answer = %+v", a)
	}
	if r := x.Request; r.Action != "DescribeProVersionInfo" || r.Body != "{}" || r.Header["X-Tc-Version"] != "2020-11-01" {
		t.Errorf("request = %+v", r)
	}
}

func TestTheRequestLogShowsTheOlderStringToSign(t *testing.T) {
	e := atNoon(emulator.Options{})
	send(t, e, ask{method: "GET"}.v1(nil))
	s := e.Requests()[0].Signing
	want := "GET127.0.0.1:9900/?Action=DescribeProVersionInfo&Language=&Nonce=9223372036854775807&Region=&SecretId=AKIDEMULATOR&Timestamp=1772366400&Version=2020-11-01"
	if s.StringToSign != want || s.Method != "HmacSHA1" || !s.Verified {
		t.Errorf("signing = %+v\nwant %q", s, want)
	}
}

func TestTheRequestLogHoldsNoSecret(t *testing.T) {
	const key, token = "Secret+Key/0=", "Secret+Token/0&="
	e := atNoon(emulator.Options{
		Accounts: map[string]string{"AKIDtmp": key}, Tokens: map[string]string{"AKIDtmp": token}, Rate: -1,
	})
	tmp := ask{id: "AKIDtmp", key: key, token: token}
	get := ask{id: "AKIDtmp", key: key, method: "GET"}
	inBody, inQuery := tmp, get
	inBody.body = fmt.Sprintf(`{"SecretKey":%q,"Token":%q}`, key, token)
	inQuery.query = "SecretKey=" + url.QueryEscape(key)
	inQuery.token = token
	send(t, e, tmp.tc3())
	send(t, e, inBody.tc3())
	send(t, e, inQuery.tc3())
	send(t, e, tmp.v1(map[string]string{"Token": token}))
	send(t, e, get.v1(map[string]string{"Token": token, "SecretKey": key}))
	send(t, e, get.v1(map[string]string{"Token": "Secret+wrong"})) // Another's, perhaps.
	foreign, slipped := tmp, get
	foreign.token, slipped.key = "Secret+wrong", key+"\n"
	send(t, e, foreign.tc3())
	send(t, e, slipped.v1(map[string]string{"Token": token})) // With a hint.
	send(t, e, httptest.NewRequest("GET", "/?Token=Secret%2bwrong&no-equals", nil))
	send(t, e, tmp.v1(map[string]string{"Token": token, "A": strings.Repeat("a", 1<<20)}))
	log := set(t, e, "GET", "requests", "") + fmt.Sprintf("%+v", e.Requests())
	for _, s := range []string{key, token, "Secret+wrong", "Secret%2bwrong"} {
		for _, form := range []string{s, url.QueryEscape(s), strings.ToLower(s)} {
			if strings.Contains(log, form) {
				t.Errorf("the log holds %q", form)
			}
		}
	}
	if !strings.Contains(log, "line break") {
		t.Error("the log has no hint that could hold a secret")
	}
	if !strings.Contains(log, "***") {
		t.Error("the log says nothing of the masked secrets")
	}
}

func TestTheRequestLogKeepsTheLastThousand(t *testing.T) {
	e := atNoon(emulator.Options{Rate: -1})
	for i := range 1003 {
		send(t, e, ask{action: fmt.Sprintf("Action%d", i)}.tc3())
	}
	xs := e.Requests()
	if len(xs) != 1000 || xs[0].Request.Action != "Action3" || xs[999].Request.Action != "Action1002" {
		t.Errorf("%d requests, %s to %s; want 1000, Action3 to Action1002", len(xs), xs[0].Request.Action, xs[len(xs)-1].Request.Action)
	}
	set(t, e, "DELETE", "requests", "")
	if s := set(t, e, "GET", "requests", ""); strings.TrimSpace(s) != "[]" {
		t.Errorf("requests = %s, want none", s)
	}
}

func TestTheRequestLogCutsLongTexts(t *testing.T) {
	e := atNoon(emulator.Options{})
	send(t, e, ask{body: `{"A":"` + strings.Repeat("é", 1<<20) + `"}`}.tc3())
	if n := len(e.Requests()[0].Request.Body); n > 5<<10 {
		t.Errorf("the body takes %d bytes in the log, want at most 5 KB", n)
	}
}

// heap is how many bytes live.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// Whoever reaches the port may ask, unsigned, with texts of any length.
func TestTheRequestLogStaysSmallWhateverIsAsked(t *testing.T) {
	long := strings.Repeat("é", 12<<10)
	e := atNoon(emulator.Options{Rate: -1})
	asks := []func() *http.Request{
		func() *http.Request { return httptest.NewRequest("POST", "/", strings.NewReader(long)) },
		func() *http.Request {
			r := httptest.NewRequest("GET", "/"+strings.Repeat("p", 1000), nil)
			r.Method, r.Host = long, long
			for i := range 50 {
				r.Header.Set(fmt.Sprintf("X-TC-%d", i), long)
			}
			return r
		},
		func() *http.Request {
			return ask{id: long, host: long, key: "wrong", token: long, action: long, media: long}.tc3()
		},
		func() *http.Request { return edit(ask{}.tc3(), auth("Signature=", "Signature="+long)) },
		func() *http.Request { return edit(ask{}.tc3(), auth("SignedHeaders=", "SignedHeaders="+long+";")) },
		func() *http.Request { return ask{body: `{"` + long + `":1}`}.tc3() },
		func() *http.Request { return ask{key: "wrong\n", media: long, body: long}.tc3() },
		func() *http.Request {
			return ask{key: "wrong", token: long, action: long}.v1(map[string]string{"A": long, long: ""})
		},
		func() *http.Request { return ask{version: long}.v1(map[string]string{"Token": long}) },
	}
	before := heap()
	for i := range 1000 {
		func() {
			defer func() { _ = recover() }()
			e.ServeHTTP(httptest.NewRecorder(), asks[i%len(asks)]())
		}()
	}
	if grown := int64(heap()) - int64(before); len(e.Requests()) != 1000 || grown > 20<<20 {
		t.Errorf("%d requests take %d KB, want 1000 within 20 MB", len(e.Requests()), grown>>10)
	}
	for _, x := range e.Requests() {
		if b, _ := json.Marshal(x); len(b) > 64<<10 {
			t.Errorf("one takes %d bytes: %.300s", len(b), b)
			break
		}
	}
}

func TestACutLeavesNoBeginningOfASecret(t *testing.T) {
	const key = "SecretKeyOfTheAccount"
	e := atNoon(emulator.Options{Accounts: map[string]string{"AKIDown": key}, Rate: -1})
	for n := range len(key) {
		send(t, e, ask{id: "AKIDown", key: key, body: strings.Repeat("x", 4096-n) + key + "rest"}.tc3())
		send(t, e, ask{id: "AKIDown", key: key, action: strings.Repeat("x", 512-n) + key}.tc3())
	}
	for _, x := range e.Requests() {
		if strings.Contains(x.Request.Body+x.Request.Action+fmt.Sprint(x.Request.Header), "xS") {
			t.Fatalf("kept %q, %q", x.Request.Body[4000:], x.Request.Action)
		}
	}
}

func TestTheRequestLogHidesABearer(t *testing.T) {
	e := atNoon(emulator.Options{})
	send(t, e, ask{header: map[string]string{"Authorization": "bearer an-admin-token"}}.tc3())
	if got := e.Requests()[0].Request.Header["Authorization"]; got != "bearer ***" {
		t.Errorf("Authorization = %q", got)
	}
}
