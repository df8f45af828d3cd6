package conformance

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	tcerr "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/errors"
	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/profile"
	tcss "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/tcss/v20201101"

	"prowatch/emulator"
)

// call is one request to be made with an SDK.
type call struct {
	Endpoint   string         `json:"endpoint"`
	Sign       string         `json:"sign"`
	Method     string         `json:"method"`
	ID         string         `json:"id"`
	Key        string         `json:"key"`
	Token      string         `json:"token,omitempty"`
	Service    string         `json:"service"`
	Action     string         `json:"action"`
	Parameters map[string]any `json:"parameters,omitempty"`
}

// outcome is what the SDK made of the answer.
type outcome struct {
	Code      string         `json:"code"`
	Message   string         `json:"message"`
	RequestID string         `json:"requestId"`
	Response  map[string]any `json:"response"`
}

// describe is a call with the right credentials.
func describe(endpoint, sign, method string) call {
	return call{Endpoint: endpoint, Sign: sign, Method: method, ID: emulator.DefaultSecretID, Key: emulator.DefaultSecretKey, Service: "tcss", Action: "DescribeProVersionInfo"}
}

// listen serves h and returns its port.
func listen(t *testing.T, h http.Handler) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL[strings.LastIndex(s.URL, ":")+1:]
}

// trial is a way to call and what must come of it.
type trial struct {
	name, port, key, want string
}

// trials are the right way, and three that the API must refuse. The three
// servers differ in what they do to a request, or in their clock.
func trials(t *testing.T) []trial {
	e := emulator.New(&emulator.Options{Rate: -1})
	late := emulator.New(&emulator.Options{Rate: -1, Now: func() time.Time { return time.Now().Add(6 * time.Minute) }})
	port := listen(t, e)
	return []trial{
		{"signed right", port, emulator.DefaultSecretKey, ""},
		{"a wrong secret", port, "another", "AuthFailure.SignatureFailure"},
		{"a changed byte", listen(t, tampering(e)), emulator.DefaultSecretKey, "AuthFailure.SignatureFailure"},
		{"an old timestamp", listen(t, late), emulator.DefaultSecretKey, "AuthFailure.SignatureExpire"},
	}
}

var nonce = regexp.MustCompile(`Nonce=\d+`)

// tampering changes one byte of what a signature covers: a digit of the nonce,
// or the last byte of a TC3 request's body or content type.
func tampering(next http.Handler) http.Handler {
	flip := func(s string) string { return s[:len(s)-1] + string(s[len(s)-1]^1) }
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		body := string(b)
		switch {
		case r.Header.Get("Authorization") == "":
			r.URL.RawQuery = nonce.ReplaceAllStringFunc(r.URL.RawQuery, flip)
			body = nonce.ReplaceAllStringFunc(body, flip)
		case body != "":
			body = flip(body)
		default:
			r.Header.Set("Content-Type", flip(r.Header.Get("Content-Type")))
		}
		r.Body = io.NopCloser(strings.NewReader(body))
		next.ServeHTTP(w, r)
	})
}

// each calls fn for every signature method and HTTP method.
func each(fn func(sign, method string)) {
	for _, sign := range []string{"TC3-HMAC-SHA256", "HmacSHA1", "HmacSHA256"} {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			fn(sign, method)
		}
	}
}

// judge compares an outcome with what a trial wants.
func (tr trial) judge(t *testing.T, c call, got outcome) {
	t.Helper()
	what := strings.Join([]string{tr.name, c.Sign, c.Method, c.Endpoint}, ", ")
	if got.Code != tr.want || (tr.want == "") != (got.Response["BuyStatus"] == "Normal") {
		t.Errorf("%s: %+v, want the code %q", what, got, tr.want)
	}
	if tr.want != "" && len(got.RequestID) != 36 {
		t.Errorf("%s: the request id is %q", what, got.RequestID)
	}
}

func TestTheNodeSDK(t *testing.T) {
	var calls []call
	var of []trial
	for _, tr := range trials(t) {
		each(func(sign, method string) {
			// The SDK takes the service from the first label, and signs the
			// host without its port.
			for _, host := range []string{"127.0.0.1", "tcss.localhost"} {
				c := describe(host+":"+tr.port, sign, method)
				c.Key = tr.key
				calls, of = append(calls, c), append(of, tr)
			}
		})
	}
	var got []outcome
	runNode(t, "sdk.js", calls, &got)
	for i := range got {
		of[i].judge(t, calls[i], got[i])
	}
	if len(got) != 4*6*2 {
		t.Errorf("%d outcomes, want 48", len(got))
	}
}

func TestTheGoSDK(t *testing.T) {
	for _, tr := range trials(t) {
		each(func(sign, method string) {
			for _, path := range []string{"", "/behind/a/proxy"} {
				c := describe("127.0.0.1:"+tr.port+path, sign, method)
				c.Key = tr.key
				tr.judge(t, c, goSDK(t, c))
			}
		})
	}
}

func goSDK(t *testing.T, c call) outcome {
	t.Helper()
	p := profile.NewClientProfile()
	p.HttpProfile.Scheme, p.HttpProfile.Endpoint, p.HttpProfile.ReqMethod = "HTTP", c.Endpoint, c.Method
	p.SignMethod, p.Language = c.Sign, "en-US"
	client, err := tcss.NewClient(common.NewTokenCredential(c.ID, c.Key, c.Token), "", p)
	if err != nil {
		t.Fatal(err)
	}
	info, err := client.DescribeProVersionInfo(nil)
	var refused *tcerr.TencentCloudSDKError
	if errors.As(err, &refused) {
		return outcome{Code: refused.Code, Message: refused.Message, RequestID: refused.RequestId}
	}
	if err != nil {
		return outcome{Code: err.Error()}
	}
	return outcome{Response: map[string]any{"BuyStatus": *info.Response.BuyStatus}}
}

// The tampering itself must change one byte and no more.
func TestTamperingChangesOneByte(t *testing.T) {
	for _, body := range []string{"{}", "Action=A&Nonce=" + strconv.Itoa(1<<40) + "&Version=v"} {
		var got []byte
		h := tampering(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got, _ = io.ReadAll(r.Body) }))
		r := httptest.NewRequest("POST", "/", bytes.NewReader([]byte(body)))
		if body == "{}" {
			r.Header.Set("Authorization", "TC3")
		}
		h.ServeHTTP(httptest.NewRecorder(), r)
		changed := 0
		for i := range got {
			if got[i] != body[i] {
				changed++
			}
		}
		if len(got) != len(body) || changed != 1 {
			t.Errorf("%q became %q", body, got)
		}
	}
}
