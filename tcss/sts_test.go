package tcss

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"prowatch/emulator"
	"prowatch/watch"
)

const testRole = "qcs::cam::uin/100000000001:roleName/prowatch"

// hub has an emulator with testKey, a member that it may assume a role in with
// the external id ext-1, an organisation of members and a secret; and options
// to ask it.
func hub(t *testing.T, members int) (*emulator.Emulator, Options) {
	t.Helper()
	org := emulator.Organization{Account: testKey.SecretID, UIN: 100000000000}
	for i := range members {
		org.Members = append(org.Members, emulator.Member{UIN: int64(200000000000 + i), Name: fmt.Sprint("team ", i), Department: "labs"})
	}
	e := emulator.New(&emulator.Options{
		Accounts:     map[string]string{testKey.SecretID: testKey.SecretKey, "AKIDmember": "member-key", "AKIDstranger": "stranger-key"},
		Tokens:       map[string]string{testKey.SecretID: testKey.Token},
		Roles:        map[string]emulator.Role{testRole: {Account: "AKIDmember", ExternalID: "ext-1", Trusts: []string{testKey.SecretID}}},
		Organization: org, Secrets: map[string]string{"prowatch/v1": "SecretCanary-0123"}, Rate: -1,
	})
	srv := httptest.NewServer(e)
	t.Cleanup(srv.Close)
	return e, Options{Credentials: Static(testKey), Beside: srv.URL, Attempts: 1, Rand: func() float64 { return 0 }}
}

func openSTS(t *testing.T, o Options) *STS {
	t.Helper()
	s, err := NewSTS(o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestAnAssumedKeyActsForTheRolesAccount(t *testing.T) {
	e, o := hub(t, 0)
	if err := e.SetEdition("AKIDmember", emulator.Edition{"BuyStatus": "Isolate"}); err != nil {
		t.Fatal(err)
	}
	l, err := openSTS(t, o).AssumeRole(t.Context(), Role{ARN: testRole, ExternalID: "ext-1", Session: SessionName("a b/ä")})
	if err != nil {
		t.Fatal(err)
	}
	if left := time.Until(l.Ends); left < roleLife-time.Minute || left > roleLife {
		t.Errorf("it lasts %s, want %s", left, roleLife)
	}
	r, err := open(t, Options{Credentials: Static(l.Credentials), Endpoint: o.Beside}).Read(t.Context())
	if err != nil || r.Status != watch.Isolate {
		t.Errorf("the member says %+v, %v", r, err)
	}
	if body := e.Requests()[0].Request.Body; !strings.Contains(body, `"RoleSessionName":"prowatch-a-b--"`) || !strings.Contains(body, `"DurationSeconds":7200`) {
		t.Errorf("asked %s", body)
	}
}

func TestARoleThatIsNotHadSaysWhichAndWhy(t *testing.T) {
	e, o := hub(t, 0)
	role := Role{ARN: testRole, ExternalID: "ext-1", Session: "prowatch"}
	for _, tt := range []struct {
		name  string
		with  func(*Options, *Role)
		fault *emulator.Fault
		class watch.Class
		text  string
	}{
		{"another external id", func(_ *Options, r *Role) { r.ExternalID = "ext-2" }, nil, watch.Denied, "AuthFailure.UnauthorizedOperation"},
		{"no role", func(_ *Options, r *Role) { r.ARN += "x" }, nil, watch.Denied, "InternalError.GetRoleError"},
		{"a stranger", func(o *Options, _ *Role) {
			o.Credentials = Static(Credentials{SecretID: "AKIDstranger", SecretKey: "stranger-key"})
		}, nil, watch.Denied, "AuthFailure.UnauthorizedOperation"},
		{"a session that is none", func(_ *Options, r *Role) { r.Session = "x" }, nil, watch.Rejected, "RoleSessionName"},
		{"an account that is not available", nil, &emulator.Fault{Code: "InvalidParameter.AccountNotAvaliable", Message: "no"}, watch.Denied, "AccountNotAvaliable"},
		{"a page", nil, &emulator.Fault{HTTP: 502, Body: "<html>"}, watch.Unavailable, "HTTP 502, no API answer"},
		{"a dropped connection", nil, &emulator.Fault{Drop: true}, watch.Unavailable, "closed the connection"},
		{"the rate", nil, &emulator.Fault{Code: "RequestLimitExceeded"}, watch.Throttled, "RequestLimitExceeded"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o, r := o, role
			if tt.with != nil {
				tt.with(&o, &r)
			}
			if tt.fault != nil {
				if err := e.SetFaults(testKey.SecretID, *tt.fault); err != nil {
					t.Fatal(err)
				}
			}
			_, err := openSTS(t, o).AssumeRole(t.Context(), r)
			f := failed(t, err)
			if f.Class != tt.class || !strings.Contains(f.Error(), tt.text) || !strings.HasPrefix(f.Message, assuming+r.ARN+": ") {
				t.Errorf("failure: got %v, want %s: …%s…", f, tt.class, tt.text)
			}
		})
	}
}

func TestAnAnswerWithKeysIsNotQuoted(t *testing.T) {
	const canary = "TmpCanary4f1d8b6a2c9e7d3b"
	for name, body := range map[string]string{
		"cut":          `{"Response":{"Credentials":{"TmpSecretKey":"` + canary,
		"half a key":   `{"Response":{"Credentials":{"TmpSecretKey":"` + canary + `"},"RequestId":"r-1"}}`,
		"another type": `{"Response":{"Credentials":{"TmpSecretKey":"` + canary + `","TmpSecretId":5}}}`,
	} {
		o := Options{Credentials: Static(testKey), Attempts: 1, Transport: transport(func(*http.Request) (*http.Response, error) { return reply(200, body) })}
		_, err := openSTS(t, o).AssumeRole(t.Context(), Role{ARN: testRole, Session: "prowatch"})
		if f := failed(t, err); strings.Contains(f.Error(), canary[:6]) || f.Class != watch.Unavailable && f.Class != watch.Unreadable {
			t.Errorf("%s: failure %v", name, f)
		}
	}
}

// The vendor's own provider sends the same request, unsigned.
func TestAWebIdentityIsSentUnsigned(t *testing.T) {
	const token = "header.IdentityCanary01.signature"
	var got map[string]any
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		_ = json.Unmarshal(body, &got)
		for name, want := range map[string]string{"Authorization": "SKIP", "X-TC-Action": "AssumeRoleWithWebIdentity", "X-TC-Region": "ap-hongkong", "X-TC-Version": "2018-08-13", "X-TC-Token": ""} {
			if v := r.Header.Get(name); v != want {
				t.Errorf("%s: got %q, want %q", name, v, want)
			}
		}
		if got["RoleArn"] != testRole {
			fmt.Fprintf(w, `{"Response":{"Error":{"Code":"InvalidParameter.WebIdentityTokenError","Message":"bad %s"},"RequestId":"r-9"}}`, token)
			return
		}
		fmt.Fprint(w, `{"Response":{"Credentials":{"Token":"t","TmpSecretId":"AKIDtmp","TmpSecretKey":"k"},"ExpiredTime":1000,"RequestId":"r-1"}}`)
	})
	sts := openSTS(t, Options{Credentials: Static(Credentials{}), Beside: url})
	l, err := sts.AssumeRoleWithWebIdentity(t.Context(), Role{ARN: testRole, Session: "prowatch-tke"}, WebIdentity{"provider", token, "ap-hongkong"})
	if err != nil || l.SecretID != "AKIDtmp" || l.SecretKey != "k" || l.Token != "t" || !l.Ends.Equal(time.Unix(1000, 0)) {
		t.Errorf("got %v until %s, %v", l.Credentials, l.Ends, err)
	}
	if got["ProviderId"] != "provider" || got["WebIdentityToken"] != token || got["RoleSessionName"] != "prowatch-tke" {
		t.Errorf("asked %v", got)
	}
	_, err = sts.AssumeRoleWithWebIdentity(t.Context(), Role{ARN: "another", Session: "prowatch-tke"}, WebIdentity{"provider", token, "ap-hongkong"})
	if f := failed(t, err); f.Code != "InvalidParameter.WebIdentityTokenError" || strings.Contains(f.Error(), token) {
		t.Errorf("failure: %v", f)
	}
}

