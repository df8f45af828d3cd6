package emulator

import (
	"fmt"
	"slices"
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
	if err := e.checkOrganization(o); err != nil {
		return err
	}
	e.organization = o.clone()
	return nil
}

// checkOrganization returns what is wrong with an organisation. The lock is
// held.
func (e *Emulator) checkOrganization(o Organization) error {
	if _, err := e.account(o.Account); err != nil {
		return fmt.Errorf("organization: %w", err)
	}
	uins := []int64{o.UIN}
	for _, m := range o.Members {
		uins = append(uins, m.UIN)
	}
	for _, uin := range uins {
		if uin <= 0 {
			return fmt.Errorf("%w: organization: the number %d is no account's: use one such as 100000000001", ErrInvalid, uin)
		}
	}
	return nil
}

// clone shares nothing with o.
func (o Organization) clone() Organization {
	o.Members = slices.Clone(o.Members)
	return o
}

// Organization returns the organisation; its zero value is none.
func (e *Emulator) Organization() Organization {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.organization.clone()
}

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
