package config

import (
	"regexp"

	"prowatch/config/strict"
)

const noAccount = `there is no account to watch: add accounts: [{id: acme, secret_id: "${env:ACME_ID}", secret_key: "${env:ACME_KEY}"}]`

// accountsForm is what accounts are where they are no list.
type accountsForm struct {
	List         *strict.Node                   `yaml:"list"`
	Organization strict.Field[organizationForm] `yaml:"organization" is:"an organization"`
}

// accounts reads the key accounts: a list, or an object that has one beside the
// organisation where more are found.
func (l *loader) accounts(root, n *strict.Node) {
	switch {
	case n == nil || n.Kind == strict.Null:
		l.Addf(root.Pos, noAccount)
	case n.Kind != strict.Map:
		l.listed(n)
	default:
		var f accountsForm
		l.Decode(n, &f, "accounts")
		if o := &f.Organization; o.Set() && o.Node.Kind == strict.Map {
			l.out.Organization = l.organization(o.Node.Pos, &o.Value)
		} else if f.List == nil || f.List.Kind == strict.Null {
			l.Addf(n.Pos, noAccount)
			return
		}
		if f.List != nil && f.List.Kind != strict.Null {
			l.listed(f.List)
		}
	}
}

// listed reads a list of accounts.
func (l *loader) listed(n *strict.Node) {
	if n.Kind == strict.List && len(n.Items) == 0 && l.out.Organization == nil {
		l.Addf(n.Pos, noAccount)
		return
	}
	var list []strict.Field[accountForm]
	l.Decode(n, &list, "an account")
	seen := map[string]strict.Pos{}
	for _, a := range list {
		if a.Node.Kind != strict.Map {
			continue // noted already
		}
		account := l.account(a.Node.Pos, &a.Value)
		id := a.Value.ID.Node
		if first, twice := seen[account.ID]; twice {
			l.Addf(id.Pos, "the id %s is that of another account already (%s): give each its own", id.Show(), first)
		} else if account.ID != "" {
			seen[account.ID] = id.Pos
		}
		l.out.Accounts = append(l.out.Accounts, account)
	}
}

func (l *loader) account(at strict.Pos, f *accountForm) Account {
	a := Account{
		ID: l.required("an account", "id", at, &f.ID), Key: l.key("an account", at, &f.keyForm),
		RoleARN: f.RoleARN.Value, ExternalID: f.ExternalID.Value, Labels: f.Labels, Pos: at,
	}
	if a.ID != "" && !identifier.MatchString(a.ID) {
		l.Addf(f.ID.Node.Pos, "%s is no id: %s", f.ID.Node.Show(), identifierMend)
	}
	l.role(f)
	a.Policy = DecodePolicy(&l.Decoder, f.Policy, l.out.Policy)
	return a
}

// The forms of a role and of an external id,
// https://www.tencentcloud.com/document/product/1150/49456.
var (
	roleARN    = regexp.MustCompile(`^qcs::cam::uin/[0-9]+:(roleName/|role/(tencentcloudServiceRole(Name)?/)?)[A-Za-z0-9_+=,.@-]+$`)
	externalID = regexp.MustCompile(`^[A-Za-z0-9_+=,.@:/-]{2,128}$`)
)

func (l *loader) role(f *accountForm) {
	if f.ExternalID.Value != "" && f.RoleARN.Value == "" {
		l.Addf(f.ExternalID.Node.Pos, "external_id goes with role_arn: add that, or leave this out")
	}
	if f.RoleARN.Good() && f.RoleARN.Value != "" && !roleARN.MatchString(f.RoleARN.Value) {
		l.Addf(f.RoleARN.Node.Pos, "%s is no role: write it as the console shows it, such as qcs::cam::uin/100000000001:roleName/prowatch", f.RoleARN.Node.Show())
	}
	if f.ExternalID.Good() && f.ExternalID.Value != "" && !externalID.MatchString(f.ExternalID.Value) {
		l.Addf(f.ExternalID.Node.Pos, "%s is no external id: write 2 to 128 of the characters A-Z a-z 0-9 _ + = , . @ : / -", f.ExternalID.Node.Show())
	}
}
