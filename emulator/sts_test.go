package emulator_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	tcerr "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/errors"
	tchttp "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/http"
	tcss "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/tcss/v20201101"

	"prowatch/emulator"
)

const roleARN = "qcs::cam::uin/100000000001:roleName/prowatch"

// withRole has a hub that may assume a role of a member, and a stranger.
func withRole() emulator.Options {
	return emulator.Options{
		Accounts: map[string]string{"AKIDhub": "hub-key", "AKIDmember": "member-key", "AKIDstranger": "stranger-key"},
		Roles:    map[string]emulator.Role{roleARN: {Account: "AKIDmember", ExternalID: "ext-1", Trusts: []string{"AKIDhub"}}},
		Rate:     -1,
	}
}

// assume is a request for the role by the hub.
func assume(body string) ask {
	return ask{
		id: "AKIDhub", key: "hub-key", service: "sts", action: "AssumeRole", version: "2018-08-13",
		body: body, header: map[string]string{"X-TC-Region": "ap-singapore"},
	}
}

const goodRole = `{"RoleArn":"` + roleARN + `","RoleSessionName":"prowatch","ExternalId":"ext-1","DurationSeconds":900}`

// assumeRole is a request as the vendor's generator writes it.
type assumeRole struct {
	*tchttp.BaseRequest
	RoleArn         string `json:"RoleArn" name:"RoleArn"`
	RoleSessionName string `json:"RoleSessionName" name:"RoleSessionName"`
	DurationSeconds uint64 `json:"DurationSeconds" name:"DurationSeconds"`
	ExternalId      string `json:"ExternalId" name:"ExternalId"`
}

func TestTheOfficialSDKAssumesARoleAndReadsTheMember(t *testing.T) {
	opts := withRole()
	e := emulator.New(&opts)
	if err := e.SetEdition("AKIDmember", emulator.Edition{"BuyStatus": "Isolate"}); err != nil {
		t.Fatal(err)
	}
	endpoint := serve(t, e)
	eachWay(t, func(t *testing.T, sign, method string) {
		c := common.NewCommonClient(common.NewCredential("AKIDhub", "hub-key"), "ap-singapore", dial(endpoint, sign, method))
		q := &assumeRole{&tchttp.BaseRequest{}, roleARN, "prowatch", 1800, "ext-1"}
		q.Init().WithApiInfo("sts", "2018-08-13", "AssumeRole")
		got := &struct {
			*tchttp.BaseResponse
			Response struct {
				Credentials struct{ Token, TmpSecretId, TmpSecretKey string }
				ExpiredTime int64
				Expiration  time.Time
			}
		}{BaseResponse: &tchttp.BaseResponse{}}
		if err := c.Send(q, got); err != nil {
			t.Fatal(err)
		}
		r := got.Response
		if left := time.Until(r.Expiration); left < 29*time.Minute || left > 30*time.Minute || r.Expiration.Unix() != r.ExpiredTime {
			t.Errorf("it lasts %s, until %d; want half an hour", left, r.ExpiredTime)
		}
		cred := common.NewTokenCredential(r.Credentials.TmpSecretId, r.Credentials.TmpSecretKey, r.Credentials.Token)
		member, _ := tcss.NewClient(cred, "", dial(endpoint, sign, method))
		info, err := member.DescribeProVersionInfo(nil)
		if err != nil || *info.Response.BuyStatus != "Isolate" {
			t.Errorf("member: %v, %v; want its own edition", info, err)
		}
		cred.Token = "another"
		member, _ = tcss.NewClient(cred, "", dial(endpoint, sign, method))
		_, err = member.DescribeProVersionInfo(nil)
		var refused *tcerr.TencentCloudSDKError
		if !errors.As(err, &refused) || refused.Code != "AuthFailure.TokenFailure" {
			t.Errorf("another token: %v, want AuthFailure.TokenFailure", err)
		}
	})
	if log := fmt.Sprintf("%+v", e.Requests()); strings.Contains(log, `"TmpSecretKey":"***"`) == false {
		t.Error("the log does not mask temporary keys")
	}
}

