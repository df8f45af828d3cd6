package main

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"prowatch/emulator"
)

// keyed are the far sides whose keys come from elsewhere, or are exchanged for
// others: each is a cloud with the one account, which may assume the role of a
// member.
var keyed = []string{"filed", "tccli", "roled", "corp"}

func theKeyed(name string) *emulator.Options {
	prefix := strings.ToUpper(name)
	id := canaries[prefix+"_ID"]
	return &emulator.Options{
		Accounts:     map[string]string{id: canaries[prefix+"_KEY"], "AKIDmember": "member-key"},
		Tokens:       map[string]string{id: canaries[prefix+"_TOKEN"]},
		Roles:        map[string]emulator.Role{"qcs::cam::uin/1:roleName/member": {Account: "AKIDmember"}},
		Organization: emulator.Organization{Account: id, UIN: 2, Members: []emulator.Member{{UIN: 1, Name: "member"}}},
		Rate:         -1,
	}
}

// writeKeys writes the files that keys come from into the cage's home.
func (c *cage) writeKeys(t *testing.T) {
	t.Helper()
	profile, err := json.Marshal(map[string]string{"secretId": canaries["TCCLI_ID"], "secretKey": canaries["TCCLI_KEY"], "token": canaries["TCCLI_TOKEN"]})
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		".tencentcloud/credentials": fmt.Sprintf("[canary]\nsecret_id=%s\nsecret_key=%s\ntoken=%s\n", canaries["FILED_ID"], canaries["FILED_KEY"], canaries["FILED_TOKEN"]),
		".tccli/canary.credential":  string(profile),
		".tccli/broken.credential":  "x" + string(profile),
	} {
		path := filepath.Join(c.dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// TestNoSourceOfAKeyPrintsIt lets every source of a key fail while the far side
// echoes what it gets.
func TestNoSourceOfAKeyPrintsIt(t *testing.T) {
	c := newCage(t, newMachine(t), "well")
	far := httptest.NewServer(&echo{})
	defer far.Close()
	c.env = append(c.env, "AWS_ACCESS_KEY_ID=AKIDx", "AWS_SECRET_ACCESS_KEY="+canaries["FILED_KEY"], "AWS_SESSION_TOKEN="+canaries["FILED_TOKEN"],
		"AWS_REGION=r", "AWS_ENDPOINT_URL="+far.URL, "TENCENTCLOUD_SECRET_ID="+canaries["TCCLI_ID"], "TENCENTCLOUD_SECRET_KEY="+canaries["TCCLI_KEY"], "TENCENTCLOUD_TOKEN="+canaries["TCCLI_TOKEN"],
		"TKE_REGION=r", "TKE_PROVIDER_ID=p", "TKE_ROLE_ARN=qcs::cam::uin/1:roleName/member", "TKE_WEB_IDENTITY_TOKEN_FILE="+filepath.Join(c.dir, "token"))
	if err := os.WriteFile(filepath.Join(c.dir, "token"), []byte(canaries["ROLED_TOKEN"]), 0o600); err != nil {
		t.Fatal(err)
	}
	const role = `, role_arn: "qcs::cam::uin/1:roleName/member"}`
	for _, accounts := range []string{
		`{organization: {secret_id: "${env:CORP_ID}", secret_key: "${env:CORP_KEY}", token: "${env:CORP_TOKEN}", endpoint: "FAR"}}`,
		`[{id: a, secret_id: "${env:ROLED_ID}", secret_key: "${env:ROLED_KEY}", token: "${env:ROLED_TOKEN}", endpoint: "FAR"` + role + `]`,
		`[{id: a, credentials: "file:canary", endpoint: "FAR"` + role + `]`,
		`[{id: a, credentials: "tccli:canary", endpoint: "FAR"}]`,
		`[{id: a, credentials: "tccli:broken", endpoint: "FAR"}]`,
		`[{id: a, credentials: tke, endpoint: "FAR"}]`,
		`[{id: a, credentials: "${env:ROLED_KEY}", endpoint: "FAR"}]`,
		`[{id: a, credentials: file, token: "${env:ROLED_KEY}", role_arn: "${env:ROLED_TOKEN}", external_id: "${env:CORP_KEY}"}]`,
		`{organization: {credentials: file, role: "${env:ROLED_TOKEN}", id_prefix: "${env:ROLED_KEY}", exclude: ["${env:CORP_KEY}"]}}`,
		`[{id: a, secret_id: i, secret_key: "${awssecret:x#y}"}]`,
		`[{id: a, secret_id: i, secret_key: "${awsssm:x}"}]`,
		`[{id: a, secret_id: i, secret_key: "${tencentssm:x?endpoint=FAR}"}]`,
	} {
		c.write(t, strings.ReplaceAll("accounts: "+accounts+"\nchannels: {out: {type: stdout}}\nstate: file:./state\n", "FAR", far.URL))
		for range 2 {
			if out, code := c.run(t, "check"); code != exitFailed && code != exitCritical {
				t.Errorf("prowatch check of %s ends with exit code %d:\n%s", accounts, code, out)
			}
		}
		c.run(t, "doctor")
		c.run(t, "config", "policy")
	}
}
