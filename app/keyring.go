package app

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"prowatch/config"
	"prowatch/credentials"
	"prowatch/tcss"
)

// A source is where a key comes from: each call asks provide for it, and tells
// renew, where there is one, of a key that was refused.
type source struct {
	provide func(context.Context) (tcss.Credentials, error)
	renew   func(ctx context.Context, secretID string) bool
}

func leased(l *credentials.Leased) source { return source{l.Credentials, l.Refused} }

// keyring has the sources of all keys, each once, so that accounts with one
// source share what it keeps. It lives as long as the process.
type keyring struct {
	options   Options
	transport http.RoundTripper
	limiters  *tcss.Limiters // of STS
	sources   map[config.Key]source
	roles     map[assumed]source
	reread    *rereader
}

// assumed is a role of an account, and the key that it is assumed with.
type assumed struct {
	key                      config.Key
	account, arn, externalID string
}

func newKeyring(transport http.RoundTripper, o Options) *keyring {
	return &keyring{options: o, transport: transport, limiters: tcss.STSLimiters(), sources: map[config.Key]source{}, roles: map[assumed]source{}, reread: &rereader{options: o}}
}

// of returns the source of the key that an account is watched with.
func (k *keyring) of(acc *config.Account) (source, error) {
	base, err := k.base(acc.Key, acc.ID)
	if err != nil || acc.RoleARN == "" {
		return base, err
	}
	role := assumed{acc.Key, acc.ID, acc.RoleARN, acc.ExternalID}
	if s, ok := k.roles[role]; ok {
		return s, nil
	}
	sts, err := k.sts(acc.Key, base)
	if err != nil {
		return source{}, err
	}
	s := leased(credentials.Assume(sts, tcss.Role{ARN: acc.RoleARN, ExternalID: acc.ExternalID, Session: tcss.SessionName(acc.ID)}))
	k.roles[role] = s
	return s, nil
}

// base returns the source of a key, which an account of that id has, or the
// organisation where that is "".
func (k *keyring) base(key config.Key, id string) (source, error) {
	if s, ok := k.sources[key]; ok {
		return s, nil
	}
	s, err := k.open(key, id)
	if err == nil {
		k.sources[key] = s
	}
	return s, err
}

func (k *keyring) open(key config.Key, id string) (source, error) {
	machine := credentials.Machine{LookupEnv: k.options.LookupEnv, ReadFile: k.options.ReadFile}
	kind, name, _ := strings.Cut(key.Credentials, ":")
	switch {
	case kind == "file":
		return source{provide: credentials.File(machine, name)}, nil
	case kind == "tccli":
		return source{provide: credentials.TCCLI(machine, name)}, nil
	case kind == "tke":
		sts, err := k.sts(key, source{provide: tcss.Static(tcss.Credentials{})})
		if err != nil {
			return source{}, err
		}
		return leased(credentials.TKE(machine, sts, tcss.SessionName("tke"))), nil
	case kind == "" && key.SecretID != "":
		own := &ownKey{id: id, key: keyOf(key), reread: k.reread}
		return source{own.provide, own.renew}, nil
	case k.options.Credentials != nil:
		return source{provide: k.options.Credentials}, nil
	case kind == "role":
		return leased(credentials.Metadata(direct(), credentials.MetadataURL)), nil
	}
	return source{}, errors.New("there is no key: set secret_id and secret_key, or credentials")
}

// sts returns a client of STS that asks with a key.
func (k *keyring) sts(key config.Key, base source) (*tcss.STS, error) {
	return tcss.NewSTS(tcss.Options{
		Credentials: base.provide, Renew: base.renew, Site: key.Site, Endpoint: key.STSEndpoint, Beside: key.Endpoint,
		AllowHTTP: key.AllowHTTP, Transport: k.transport, Limiters: k.limiters,
	})
}

// direct returns a client for what is on this machine's own wire, which no
// proxy must see.
func direct() *http.Client {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.Proxy = nil
	return &http.Client{Transport: t}
}