func TestAssumeRoleRefusals(t *testing.T) {
	opts := withRole()
	e := atNoon(opts)
	noRegion := assume(goodRole)
	noRegion.header = nil
	stranger := assume(goodRole)
	stranger.id, stranger.key = "AKIDstranger", "stranger-key"
	in := func(old, new string) ask { return assume(strings.Replace(goodRole, old, new, 1)) }
	for _, tt := range []struct {
		name string
		r    *http.Request
		want string
	}{
		{"no region", noRegion.tc3(), fmt.Sprintf(missingTC3, "X-TC-Region")},
		{"no role", in(`"RoleArn"`, `"SourceIdentity"`).tc3(), fmt.Sprintf(missing, "RoleArn")},
		{"no session", in(`"RoleSessionName"`, `"SourceIdentity"`).tc3(), fmt.Sprintf(missing, "RoleSessionName")},
		{"a role that is not there", in("roleName/prowatch", "roleName/other").tc3(), "InternalError.GetRoleError: role not exist"},
		{"a name that is no role", in(roleARN, "prowatch").tc3(), "InvalidParameter.ParamError: The parameter `RoleArn` is invalid."},
		{"a session name of one letter", in(`"prowatch"`, `"p"`).tc3(), "InvalidParameter.ParamError: The parameter `RoleSessionName` is invalid."},
		{"a duration over half a day", in("900", "43201").tc3(), "InvalidParameter.OverTimeError: The expiration time exceeds the threshold."},
		{"a duration that is no number", in("900", `"long"`).tc3(), "InvalidParameter: Parameter `DurationSeconds` type error."},
		{"a role that is a number", in(`"`+roleARN+`"`, "5").tc3(), "InvalidParameter: Parameter `RoleArn` type error."},
		{"an identity that is a list", in(`"DurationSeconds":900`, `"SourceIdentity":["a"]`).tc3(), "InvalidParameter: Parameter `SourceIdentity` type error."},
		{"tags that are a text", in(`"DurationSeconds":900`, `"Tags":"a"`).tc3(), "InvalidParameter: Parameter `Tags` type error."},
		{"tags of texts", in(`"DurationSeconds":900`, `"Tags":["a"]`).tc3(), "InvalidParameter: Parameter `Tags` type error."},
		{"51 tags", in(`"DurationSeconds":900`, `"Tags":[`+strings.Repeat(`{"Key":"k","Value":"v"},`, 50)+`{}]`).tc3(), "InvalidParameter.ParamError: The parameter `Tags` is invalid."},
		{"an unknown parameter", in("DurationSeconds", "Duration").tc3(), fmt.Sprintf(unknown, "Duration")},
		{"the version of another service", ask{service: "sts", action: "AssumeRole", id: "AKIDhub", key: "hub-key"}.tc3(),
			"NoSuchVersion: The specified api version=`2020-11-01` does not exist in service=`sts`."},
	} {
		t.Run(tt.name, func(t *testing.T) { check(t, e, tt.r, tt.want) })
	}
	for name, r := range map[string]*http.Request{"a stranger": stranger.tc3(), "another external id": in("ext-1", "ext-2").tc3()} {
		got := send(t, e, r)
		if got.err.Code != "AuthFailure.UnauthorizedOperation" || !strings.Contains(got.err.Message, "(sts:AssumeRole)\nresource ("+roleARN+")") {
			t.Errorf("%s: %v, want AuthFailure.UnauthorizedOperation for the role", name, got.err)
		}
	}
}

