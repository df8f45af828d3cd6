package config

import (
	"prowatch/config/strict"
)

func (l *loader) accounts(root *strict.Node, f *strict.Field[[]strict.Field[accountForm]]) {
	if !f.Set() || f.Node.Kind == strict.List && len(f.Node.Items) == 0 {
		at := root.Pos
		if f.Set() {
			at = f.Node.Pos
		}
		l.Addf(at, `there is no account to watch: add accounts: [{id: acme, secret_id: "${env:ACME_ID}", secret_key: "${env:ACME_KEY}"}]`)
		return
	}
	seen := map[string]strict.Pos{}
	for _, a := range f.Value {
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
		ID: l.required("an account", "id", at, &f.ID), SecretID: f.SecretID.Value, SecretKey: f.SecretKey.Value, Token: f.Token.Value,
		Site: f.Site.Value, Endpoint: f.Endpoint, AllowHTTP: f.AllowHTTP, RoleARN: f.RoleARN, ExternalID: f.ExternalID.Value,
		Labels: f.Labels, Pos: at,
	}
	if a.ID != "" && !identifier.MatchString(a.ID) {
		l.Addf(f.ID.Node.Pos, "%s is no id: %s", f.ID.Node.Show(), identifierMend)
	}
	if a.Site == "" {
		a.Site = "intl"
	}
	if a.ExternalID != "" && a.RoleARN == "" {
		l.Addf(f.ExternalID.Node.Pos, "external_id goes with role_arn: add that, or leave this out")
	}
	l.credentials(at, f)
	a.Policy = DecodePolicy(&l.Decoder, f.Policy, l.out.Policy)
	return a
}

// credentials are a whole key, or nothing at all where the platform has a role.
func (l *loader) credentials(at strict.Pos, f *accountForm) {
	none := f.SecretID.Value == "" && f.SecretKey.Value == "" && f.Token.Value == ""
	if none && l.opts.AllowNoCredentials && !f.SecretID.Set() && !f.SecretKey.Set() {
		return
	}
	l.required("an account", "secret_id", at, &f.SecretID)
	l.required("an account", "secret_key", at, &f.SecretKey)
}
