package emulator_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	tcerr "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/errors"
	tchttp "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/http"

	"prowatch/emulator"
)

// askSDK asks with the official SDK's common client, and returns the Response.
func askSDK(t *testing.T, endpoint, id, key, service, version, action string, params map[string]any) (map[string]any, error) {
	t.Helper()
	c := common.NewCommonClient(common.NewCredential(id, key), "ap-singapore", dial(endpoint, "TC3-HMAC-SHA256", "POST"))
	q := tchttp.NewCommonRequest(service, version, action)
	if err := q.SetActionParameters(params); err != nil {
		t.Fatal(err)
	}
	a := tchttp.NewCommonResponse()
	if err := c.Send(q, a); err != nil {
		return nil, err
	}
	var body struct{ Response map[string]any }
	if err := json.Unmarshal(a.GetBody(), &body); err != nil {
		t.Fatal(err)
	}
	return body.Response, nil
}

func TestTheOfficialSDKListsAnOrganisation(t *testing.T) {
	opts := withRole()
	opts.Organization = emulator.Organization{Account: "AKIDhub", UIN: 100000000000}
	for i := range 61 {
		opts.Organization.Members = append(opts.Organization.Members, emulator.Member{UIN: int64(200000000000 + i), Name: fmt.Sprint("team ", i)})
	}
	endpoint := serve(t, emulator.New(&opts))
	list := func(id, key string, offset, limit any) (map[string]any, error) {
		return askSDK(t, endpoint, id, key, "organization", "2021-03-31", "DescribeOrganizationMembers", map[string]any{"Offset": offset, "Limit": limit})
	}
	for _, tt := range []struct{ offset, limit, want int }{{0, 50, 50}, {50, 50, 11}, {60, 10, 1}, {61, 10, 0}, {1000, 1, 0}} {
		got, err := list("AKIDhub", "hub-key", tt.offset, tt.limit)
		if err != nil || len(got["Items"].([]any)) != tt.want || fmt.Sprint(got["Total"]) != "61" {
			t.Errorf("from %d, %d: %v, %v; want %d of 61", tt.offset, tt.limit, got, err, tt.want)
		}
	}
	for _, tt := range []struct {
		id, key       string
		offset, limit any
		want          string
	}{
		{"AKIDhub", "hub-key", 0, 51, "InvalidParameterValue"},
		{"AKIDhub", "hub-key", -1, 10, "InvalidParameter"},
		{"AKIDhub", "hub-key", "x", 10, "InvalidParameter"},
		{"AKIDmember", "member-key", 0, 10, "AuthFailure.UnauthorizedOperation"},
	} {
		_, err := list(tt.id, tt.key, tt.offset, tt.limit)
		var refused *tcerr.TencentCloudSDKError
		if !errors.As(err, &refused) || refused.Code != tt.want {
			t.Errorf("%+v: %v", tt, err)
		}
	}
}

func TestEachAccountHasANumber(t *testing.T) {
	opts := withRole()
	opts.Organization = emulator.Organization{Account: "AKIDhub", UIN: 100000000000}
	endpoint := serve(t, emulator.New(&opts))
	for id, want := range map[string]string{"AKIDhub": "100000000000", "AKIDmember": "100000000001"} {
		got, err := askSDK(t, endpoint, id, opts.Accounts[id], "sts", "2018-08-13", "GetCallerIdentity", map[string]any{})
		if err != nil || got["AccountId"] != want {
			t.Errorf("%s: %v, %v", id, got, err)
		}
	}
}

func TestSecretsAreNamedWithTheirVersionAndNotLogged(t *testing.T) {
	e := emulator.New(&emulator.Options{Secrets: map[string]string{"prowatch/v1": "canary-secret-0123"}})
	endpoint := serve(t, e)
	ask := func(params map[string]any) (map[string]any, error) {
		return askSDK(t, endpoint, emulator.DefaultSecretID, emulator.DefaultSecretKey, "ssm", "2019-09-23", "GetSecretValue", params)
	}
	if got, err := ask(map[string]any{"SecretName": "prowatch", "VersionId": "v1"}); err != nil || got["SecretString"] != "canary-secret-0123" {
		t.Errorf("got %v, %v", got, err)
	}
	for _, params := range []map[string]any{{"SecretName": "prowatch", "VersionId": "v2"}, {"SecretName": "prowatch"}, {"VersionId": "v1"}} {
		if got, err := ask(params); err == nil {
			t.Errorf("%v: got %v", params, got)
		}
	}
	if log := fmt.Sprintf("%+v", e.Requests()); strings.Contains(log, "canary") {
		t.Errorf("the log holds the secret: %s", log)
	}
}

func TestAnOrganisationIsPartOfTheState(t *testing.T) {
	opts := withRole()
	opts.Organization = emulator.Organization{Account: "AKIDhub", UIN: 100000000000, Members: []emulator.Member{{UIN: 1, Name: "a"}}}
	e := emulator.New(&opts)
	s := e.State()
	if err := e.SetOrganization(emulator.Organization{Account: "AKIDmember", UIN: 2}); err != nil {
		t.Fatal(err)
	}
	if err := e.Restore(s); err != nil || len(e.Organization().Members) != 1 {
		t.Errorf("restored %+v, %v", e.Organization(), err)
	}
	mine, rest := s.Split([]string{"AKIDmember"})
	if mine.Organization != nil || rest.Organization == nil || mine.With(rest).Organization == nil {
		t.Errorf("split into %+v and %+v", mine.Organization, rest.Organization)
	}
	s.Organization.Account = "AKIDnobody"
	if err := e.Restore(s); !errors.Is(err, emulator.ErrNoAccount) || e.Organization().Account != "AKIDhub" {
		t.Errorf("restored %+v, %v", e.Organization(), err)
	}
}

func TestAnOrganisationIsOfAccountsThatThereAre(t *testing.T) {
	e := emulator.New(nil)
	if err := e.SetOrganization(emulator.Organization{Account: "AKIDnobody", UIN: 1}); !errors.Is(err, emulator.ErrNoAccount) {
		t.Errorf("got %v", err)
	}
	if err := e.SetOrganization(emulator.Organization{Account: emulator.DefaultSecretID, UIN: 1, Members: []emulator.Member{{UIN: 0}}}); !errors.Is(err, emulator.ErrInvalid) {
		t.Errorf("got %v", err)
	}
}
