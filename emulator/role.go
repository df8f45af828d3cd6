package emulator

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
)

// Role is what AssumeRole may be asked for. Its credentials act for one
// account: they read that account's edition and count in its rate.
type Role struct {
	// Account is the SecretId of the account it belongs to.
	Account string `json:"account"`
	// ExternalID, when it is set, must be in the request.
	ExternalID string `json:"external_id,omitempty"`
	// Trusts are the SecretIds that may assume it; none is every one.
	Trusts []string `json:"trusts,omitempty"`
}

// roleARN is the form of a role's name: by name or by number, of a user or of
// a service (https://www.tencentcloud.com/document/product/1150/49456).
var roleARN = regexp.MustCompile(`^qcs::cam::uin/\d+:(roleName/|role/(tencentcloudServiceRole(Name)?/)?)[\w+=,.@-]+$`)

// SetRoles replaces the roles, by their ARN, such as
// qcs::cam::uin/100000000001:roleName/prowatch. Its error is [ErrInvalid] for
// an ARN of another form, and [ErrNoAccount].
func (e *Emulator) SetRoles(roles map[string]Role) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := e.checkRoles(roles); err != nil {
		return err
	}
	e.roles = cloneRoles(roles)
	return nil
}

// checkRoles returns what is wrong with roles. The lock is held.
func (e *Emulator) checkRoles(roles map[string]Role) error {
	for _, arn := range slices.Sorted(maps.Keys(roles)) {
		if !roleARN.MatchString(arn) {
			return fmt.Errorf("%w: the role %q is not of the form qcs::cam::uin/100000000001:roleName/prowatch", ErrInvalid, arn)
		}
		for _, id := range append([]string{roles[arn].Account}, roles[arn].Trusts...) {
			if _, err := e.account(id); err != nil {
				return fmt.Errorf("role %s: %w", arn, err)
			}
		}
	}
	return nil
}

// Roles returns the roles by their ARN.
func (e *Emulator) Roles() map[string]Role {
	e.mu.Lock()
	defer e.mu.Unlock()
	return cloneRoles(e.roles)
}

func cloneRoles(roles map[string]Role) map[string]Role {
	c := make(map[string]Role, len(roles))
	for arn, r := range roles {
		r.Trusts = slices.Clone(r.Trusts)
		c[arn] = r
	}
	return c
}

// admits reports whether an account may assume the role.
func (r Role) admits(account, externalID string) bool {
	if r.ExternalID != "" && r.ExternalID != externalID {
		return false
	}
	return len(r.Trusts) == 0 || slices.Contains(r.Trusts, account)
}
