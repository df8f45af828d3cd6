package watch_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"prowatch/watch"
)

func TestAStatusNamesItsPolicyAndKeepsItToItself(t *testing.T) {
	acc := watch.Account{ID: "acme", Policy: watch.DefaultPolicy()}
	rec := watch.NewRecord("acme")
	s := watch.StatusOf(&acc, &rec, time.Unix(1e9, 0))
	if s.Policy != &acc.Policy {
		t.Errorf("the policy is %v, want the account's", s.Policy)
	}
	b, err := json.Marshal(s)
	if err != nil || strings.Contains(strings.ToLower(string(b)), "policy") || strings.Contains(string(b), "Thresholds") {
		t.Errorf("the JSON is %s, %v; want nothing of the policy in it", b, err)
	}
}