func TestAKeyThatIsRefusedIsRenewedOnce(t *testing.T) {
	_, o := hub(t, 0)
	keys, renewed := []Credentials{{SecretID: "AKIDgone", SecretKey: "k", Token: "t"}, testKey}, 0
	c := open(t, Options{
		Endpoint: o.Beside, Credentials: func(context.Context) (Credentials, error) { return keys[0], nil },
		Renew: func(_ context.Context, id string) bool {
			if renewed++; id != keys[0].SecretID {
				t.Errorf("renew %s", id)
			}
			keys = keys[1:]
			return true
		},
	})
	if _, err := c.Read(t.Context()); err != nil || renewed != 1 {
		t.Errorf("Read: %v after %d keys were renewed", err, renewed)
	}
	keys = []Credentials{{SecretID: "AKIDgone", SecretKey: "k"}, {SecretID: "AKIDgone", SecretKey: "k"}, testKey}
	if _, err := c.Read(t.Context()); failed(t, err).Code != "AuthFailure.SecretIdNotFound" || renewed != 2 {
		t.Errorf("Read: %v after %d keys were renewed", err, renewed)
	}
}

func TestNeighboursAreAskedBesideTheEndpoint(t *testing.T) {
	for _, tt := range []struct{ endpoint, beside, site, want string }{
		{"", "", "", "https://sts.intl.tencentcloudapi.com"},
		{"", "", "cn", "https://sts.tencentcloudapi.com"},
		{"", "tcss.internal.tencentcloudapi.com", "cn", "https://sts.internal.tencentcloudapi.com"},
		{"", "http://127.0.0.1:9900/base", "", "http://127.0.0.1:9900/base"},
		{"", "tcss.localhost:9900", "", "https://tcss.localhost:9900"},
		{"", "gateway.example.com", "", "https://sts.intl.tencentcloudapi.com"},
		{"sts.example.com:8443", "gateway.example.com", "", "https://sts.example.com:8443"},
	} {
		s := openSTS(t, Options{Credentials: Static(testKey), Endpoint: tt.endpoint, Beside: tt.beside, Site: tt.site})
		e := s.client.endpoint
		if got := e.scheme + "://" + e.host + e.path; got != tt.want {
			t.Errorf("%+v: asks %s", tt, got)
		}
	}
}

func TestSTSIsAskedWithinItsRate(t *testing.T) {
	l := STSLimiters()
	begun, n := time.Now(), 0
	for time.Since(begun) < 400*time.Millisecond {
		if l.Wait(t.Context(), "AKID") == nil {
			n++
		}
	}
	if n < 150 || n > 300 {
		t.Errorf("%d requests in 0.4 s; STS takes 600 a second", n)
	}
}
