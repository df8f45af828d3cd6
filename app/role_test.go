package app

import (
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"prowatch/emulator"
	"prowatch/watch"
)

const memberRole = "qcs::cam::uin/200000000001:roleName/prowatch"

// corp is an organisation whose hub may assume a role in each of its members,
// which differ by their editions.
type corp struct {
	*emulator.Emulator
	url string
}

func newCorp(t *testing.T, members ...string) *corp {
	t.Helper()
	o := emulator.Options{Rate: -1, Accounts: map[string]string{"AKIDhub": "hub-key"}, Roles: map[string]emulator.Role{}}
	for i := range 9 {
		id := fmt.Sprint("AKIDmember", i)
		o.Accounts[id] = "member-key"
		for _, name := range []string{"prowatch", "OrganizationAccessControlRole"} {
			arn := fmt.Sprintf("qcs::cam::uin/%d:roleName/%s", 200000000000+i, name)
			o.Roles[arn] = emulator.Role{Account: id, Trusts: []string{"AKIDhub"}}
		}
	}
	c := &corp{Emulator: emulator.New(&o)}
	c.have(t, members...)
	srv := httptest.NewServer(c)
	t.Cleanup(srv.Close)
	c.url = srv.URL
	return c
}

// have makes these, each a digit, the members.
func (c *corp) have(t *testing.T, members ...string) {
	t.Helper()
	o := emulator.Organization{Account: "AKIDhub", UIN: 100000000000}
	for _, m := range members {
		o.Members = append(o.Members, emulator.Member{UIN: 200000000000 + int64(m[0]-'0'), Name: "team " + m, Department: "labs"})
	}
	if err := c.SetOrganization(o); err != nil {
		t.Fatal(err)
	}
}

// assumed counts the calls of AssumeRole.
func (c *corp) count(action string) int {
	n := 0
	for _, x := range c.Requests() {
		if x.Request.Action == action {
			n++
		}
	}
	return n
}

func TestAnAccountIsWatchedThroughARole(t *testing.T) {
	c := newCorp(t)
	a, err := open(t, `
accounts:
  - {id: one, secret_id: AKIDhub, secret_key: hub-key, endpoint: "`+c.url+`", role_arn: "`+memberRole+`"}
  - {id: two, secret_id: AKIDhub, secret_key: hub-key, endpoint: "`+c.url+`", role_arn: "qcs::cam::uin/200000000002:roleName/nobody"}
channels: {out: {type: stdout}}
`)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.SetEdition("AKIDmember1", emulator.Edition{"BuyStatus": "Isolate"}); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		report, err := a.Run(t.Context(), nil)
		if err != nil || report.Accounts[0].Status != watch.Isolate {
			t.Fatalf("got %+v, %v", report, err)
		}
		f := report.Accounts[1].Failure
		if f == nil || f.Class != watch.Denied || f.Code != "InternalError.GetRoleError" || !strings.Contains(f.Message, "assuming the role qcs::cam::uin/200000000002:roleName/nobody") {
			t.Errorf("a role that is not there: %v", f)
		}
	}
	if n := c.count("AssumeRole"); n != 1+3 {
		t.Errorf("roles were assumed %d times; want the good one once", n)
	}
}

