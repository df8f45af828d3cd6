package config

import (
	"context"
	"slices"
	"strings"

	"prowatch/config/strict"
)

// prefix begins the names of all variables.
const prefix = "PROWATCH_"

// The variables that are no key of an account or a channel.
const (
	configVariable = prefix + "CONFIG"
	stateVariable  = prefix + "STATE"
	tokenVariable  = prefix + "HTTP_TOKEN"
	typeVariable   = prefix + "CHANNEL_TYPE"
)

// environment is where settings come from that no file holds.
const environment = "the environment"

// defaultName is the id of the one account and the name of the one channel
// that the environment alone can set.
const defaultName = "default"

// A variable sets a key.
type variable struct{ name, key string }

var accountVariables = []variable{
	{prefix + "SECRET_ID", "secret_id"}, {prefix + "SECRET_KEY", "secret_key"}, {prefix + "TOKEN", "token"},
	{prefix + "SITE", "site"}, {prefix + "ENDPOINT", "endpoint"},
	{prefix + "CREDENTIALS", "credentials"}, {prefix + "ROLE_ARN", "role_arn"}, {prefix + "EXTERNAL_ID", "external_id"},
}

// channelVariables returns the variables of a channel whose type calls its
// secret so.
func channelVariables(secretKey string) []variable {
	if secretKey == "" {
		secretKey = "secret"
	}
	return []variable{
		{typeVariable, typeKey}, {prefix + "CHANNEL_URL", "url"}, {prefix + "CHANNEL_SECRET", secretKey},
		{prefix + "CHANNEL_CHAT_ID", "chat_id"}, {prefix + "LANGUAGE", "language"},
	}
}

// variables are all names that the environment alone can set.
func variables() []string {
	names := []string{configVariable, stateVariable, tokenVariable}
	for _, v := range slices.Concat(accountVariables, channelVariables("")) {
		names = append(names, v.name)
	}
	return names
}

// loadEnv reads one account and one channel from the environment. Its values
// take secret references, as those of a file do.
func loadEnv(ctx context.Context, o Options) (*Settings, error) {
	l := newLoader(o)
	s, err := l.load(ctx, environment, l.envDocument())
	if err != nil {
		return nil, err
	}
	s.Warnings = append(s.Warnings, l.unknownVariables()...)
	return s, nil
}

// envDocument makes the document that a file would hold. Its places are the
// names of the variables.
func (l *loader) envDocument() *strict.Node {
	account := []strict.Pair{pair("id", at(environment), defaultName)}
	if keys := l.pairs(accountVariables, l.envCredentials()); len(keys) > 0 {
		account = append(account, keys...)
	}
	typ, _ := l.opts.LookupEnv(typeVariable)
	kind := l.opts.ChannelTypes[typ]
	doc := mapping(strict.Pair{Key: "accounts", Pos: at(environment), Value: list(mapping(account...))})
	if given := l.pairs(channelVariables(kind.SecretKey), nil); len(given) > 0 || !l.opts.AllowNoChannels {
		channel := l.pairs(channelVariables(kind.SecretKey), append([]string{typeKey}, kind.Required...))
		doc.Pairs = append(doc.Pairs, strict.Pair{Key: "channels", Pos: at(environment), Value: mapping(
			strict.Pair{Key: defaultName, Pos: at(environment), Value: mapping(channel...)})})
	}
	doc.Pairs = append(doc.Pairs, l.pairs([]variable{{stateVariable, "state"}}, nil)...)
	if token := l.pairs([]variable{{tokenVariable, "token"}}, nil); len(token) > 0 {
		// The one token there is has to do for everything.
		token = append(token, pair("scope", at(tokenVariable), "operate"))
		http := mapping(strict.Pair{Key: "tokens", Pos: at(tokenVariable), Value: list(mapping(token...))})
		doc.Pairs = append(doc.Pairs, strict.Pair{Key: "http", Pos: at(tokenVariable), Value: http})
	}
	return doc
}

// envCredentials are the keys of an account that must be there.
func (l *loader) envCredentials() []string {
	keys := []string{"secret_id", "secret_key"}
	if elsewhere, _ := l.opts.LookupEnv(prefix + "CREDENTIALS"); elsewhere != "" {
		return nil
	}
	if l.opts.AllowNoCredentials && len(l.pairs(accountVariables[:3], nil)) == 0 {
		return nil
	}
	return keys
}

// pairs returns the keys whose variables are set; a missing one that is
// required is there with an empty text, so that it is told at its name.
func (l *loader) pairs(vs []variable, required []string) []strict.Pair {
	var out []strict.Pair
	for _, v := range vs {
		value, _ := l.opts.LookupEnv(v.name)
		if value != "" || slices.Contains(required, v.key) {
			out = append(out, pair(v.key, at(v.name), value))
		}
	}
	return out
}

func at(name string) strict.Pos { return strict.Pos{File: name} }

func pair(key string, pos strict.Pos, value string) strict.Pair {
	return strict.Pair{Key: key, Pos: pos, Value: &strict.Node{Kind: strict.Text, Pos: pos, Text: value}}
}

func mapping(pairs ...strict.Pair) *strict.Node {
	return &strict.Node{Kind: strict.Map, Pos: at(environment), Pairs: pairs}
}

func list(item *strict.Node) *strict.Node {
	return &strict.Node{Kind: strict.List, Pos: item.Pos, Items: []*strict.Node{item}}
}

// unknownVariables warns of names that are likely to be mistyped.
func (l *loader) unknownVariables() []string {
	var out []string
	for _, name := range l.named() {
		if !l.used[name] && !slices.Contains(variables(), name) {
			mend := ""
			if meant := strict.Nearest(name, variables()); meant != "" {
				mend = "; did you mean " + meant + "?"
			}
			out = append(out, name+" is no variable of prowatch and sets nothing"+mend)
		}
	}
	return out
}

// overruled warns of variables that a file beats.
func (l *loader) overruled(file string) []string {
	var out []string
	for _, name := range l.named() {
		if name != configVariable && !l.used[name] && slices.Contains(variables(), name) {
			out = append(out, name+" sets nothing, since "+file+" is used: move it there, or unset it")
		}
	}
	return out
}

// named returns the names in the environment that are meant for prowatch.
func (l *loader) named() []string {
	if l.opts.Environ == nil {
		return nil
	}
	var names []string
	for _, entry := range l.opts.Environ() {
		name, value, _ := strings.Cut(entry, "=")
		if strings.HasPrefix(name, prefix) && value != "" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
