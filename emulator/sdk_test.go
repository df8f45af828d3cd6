package emulator_test

import (
	"errors"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	tcerr "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/errors"
	tchttp "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/http"
	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/profile"
	tcss "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/tcss/v20201101"

	"prowatch/emulator"
)

// serve starts an emulator on a port of its own and returns its host:port.
func serve(t testing.TB, e *emulator.Emulator) string {
	t.Helper()
	s := httptest.NewServer(e)
	t.Cleanup(s.Close)
	return strings.TrimPrefix(s.URL, "http://")
}

// dial returns a profile of the official SDK for an endpoint.
func dial(endpoint, sign, method string) *profile.ClientProfile {
	p := profile.NewClientProfile()
	p.HttpProfile.Scheme = "HTTP"
	p.HttpProfile.Endpoint = endpoint
	p.HttpProfile.ReqMethod = method
	p.SignMethod = sign
	p.Language = "en-US"
	return p
}

func eachWay(t *testing.T, fn func(t *testing.T, sign, method string)) {
	for _, sign := range []string{"TC3-HMAC-SHA256", "HmacSHA1", "HmacSHA256"} {
		for _, method := range []string{"GET", "POST"} {
			t.Run(sign+" "+method, func(t *testing.T) { fn(t, sign, method) })
		}
	}
}

func TestTheOfficialSDKReadsBothActions(t *testing.T) {
	endpoint := serve(t, emulator.New(&emulator.Options{Rate: -1}))
	eachWay(t, func(t *testing.T, sign, method string) {
		cred := common.NewCredential(emulator.DefaultSecretID, emulator.DefaultSecretKey)
		for _, path := range []string{"", "/", "/behind/a/proxy"} {
			c, err := tcss.NewClient(cred, "", dial(endpoint+path, sign, method))
			if err != nil {
				t.Fatal(err)
			}
			info, err := c.DescribeProVersionInfo(nil)
			if err != nil {
				t.Fatalf("path %q: %v", path, err)
			}
			r := info.Response
			if *r.EndTime != "2021-05-01 00:00:00" || *r.StartTime != "2021-05-31 00:00:00" || *r.CoresCnt != 1 ||
				*r.MaxPostPayCoresCnt != 1 || *r.ResourceId != "xx" || *r.BuyStatus != "Normal" || *r.IsPurchased {
				t.Errorf("path %q: answer = %s, want the documented example", path, info.ToJsonString())
			}
			state, err := c.DescribePurchaseStateInfo(nil)
			if err != nil {
				t.Fatalf("path %q: %v", path, err)
			}
			if s := state.Response; *s.State != 3 || *s.ExpirationTime != *r.EndTime {
				t.Errorf("path %q: state = %s, want the paid edition", path, state.ToJsonString())
			}
		}
	})
}

func TestTheOfficialCommonClientReadsTheResponse(t *testing.T) {
	endpoint := serve(t, emulator.New(&emulator.Options{Rate: -1}))
	eachWay(t, func(t *testing.T, sign, method string) {
		for _, unsigned := range []bool{false, true} {
			p := dial(endpoint, sign, method)
			p.UnsignedPayload = unsigned
			cred := common.NewCredential(emulator.DefaultSecretID, emulator.DefaultSecretKey)
			c := common.NewCommonClient(cred, "ap-singapore", p)
			rsp := tchttp.NewCommonResponse()
			if err := c.Send(tchttp.NewCommonRequest("tcss", "2020-11-01", "DescribeProVersionInfo"), rsp); err != nil {
				t.Fatal(err)
			}
			if b := string(rsp.GetBody()); !strings.Contains(b, `"BuyStatus":"Normal"`) {
				t.Errorf("body = %s, want the edition", b)
			}
		}
	})
}

func TestTheOfficialSDKSeesErrorsAsTheServiceGivesThem(t *testing.T) {
	endpoint := serve(t, emulator.New(&emulator.Options{Rate: -1}))
	eachWay(t, func(t *testing.T, sign, method string) {
		p := dial(endpoint, sign, method)
		p.Language = "zh-CN"
		c, _ := tcss.NewClient(common.NewCredential(emulator.DefaultSecretID, "another"), "", p)
		_, err := c.DescribeProVersionInfo(nil)
		var got *tcerr.TencentCloudSDKError
		if !errors.As(err, &got) || got.Code != "AuthFailure.SignatureFailure" || got.RequestId == "" ||
			got.Message != "请求签名验证失败，请检查您的签名计算是否正确。" {
			t.Errorf("error = %v, want AuthFailure.SignatureFailure in Chinese", err)
		}
	})
}

func TestTemporaryCredentialsNeedTheirToken(t *testing.T) {
	endpoint := serve(t, emulator.New(&emulator.Options{
		Accounts: map[string]string{"AKIDtmp": "tmp-key", "AKIDown": "own-key"},
		Tokens:   map[string]string{"AKIDtmp": "right+/=&token"},
		Rate:     -1,
	}))
	eachWay(t, func(t *testing.T, sign, method string) {
		for _, tt := range []struct {
			name, id, key, token, want string
		}{
			{"the right token", "AKIDtmp", "tmp-key", "right+/=&token", ""},
			{"a wrong token", "AKIDtmp", "tmp-key", "wrong", "AuthFailure.TokenFailure"},
			{"no token", "AKIDtmp", "tmp-key", "", "AuthFailure.TokenFailure"},
			{"a token with a permanent key", "AKIDown", "own-key", "any", "AuthFailure.TokenFailure"},
		} {
			c, _ := tcss.NewClient(common.NewTokenCredential(tt.id, tt.key, tt.token), "", dial(endpoint, sign, method))
			_, err := c.DescribeProVersionInfo(nil)
			var got *tcerr.TencentCloudSDKError
			if errors.As(err, &got); got == nil && tt.want != "" || got != nil && got.Code != tt.want {
				t.Errorf("%s: error = %v, want %q", tt.name, err, tt.want)
			}
		}
	})
}

// The Node SDK signs the host without its port and takes the service from the
// endpoint's first label.
func TestAHostSignedWithoutItsPortIsAccepted(t *testing.T) {
	e := atNoon(emulator.Options{})
	for _, host := range []string{"tcss.localhost", "127.0.0.1", "localhost"} {
		service, _, _ := strings.Cut(host, ".")
		r := ask{host: host, service: service}.tc3()
		r.Host = host + ":9900"
		if got := send(t, e, r); got.err.Code != "" {
			t.Errorf("TC3, %s: %v", host, got.err)
		}
		r = ask{host: host}.v1(nil)
		r.Host = host + ":9900"
		if got := send(t, e, r); got.err.Code != "" {
			t.Errorf("v1, %s: %v", host, got.err)
		}
	}
}

func TestTheDocumentedGETWorks(t *testing.T) {
	e := atNoon(emulator.Options{})
	r := ask{method: "GET", host: "tcss.intl.tencentcloudapi.com"}.v1(nil)
	if q, _ := url.ParseQuery(r.URL.RawQuery); q.Get("Action") != "DescribeProVersionInfo" {
		t.Fatalf("query = %s, want the action in it", r.URL.RawQuery)
	}
	if got := send(t, e, r); got.err.Code != "" || got.Response["BuyStatus"] != "Normal" {
		t.Errorf("answer = %v", got)
	}
}
