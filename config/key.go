package config

import (
	"regexp"

	"prowatch/config/strict"
)

// key reads a key and where it is used. What is whose it is.
func (l *loader) key(what string, at strict.Pos, f *keyForm) Key {
	k := Key{
		SecretID: f.SecretID.Value, SecretKey: f.SecretKey.Value, Token: f.Token.Value, Credentials: f.Credentials.Value,
		Site: f.Site.Value, Endpoint: f.Endpoint, STSEndpoint: f.STSEndpoint, AllowHTTP: f.AllowHTTP,
	}
	if k.Site == "" {
		k.Site = "intl"
	}
	if f.Credentials.Set() {
		l.credentials(f)
		return k
	}
	none := k.SecretID == "" && k.SecretKey == "" && k.Token == ""
	if none && l.opts.AllowNoCredentials && !f.SecretID.Set() && !f.SecretKey.Set() {
		return k
	}
	l.required(what, "secret_id", at, &f.SecretID)
	l.required(what, "secret_key", at, &f.SecretKey)
	return k
}

// credentialsForm is the form of what credentials say. A section or profile
// becomes a part of a path.
var credentialsForm = regexp.MustCompile(`^((file|tccli)(:[A-Za-z0-9_-][A-Za-z0-9._-]{0,63})?|role|tke)$`)

// credentials are where the key comes from that is not there itself.
func (l *loader) credentials(f *keyForm) {
	if f.Credentials.Good() && !credentialsForm.MatchString(f.Credentials.Value) {
		// Not quoted: somebody may have put the key itself here.
		l.Addf(f.Credentials.Node.Pos, "credentials says no source of a key: write file, file:SECTION, tccli, tccli:PROFILE, role or tke")
	}
	for _, own := range []struct {
		key string
		*text
	}{{"secret_id", &f.SecretID}, {"secret_key", &f.SecretKey}, {"token", &f.Token}} {
		if own.Set() {
			l.Addf(own.Node.Pos, "%s and credentials are two sources of one key: leave one of them out", own.key)
		}
	}
}
