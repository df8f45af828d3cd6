package main

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/spf13/cobra"

	"prowatch/app"
	"prowatch/config"
)

const configPolicyHelp = `Policy prints the least policy of Cloud Access Management (CAM) that the keys of
the configuration need. Create it in the console under Policies, by policy
syntax, and associate it with the sub-user whose key prowatch uses. TCSS grants
by operation only, so the resource is *.

Where accounts are watched through roles, --for prints what belongs where:

  --for key      to the key: to assume the roles, and what it asks itself
  --for role     to each role
  --for trust    as the trust policy of each role: whom it lets in, which is the
                 account of the key, by its number in --uin

Without --for all is in one policy. With --account the policy is that of one
account.`

// The audiences of a policy.
const (
	forAll   = ""
	forKey   = "key"
	forRole  = "role"
	forTrust = "trust"
)

// accountNumber is the form of a UIN.
var accountNumber = regexp.MustCompile(`^[1-9][0-9]*$`)

func (p *process) configPolicyVerb() *cobra.Command {
	var accounts []string
	var audience, uin string
	cmd := verb("policy", "Print the least CAM policy that the configuration needs", configPolicyHelp, noArgs,
		func(cmd *cobra.Command, _ []string) error {
			s, err := app.Settings(cmd.Context(), p.options(app.None))
			if err != nil {
				return failed(err)
			}
			policy, err := policyFor(s, accounts, audience, uin)
			if err != nil {
				return err
			}
			if err := printJSON(p.stdout, policy); err != nil {
				return failed(err)
			}
			return nil
		})
	cmd.Example = "  prowatch config policy\n  prowatch config policy --for trust --uin 100000000001"
	cmd.Flags().StringSliceVar(&accounts, "account", nil, "only what the account of this `id` needs (repeatable)")
	cmd.Flags().StringVar(&audience, "for", forAll, "whom the policy is for: `key`, role or trust")
	cmd.Flags().StringVar(&uin, "uin", "", "`number` of the account that the key is of, for the trust policy")
	return cmd
}

// policyFor returns the policy for an audience, or the error of usage.
func policyFor(s *config.Settings, ids []string, audience, uin string) (any, error) {
	chosen, err := chosenAccounts(s, ids)
	if err != nil {
		return nil, err
	}
	needs := needsOf(chosen)
	if len(ids) == 0 {
		needs.addWhole(s)
	}
	switch audience {
	case forAll, forKey, forRole:
		return needs.policy(audience), nil
	case forTrust:
		if !accountNumber.MatchString(uin) {
			return nil, usage(fmt.Errorf("--for trust needs --uin, the number of the account that the key is of: the console shows it as the account id"))
		}
		if len(needs.externalIDs) > 1 {
			return nil, usage(fmt.Errorf("the roles have %d external ids, so each has a trust policy of its own: say which by --account", len(needs.externalIDs)))
		}
		return needs.trust(uin), nil
	}
	return nil, usage(fmt.Errorf("--for %.20q is no audience of a policy: use key, role or trust", audience))
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
