package main

import (
	"maps"
	"slices"
	"strings"

	"prowatch/config"
	"prowatch/watch"
)

// camPolicy is a policy in CAM's syntax,
// https://cloud.tencent.com/document/product/460/41742.
type camPolicy struct {
	Version   string         `json:"version"`
	Statement []camStatement `json:"statement"`
}

type camStatement struct {
	Effect   string   `json:"effect"`
	Action   []string `json:"action"`
	Resource []string `json:"resource"`
}

// camTrust is the trust policy of a role.
type camTrust struct {
	Version   string           `json:"version"`
	Statement []trustStatement `json:"statement"`
}

type trustStatement struct {
	Effect    string                       `json:"effect"`
	Action    string                       `json:"action"`
	Principal map[string][]string          `json:"principal"`
	Condition map[string]map[string]string `json:"condition,omitzero"`
}

// needs are what the accounts ask for.
type needs struct {
	own, role    ask             // what keys ask TCSS themselves, and roles
	roles        map[string]bool // the roles that are assumed
	externalIDs  map[string]bool // theirs, "" for none
	organization bool
	secret       bool
}

// ask is whether TCSS is asked, and whether for the state of the purchase, too.
type ask struct{ any, purchase bool }

func (a *ask) add(p *watch.Policy) {
	a.any, a.purchase = true, a.purchase || p.ExpirySource == watch.PurchaseState
}

func needsOf(accounts []config.Account) *needs {
	n := &needs{roles: map[string]bool{}, externalIDs: map[string]bool{}}
	for _, a := range accounts {
		if a.RoleARN == "" {
			n.own.add(&a.Policy)
			continue
		}
		n.role.add(&a.Policy)
		n.roles[a.RoleARN], n.externalIDs[a.ExternalID] = true, true
	}
	return n
}

// addWhole adds what no one account needs: the organisation, whose roles have
// one name in every member, and Tencent's secrets.
func (n *needs) addWhole(s *config.Settings) {
	if o := s.Organization; o != nil {
		n.organization = true
		n.role.add(&o.Policy)
		if o.IncludeSelf {
			n.own.add(&o.Policy)
		}
		n.roles["qcs::cam::uin/*:roleName/"+o.Role], n.externalIDs[""] = true, true
	}
	n.secret = slices.ContainsFunc(s.References, func(ref string) bool { return strings.HasPrefix(ref, "tencentssm:") })
}

// policy returns the least policy. TCSS takes no finer resource than *,
// https://tencentcloud.com/document/product/598/57161.
func (n *needs) policy(audience string) camPolicy {
	everywhere := []string{"*"}
	asked := map[string]ask{
		forKey: n.own, forRole: n.role, forAll: {n.own.any || n.role.any, n.own.purchase || n.role.purchase},
	}[audience]
	policy := camPolicy{Version: "2.0", Statement: []camStatement{}}
	if asked.any {
		policy.Statement = append(policy.Statement, camStatement{"allow", []string{"tcss:DescribeProVersionInfo"}, everywhere})
	}
	if asked.purchase {
		policy.Statement[0].Action = append(policy.Statement[0].Action, "tcss:DescribePurchaseStateInfo")
	}
	if audience == forRole {
		return policy
	}
	if len(n.roles) > 0 {
		policy.Statement = append(policy.Statement, camStatement{"allow", []string{"sts:AssumeRole"}, slices.Sorted(maps.Keys(n.roles))})
	}
	if n.organization {
		policy.Statement = append(policy.Statement, camStatement{"allow", []string{"organization:DescribeOrganizationMembers"}, everywhere})
	}
	if n.secret {
		policy.Statement = append(policy.Statement, camStatement{"allow", []string{"ssm:GetSecretValue"}, everywhere})
	}
	return policy
}

// trust returns the trust policy that lets in the account with that number.
func (n *needs) trust(uin string) camTrust {
	s := trustStatement{Effect: "allow", Action: "name/sts:AssumeRole", Principal: map[string][]string{"qcs": {"qcs::cam::uin/" + uin + ":root"}}}
	for id := range n.externalIDs {
		if id != "" {
			s.Condition = map[string]map[string]string{"string_equal": {"sts:external_id": id}}
		}
	}
	return camTrust{"2.0", []trustStatement{s}}
}