func TestTemporaryCredentialsExpireOnTheMachinesClock(t *testing.T) {
	now := noon
	opts := withRole()
	opts.Now = func() time.Time { return now }
	e := emulator.New(&opts)
	c := send(t, e, assume(goodRole).tc3()).Response["Credentials"].(map[string]any)
	member := func() reply {
		return send(t, e, ask{id: c["TmpSecretId"].(string), key: c["TmpSecretKey"].(string), token: c["Token"].(string), at: now}.tc3())
	}
	now = now.Add(15 * time.Minute)
	if got := member(); got.err.Code != "" {
		t.Errorf("at its end: %v", got.err)
	}
	now = now.Add(time.Second)
	if got := member(); got.err.Code != "AuthFailure.TokenFailure" {
		t.Errorf("a second after it: %v, want AuthFailure.TokenFailure", got.err)
	}
	e.Reset()
	if got := member(); got.err.Code != "AuthFailure.SecretIdNotFound" {
		t.Errorf("after a reset: %v, want AuthFailure.SecretIdNotFound", got.err)
	}
}

func TestTenThousandTemporaryCredentialsAreKeptTheExpiredForgottenFirst(t *testing.T) {
	now := noon
	opts := withRole()
	opts.Now = func() time.Time { return now }
	e := emulator.New(&opts)
	mint := func(seconds string) ask {
		c := send(t, e, assume(strings.Replace(goodRole, "900", seconds, 1)).tc3()).Response["Credentials"].(map[string]any)
		return ask{id: c["TmpSecretId"].(string), key: c["TmpSecretKey"].(string), token: c["Token"].(string)}
	}
	short, long := mint("1"), mint("900")
	for range 9998 {
		mint("900")
	}
	now = now.Add(2 * time.Second)
	last := mint("900")
	for name, tt := range map[string]struct {
		a    ask
		want string
	}{"expired": {short, "AuthFailure.SecretIdNotFound"}, "the first that lasts": {long, ""}, "the last": {last, ""}} {
		if got := send(t, e, tt.a.tc3()); got.err.Code != tt.want {
			t.Errorf("%s: %v, want %q", name, got.err, tt.want)
		}
	}
}

func TestRolesAreCheckedAndSetByTheAdminAPI(t *testing.T) {
	opts := withRole()
	e := atNoon(opts)
	for _, tt := range []struct {
		body, mention string
		status        int
	}{
		{`{"prowatch":{"account":"AKIDhub"}}`, "roleName/prowatch", 400},
		{`{"` + roleARN + `":{"account":"AKIDnone"}}`, "AKIDhub", 404},
		{`{"` + roleARN + `":{"account":"AKIDhub","trusts":["AKIDnone"]}}`, "AKIDnone", 404},
		{`{"` + roleARN + `":{"Account":"AKIDhub","extra":1}}`, "extra", 400},
	} {
		if status, body := admin(t, e, "PUT", "roles", tt.body); status != tt.status || !strings.Contains(body, tt.mention) {
			t.Errorf("%s: %d %s, want %d mentioning %s", tt.body, status, body, tt.status, tt.mention)
		}
	}
	set(t, e, "PUT", "roles", `{"`+roleARN+`":{"account":"AKIDmember"}}`)
	if got := send(t, e, assume(goodRole).tc3()); got.err.Code != "" {
		t.Errorf("a role without conditions: %v", got.err)
	}
}

// The two services have limits of their own; the actions of one share its.
func TestTheRateIsCountedByAccountAndService(t *testing.T) {
	opts := withRole()
	opts.Rate = 2
	e := atNoon(opts)
	hub := ask{id: "AKIDhub", key: "hub-key"}
	for i := range 50 {
		if got := send(t, e, assume(goodRole).tc3()); got.err.Code != "" {
			t.Fatalf("AssumeRole %d: %v; its own limit is 600", i+1, got.err)
		}
	}
	purchase, member := hub, ask{id: "AKIDmember", key: "member-key"}
	purchase.action = "DescribePurchaseStateInfo"
	for i, a := range []ask{hub, purchase, member} {
		if got := send(t, e, a.tc3()); got.err.Code != "" {
			t.Errorf("request %d: %v", i, got.err)
		}
	}
	for _, a := range []ask{hub, purchase} {
		if got := send(t, e, a.tc3()); got.err.Code != "RequestLimitExceeded" {
			t.Errorf("beyond two: %v, want RequestLimitExceeded", got.err)
		}
	}
}
