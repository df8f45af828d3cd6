package credentials

import (
	"context"

	"prowatch/tcss"
)

// Assume returns a source of keys that act for a role's account. sts asks with
// the key that may assume it.
func Assume(sts *tcss.STS, r tcss.Role) *Leased {
	return NewLeased(func(ctx context.Context) (tcss.Lease, error) { return sts.AssumeRole(ctx, r) })
}
