package main

import (
	"slices"
	"testing"

	"prowatch/config"
)

func TestTheKeyMayReadTencentsSecretsWhereTheyAreReferredTo(t *testing.T) {
	for ref, want := range map[string]bool{"tencentssm:acme?version=v1": true, "awsssm:/tencentssm:acme": false} {
		n := needsOf(nil)
		n.addWhole(&config.Settings{References: []string{"env:X", ref}})
		got := slices.ContainsFunc(n.policy(forKey).Statement, func(s camStatement) bool { return slices.Equal(s.Action, []string{"ssm:GetSecretValue"}) })
		if got != want {
			t.Errorf("%s: %+v", ref, n.policy(forKey))
		}
	}
}