func TestARoleGoesOnTopOfAProfile(t *testing.T) {
	c := newCorp(t)
	home := t.TempDir()
	for name, text := range map[string]string{
		".tencentcloud/credentials": "[default]\nsecret_id=AKIDhub\nsecret_key=hub-key\n",
		".tccli/hub.credential":     `{"secretId":"AKIDhub","secretKey":"hub-key"}`,
	} {
		path := filepath.Join(home, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	document := `
accounts:
  - {id: one, credentials: file, endpoint: "` + c.url + `", role_arn: "` + memberRole + `"}
  - {id: two, credentials: "tccli:hub", endpoint: "` + c.url + `", role_arn: "` + memberRole + `"}
  - {id: three, credentials: "file:nobody", endpoint: "` + c.url + `"}
channels: {out: {type: stdout}}
`
	a, err := New(t.Context(), Options{
		LookupEnv: func(name string) (string, bool) {
			v, ok := map[string]string{"PROWATCH_CONFIG": document, "HOME": home}[name]
			return v, ok
		},
		ReadFile: os.ReadFile, Stores: Stores{"file": File}, State: "file:" + t.TempDir(), Stdout: new(strings.Builder),
	})
	if err != nil {
		t.Fatal(err)
	}
	report, err := a.Run(t.Context(), nil)
	if err != nil || report.Counts().Checked != 2 {
		t.Fatalf("got %+v, %v", report, err)
	}
	if f := report.Accounts[2].Failure; f == nil || f.Class != watch.Denied || !strings.Contains(f.Message, "has no section [nobody]") {
		t.Errorf("a section that is not there: %v", f)
	}
}

func TestTheMembersOfAnOrganisationAreWatched(t *testing.T) {
	c := newCorp(t, "1", "2", "3")
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	document := `
accounts:
  list: [{id: mine, secret_id: AKIDhub, secret_key: hub-key, endpoint: "` + c.url + `"}]
  organization: {secret_id: AKIDhub, secret_key: hub-key, endpoint: "` + c.url + `", exclude: [200000000003], id_prefix: corp-, labels: {team: sec}}
channels: {out: {type: stdout}}
`
	a, err := New(t.Context(), Options{
		LookupEnv: func(name string) (string, bool) { return document, name == "PROWATCH_CONFIG" },
		ReadFile:  os.ReadFile, Stores: Stores{"file": File}, State: "file:" + t.TempDir(), Stdout: new(strings.Builder),
		Now: func() time.Time { return now },
	})
	if err != nil {
		t.Fatal(err)
	}
	run := func(want []string, faults int) *watch.Report {
		t.Helper()
		report, err := a.Run(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, acc := range report.Accounts {
			ids = append(ids, acc.Account)
		}
		if !slices.Equal(ids, want) || report.Counts().Checked != len(want) || len(report.Errs) != faults {
			t.Errorf("watched %q, %d of them, faults %v; want %q", ids, report.Counts().Checked, report.Errs, want)
		}
		return report
	}
	first := []string{"mine", "corp-200000000001", "corp-200000000002"}
	run(first, 0)
	if l := a.Runner.Accounts[1].Labels; l["name"] != "team 1" || l["department"] != "labs" || l["team"] != "sec" {
		t.Errorf("labels %v", l)
	}

	c.have(t, "2", "4") // one left, one came
	now = now.Add(59 * time.Minute)
	run(first, 0)
	now = now.Add(time.Minute)
	second := []string{"mine", "corp-200000000002", "corp-200000000004"}
	report := run(second, 0)
	if !slices.ContainsFunc(report.Notices, func(n watch.Notice) bool { return n.Account == "corp-200000000004" && n.Type == watch.BaselineRecorded }) {
		t.Errorf("who came is not announced: %+v", report.Notices)
	}
	if _, err := a.Client("corp-200000000004"); err != nil {
		t.Error(err)
	}
	if _, err := a.Client("corp-200000000001"); err == nil {
		t.Error("who left can be asked still")
	}

	now = now.Add(time.Hour) // the list cannot be had: the last one goes on
	if err := c.SetFaults("AKIDhub", emulator.Fault{Code: "UnauthorizedOperation", Action: "DescribeOrganizationMembers"}); err != nil {
		t.Fatal(err)
	}
	report = run(second, 1)
	if text := report.Errs[0].Error(); !strings.Contains(text, "the accounts are those of 2026-01-01T01:00:00Z") || !strings.Contains(text, "Allow organization:DescribeOrganizationMembers") {
		t.Errorf("told %s", text)
	}
	run(second, 0)

	now = now.Add(time.Hour) // a list of nobody is not believed
	c.have(t)
	run(second, 1)
}

func TestAnOrganisationThatCannotBeListedIsAnErrorAtTheStart(t *testing.T) {
	c := newCorp(t, "1")
	for _, tt := range []struct{ key, want string }{
		{"secret_id: AKIDhub, secret_key: wrong", "AuthFailure.SignatureFailure"},
		{"secret_id: AKIDmember1, secret_key: member-key", "Allow organization:DescribeOrganizationMembers"},
		{"secret_id: AKIDhub, secret_key: hub-key, exclude: [200000000001]", "it has no member to watch"},
	} {
		_, err := open(t, `
accounts: {organization: {`+tt.key+`, endpoint: "`+c.url+`"}}
channels: {out: {type: stdout}}
`)
		if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.HasPrefix(err.Error(), "PROWATCH_CONFIG:2:26: organization: ") {
			t.Errorf("%s: %v", tt.key, err)
		}
	}
}

func TestTheAccountThatManagesAnOrganisationIsWatchedWithItsOwnKey(t *testing.T) {
	c := newCorp(t, "1")
	o := c.Organization()
	o.Members = append(o.Members, emulator.Member{UIN: o.UIN, Name: "us"})
	if err := c.SetOrganization(o); err != nil {
		t.Fatal(err)
	}
	for self, want := range map[string]int{"true": 2, "false": 1} {
		a, err := open(t, `
accounts: {organization: {secret_id: AKIDhub, secret_key: hub-key, endpoint: "`+c.url+`", include_self: `+self+`}}
channels: {out: {type: stdout}}
`)
		if err != nil {
			t.Fatal(err)
		}
		report, err := a.Run(t.Context(), nil)
		if err != nil || len(report.Accounts) != want || report.Counts().Checked != want {
			t.Errorf("include_self %s: %+v, %v", self, report, err)
		}
	}
}
