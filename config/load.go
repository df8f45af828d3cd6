package config

import (
	"context"
	"maps"
	"slices"

	"prowatch/config/strict"
	"prowatch/watch"
)

// defaultConcurrency is how many accounts are asked at a time where nothing
// else is set: below the API's 20 requests a second.
const defaultConcurrency = 16

// defaultBatch is how many accounts one fan-out message holds.
const defaultBatch = 100

// Options are what the reading of a configuration needs from outside. With the
// zero value a document without references and without channels can be read.
type Options struct {
	// LookupEnv is os.LookupEnv, Environ os.Environ. Without Environ, unknown
	// variables are not warned of.
	LookupEnv func(name string) (string, bool)
	Environ   func() []string

	// ReadFile is os.ReadFile. Where there is no file its error must be
	// fs.ErrNotExist.
	ReadFile func(path string) ([]byte, error)

	// Secrets resolve references by scheme beside env and file: awssecret,
	// awsssm, tencentssm. Their errors must hold no secret.
	Secrets map[string]func(ctx context.Context, ref string) (string, error)

	// ChannelTypes are the kinds of channels by the name of their type.
	ChannelTypes map[string]ChannelType

	// AllowNoCredentials lets an account have no key, since the platform has a
	// role for it.
	AllowNoCredentials bool

	// AllowNoChannels lets there be no channel, for what tells nobody.
	AllowNoChannels bool
}

// ChannelType is what is to be known of a kind of channel to read its settings.
type ChannelType struct {
	// New returns a pointer to a fresh struct whose fields have yaml tags.
	New func() any

	// Required are keys that every channel of the type must have.
	Required []string

	// SecretKey is the key that PROWATCH_CHANNEL_SECRET sets, "" for none.
	SecretKey string
}

// Load reads a configuration whose name, for the errors, is file. The error,
// if any, is [strict.Problems].
func Load(ctx context.Context, file string, data []byte, o Options) (*Settings, error) {
	l := newLoader(o)
	root := l.Parse(file, data)
	if root == nil {
		return nil, l.Err()
	}
	s, err := l.load(ctx, file, root)
	if err == nil {
		s.Warnings = append(s.Warnings, l.overruled(file)...)
	}
	return s, err
}

// loader turns one document into settings.
type loader struct {
	strict.Decoder
	opts Options
	used map[string]bool // variables that references named
	out  Settings
}

func newLoader(o Options) *loader {
	if o.LookupEnv == nil {
		o.LookupEnv = func(string) (string, bool) { return "", false }
	}
	return &loader{opts: o, used: map[string]bool{}}
}

func (l *loader) load(ctx context.Context, origin string, root *strict.Node) (*Settings, error) {
	l.out.Origin = origin
	l.expand(ctx, root)
	var f form
	l.Decode(root, &f, "the configuration")
	if root.Kind != strict.Map && root.Kind != strict.Null {
		return nil, l.Err()
	}
	l.out.Policy = DecodePolicy(&l.Decoder, f.Policy, watch.DefaultPolicy())
	l.accounts(root, f.Accounts)
	l.channels(root, f.Channels)
	l.routes(&f.Routes)
	l.runbooks(f.Runbooks)
	l.rest(&f)
	if err := l.Err(); err != nil {
		return nil, err
	}
	return &l.out, nil
}

// rest takes over the keys that stand alone.
func (l *loader) rest(f *form) {
	l.out.State, l.out.CAFile = f.State.Value, f.CAFile.Value
	l.out.Concurrency = l.atLeast("concurrency", &f.Concurrency, 1, defaultConcurrency)
	l.out.Schedule = l.cron("schedule", &f.Schedule)
	l.out.HTTP = l.http(&f.HTTP)
	l.out.Heartbeat.URL = l.webURL("heartbeat.url", &f.Heartbeat.URL)
	l.out.Digest = l.digest(&f.Digest)
	l.warnUnrouted()
	if f.Fanout.Set() && f.Fanout.Node.Kind == strict.Map {
		l.out.Fanout.Queue = l.required("fanout", "queue", f.Fanout.Node.Pos, &f.Fanout.Value.Queue)
		l.out.Fanout.Batch = l.atLeast("batch", &f.Fanout.Value.Batch, 1, defaultBatch)
	}
}

func (l *loader) http(f *httpForm) HTTP {
	h := HTTP{Listen: l.listen(&f.Listen), PublicURL: l.webURL("public_url", &f.PublicURL), SigningKey: f.SigningKey}
	seen := map[string]bool{}
	for _, t := range f.Tokens {
		if t.Node.Kind != strict.Map {
			continue // noted already
		}
		token := Token{Token: l.required("a token", "token", t.Node.Pos, &t.Value.Token), Scope: t.Value.Scope, Expires: t.Value.Expires}
		if token.Scope == "" {
			token.Scope = "read"
		}
		if token.Token != "" && seen[token.Token] {
			l.Addf(t.Node.Pos, "this token stands in the list twice: give each bearer its own")
		}
		seen[token.Token] = true
		h.Tokens = append(h.Tokens, token)
	}
	for _, o := range f.CORS {
		h.CORS = append(h.CORS, l.origin("cors", &o))
	}
	return h
}

func (l *loader) digest(f *strict.Field[digestForm]) Digest {
	if !f.Set() || f.Node.Kind != strict.Map {
		return Digest{}
	}
	d := Digest{
		Channel: l.required("digest", "channel", f.Node.Pos, &f.Value.Channel),
		Cron:    l.cron("cron", &f.Value.Cron),
	}
	l.required("digest", "cron", f.Node.Pos, &f.Value.Cron)
	if d.Channel != "" {
		l.knownChannel(f.Value.Channel.Node)
	}
	return d
}

// runbooks are pages by type of notice, in the order of the document.
func (l *loader) runbooks(n *strict.Node) {
	if n == nil {
		return
	}
	pages := map[watch.Type]text{}
	l.Decode(n, &pages, "runbooks")
	for _, p := range n.Pairs {
		typ := watch.Type(p.Key)
		if !slices.Contains(noticeTypes, typ) {
			l.Addf(p.Pos, "runbooks are by type of notice, and there is no such type%s", strict.Meant(p.Key, NoticeTypes()))
		}
		page := pages[typ]
		if l.webURL("a runbook", &page); page.Value != "" {
			if l.out.Runbooks == nil {
				l.out.Runbooks = map[watch.Type]string{}
			}
			l.out.Runbooks[typ] = page.Value
		}
	}
}

// schemes are those that Options give resolvers for.
func (o *Options) schemes() []string { return slices.Sorted(maps.Keys(o.Secrets)) }
