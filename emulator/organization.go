package emulator

import (
	"fmt"
	"hash/crc32"
	"maps"
	"slices"
	"strings"
)

// Organization is what DescribeOrganizationMembers lists.
type Organization struct {
	// Account is the SecretId of the account that manages it: it alone may ask.
	Account string `json:"account"`
	// UIN is that account's number.
	UIN     int64    `json:"uin"`
	Members []Member `json:"members"`
}

// Member is an account of an organisation. What it answers is set by a [Role]
// with its number.
type Member struct {
	UIN        int64  `json:"uin"`
	Name       string `json:"name"`
	Department string `json:"department,omitempty"`
}

// SetOrganization replaces the organisation. Its error is [ErrInvalid] or
// [ErrNoAccount].
func (e *Emulator) SetOrganization(o Organization) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if _, err := e.account(o.Account); err != nil {
		return err
	}
	for _, uin := range append([]int64{o.UIN}, o.uins()...) {
		if uin <= 0 {
			return fmt.Errorf("%w: the number %d is no account's: use one such as 100000000001", ErrInvalid, uin)
		}
	}
	o.Members = slices.Clone(o.Members)
	e.organization = o
	return nil
}

func (o *Organization) uins() []int64 {
	var all []int64
	for _, m := range o.Members {
		all = append(all, m.UIN)
	}
	return all
}

// Organization returns the organisation; its zero value is none.
func (e *Emulator) Organization() Organization {
	e.mu.Lock()
	defer e.mu.Unlock()
	o := e.organization
	o.Members = slices.Clone(o.Members)
	return o
}

// ssmRate is the documented rate of GetSecretValue, in requests a second
// (https://tencentcloud.com/document/product/1078/38649).
const ssmRate = 300

// maxMembers is the most that one answer lists, and defaultMembers how many it
// lists where none is asked for (https://tencentcloud.com/document/api/1031/52062).
const (
	maxMembers     = 50
	defaultMembers = 10
)

// organizationMembers answers DescribeOrganizationMembers.
func (e *Emulator) organizationMembers(q question) (fields, *refusal) {
	offset, ok := q.arguments.integer("Offset", 0)
	if !ok || offset < 0 {
		return nil, refuse(textTypeError, "{parameter}", "Offset")
	}
	limit, ok := q.arguments.integer("Limit", defaultMembers)
	if !ok || limit < 1 || limit > maxMembers {
		return nil, refuse(textInvalidValue, "{parameter}", "Limit")
	}
	if q.caller != e.organization.Account {
		return nil, refuse(textNotAuthorized, "{resource}", "*")
	}
	items := []any{}
	all := e.organization.Members
	for _, m := range all[min(offset, int64(len(all))):min(offset+limit, int64(len(all)))] {
		items = append(items, fields{
			"MemberUin": m.UIN, "Name": m.Name, "NodeName": m.Department, "NodeId": 1, "MemberType": "Create",
			"OrgPolicyType": "Financial", "PermissionStatus": "Confirmed", "IsAllowQuit": "Denied", "Remark": nil, "PayUin": nil,
		})
	}
	return fields{"Items": items, "Total": len(all)}, nil
}

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

// secretValue answers GetSecretValue.
func (e *Emulator) secretValue(q question) (fields, *refusal) {
	if q.region == "" {
		return nil, q.missing("Region")
	}
	name, version := q.arguments.text("SecretName"), q.arguments.text("VersionId")
	for parameter, value := range map[string]string{"SecretName": name, "VersionId": version} {
		if value == "" {
			return nil, refuse(textMissingParameter, "{parameter}", parameter)
		}
	}
	value, ok := e.secrets[name+"/"+version]
	if !ok {
		return nil, refuse(catalogue["ResourceNotFound"])
	}
	q.hide(value)
	return fields{"SecretName": name, "VersionId": version, "SecretString": value, "SecretBinary": ""}, nil
}
