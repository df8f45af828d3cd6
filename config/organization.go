package config

import (
	"regexp"

	"prowatch/config/strict"
)

// defaultRole is what an organisation makes in each account that it creates,
// for its management account to assume.
const defaultRole = "OrganizationAccessControlRole"

type organizationForm struct {
	keyForm     `yaml:",inline"`
	Role        text              `yaml:"role"`
	Exclude     []text            `yaml:"exclude"`
	IDPrefix    text              `yaml:"id_prefix"`
	IncludeSelf bool              `yaml:"include_self"`
	Labels      map[string]string `yaml:"labels"`
	Policy      *strict.Node      `yaml:"policy"`
}

var (
	uin      = regexp.MustCompile(`^[1-9][0-9]{0,19}$`)
	roleName = regexp.MustCompile(`^[A-Za-z0-9_+=,.@-]{1,128}$`)
	idPrefix = regexp.MustCompile(`^[A-Za-z0-9_-][A-Za-z0-9._-]{0,39}$`)
)

func (l *loader) organization(at strict.Pos, f *organizationForm) *Organization {
	o := &Organization{
		Key: l.key("an organization", at, &f.keyForm), Role: f.Role.Value, IDPrefix: f.IDPrefix.Value,
		IncludeSelf: f.IncludeSelf, Labels: f.Labels, Pos: at,
	}
	if o.Role == "" {
		o.Role = defaultRole
	}
	if f.Role.Good() && f.Role.Value != "" && !roleName.MatchString(f.Role.Value) {
		l.Addf(f.Role.Node.Pos, "%s is no name of a role: write the name alone, such as %s", f.Role.Node.Show(), defaultRole)
	}
	if f.IDPrefix.Good() && f.IDPrefix.Value != "" && !idPrefix.MatchString(f.IDPrefix.Value) {
		l.Addf(f.IDPrefix.Node.Pos, "%s begins no id: write up to 40 of the characters A-Z a-z 0-9 . _ - and no leading dot", f.IDPrefix.Node.Show())
	}
	for _, member := range f.Exclude {
		if member.Good() && !uin.MatchString(member.Value) {
			l.Addf(member.Node.Pos, "%s is no account: write the number (UIN) of a member", member.Node.Show())
		}
		o.Exclude = append(o.Exclude, member.Value)
	}
	o.Policy = DecodePolicy(&l.Decoder, f.Policy, l.out.Policy)
	return o
}

// Account returns the account of a member, to be watched through the role. Its
// id goes by the number, since names change.
func (o *Organization) Account(uin, name, department string) Account {
	a := o.account(uin, name, department)
	a.RoleARN = "qcs::cam::uin/" + uin + ":roleName/" + o.Role
	return a
}

// Self returns the account that manages the organisation, to be watched with
// its own key.
func (o *Organization) Self(uin string) Account { return o.account(uin, "", "") }

func (o *Organization) account(uin, name, department string) Account {
	labels := map[string]string{}
	for key, value := range map[string]string{"name": name, "department": department} {
		if value != "" {
			labels[key] = value
		}
	}
	for key, value := range o.Labels {
		labels[key] = value
	}
	return Account{ID: o.IDPrefix + uin, Key: o.Key, Labels: labels, Policy: o.Policy, Pos: o.Pos}
}
