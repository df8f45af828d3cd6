package main

import (
	"encoding/json"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"prowatch/config"
)

// TestTheGuidesPoliciesAreThoseThatArePrinted compares the policies to paste in
// docs/accounts.md with those of accounts as it shows them.
func TestTheGuidesPoliciesAreThoseThatArePrinted(t *testing.T) {
	text, err := os.ReadFile("../../docs/accounts.md")
	if err != nil {
		t.Fatal(err)
	}
	shop := config.Account{RoleARN: "qcs::cam::uin/200000000001:roleName/prowatch", ExternalID: "prowatch-shop"}
	bank := config.Account{RoleARN: "qcs::cam::uin/200000000002:roleName/prowatch"}
	both := needsOf([]config.Account{shop, bank})
	printed := []any{needsOf([]config.Account{shop}).trust("100000000001"), both.policy(forRole), both.policy(forKey)}
	blocks := regexp.MustCompile("(?ms)^ *```json\n(.*?)^ *```$").FindAllStringSubmatch(strings.ReplaceAll(string(text), "\r\n", "\n"), -1)
	if len(blocks) != len(printed) {
		t.Fatalf("the guide has %d policies, want %d", len(blocks), len(printed))
	}
	for i, b := range blocks {
		data, err := json.Marshal(printed[i])
		if err != nil {
			t.Fatal(err)
		}
		var got, want any
		if err := json.Unmarshal([]byte(b[1]), &got); err != nil {
			t.Errorf("%v in\n%s", err, b[1])
			continue
		}
		if err := json.Unmarshal(data, &want); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("the guide has\n%s\nand prowatch prints\n%s", b[1], data)
		}
	}
}
