package main

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"prowatch/app"
	"prowatch/config"
	"prowatch/watch"
)

const configPolicyHelp = `Policy prints the least policy of Cloud Access Management (CAM) that the keys of
the configuration need. Create it in the console under Policies, by policy
syntax, and associate it with the sub-user whose key prowatch uses. TCSS grants
by operation only, so the resource is *.

Where accounts have a role_arn, the key needs the statement about sts:AssumeRole
alone, and the role needs the one about tcss. With --account the policy is that
of one account.`

func (p *process) configPolicyVerb() *cobra.Command {
	var accounts []string
	cmd := verb("policy", "Print the least CAM policy that the configuration needs", configPolicyHelp, noArgs,
		func(cmd *cobra.Command, _ []string) error {
			s, err := app.Settings(cmd.Context(), p.options(app.None))
			if err != nil {
				return failed(err)
			}
			chosen, err := chosenAccounts(s, accounts)
			if err != nil {
				return err
			}
			if err := printJSON(p.stdout, camPolicyOf(chosen)); err != nil {
				return failed(err)
			}
			return nil
		})
	cmd.Flags().StringSliceVar(&accounts, "account", nil, "only what the account of this `id` needs (repeatable)")
	return cmd
}

// chosenAccounts returns the accounts of such ids, all of them for none.
func chosenAccounts(s *config.Settings, ids []string) ([]config.Account, error) {
	var chosen []config.Account
	for _, a := range s.Accounts {
		if len(ids) == 0 || slices.Contains(ids, a.ID) {
			chosen = append(chosen, a)
		}
	}
	for _, id := range ids {
		if !slices.ContainsFunc(chosen, func(a config.Account) bool { return a.ID == id }) {
			return nil, usage(fmt.Errorf("no account %.64q is configured", id))
		}
	}
	return chosen, nil
}

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

// camPolicyOf returns the least policy for the accounts. TCSS takes no finer
// resource than *, https://tencentcloud.com/document/product/598/57161.
func camPolicyOf(accounts []config.Account) camPolicy {
	read := camStatement{"allow", []string{"tcss:DescribeProVersionInfo"}, []string{"*"}}
	assume := camStatement{"allow", []string{"sts:AssumeRole"}, nil}
	for _, a := range accounts {
		if a.Policy.ExpirySource == watch.PurchaseState && len(read.Action) == 1 {
			read.Action = append(read.Action, "tcss:DescribePurchaseStateInfo")
		}
		if a.RoleARN != "" {
			assume.Resource = append(assume.Resource, a.RoleARN)
		}
	}
	slices.Sort(assume.Resource)
	assume.Resource = slices.Compact(assume.Resource)
	policy := camPolicy{"2.0", []camStatement{read}}
	if len(assume.Resource) > 0 {
		policy.Statement = append(policy.Statement, assume)
	}
	return policy
}
