package emulator

import (
	"fmt"
	"hash/crc32"
	"maps"
	"slices"
	"strings"
)

// callerIdentity answers GetCallerIdentity.
func (e *Emulator) callerIdentity(q question) (fields, *refusal) {
	uin := e.uinOf(q.caller)
	return fields{
		"Arn": "qcs::cam::uin/" + uin + ":uin/" + uin, "AccountId": uin, "UserId": uin, "PrincipalId": uin, "Type": "RootUser",
	}, nil
}

// uinOf returns the number of an account: that which the organisation or a role
// gives it, else one made from its SecretId. The lock is held.
func (e *Emulator) uinOf(account string) string {
	if account == e.organization.Account && e.organization.UIN > 0 {
		return fmt.Sprint(e.organization.UIN)
	}
	for _, arn := range slices.Sorted(maps.Keys(e.roles)) {
		if e.roles[arn].Account == account {
			uin, _, _ := strings.Cut(strings.TrimPrefix(arn, "qcs::cam::uin/"), ":")
			return uin
		}
	}
	return fmt.Sprint(100_000_000_000 + int64(crc32.ChecksumIEEE([]byte(account))))
}
