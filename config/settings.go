package config

import (
	"fmt"
	"time"

	"prowatch/config/strict"
	"prowatch/watch"
)

// Settings are a whole configuration, checked.
type Settings struct {
	// Origin is where they were read from: a file, PROWATCH_CONFIG or the
	// environment.
	Origin string

	// Warnings are what is likely to be a mistake but can be run, a line each.
	Warnings []string

	// References are the secret references that the document has, such as
	// "awsssm:/prowatch/key", each once and in order; never their values.
	References []string

	Accounts []Account // each id once; at least one where there is no Organization

	// Organization is where more accounts are found, nil for nowhere.
	Organization *Organization

	Channels []Channel // at least one, each name once

	// Routes end with one that matches everything. Where the key routes is left
	// out, everything goes to every channel.
	Routes watch.Routes

	// Policy is that of the whole; each account holds its own.
	Policy watch.Policy

	// State names the store, such as "file:./state"; "" where nothing was set,
	// which the mains decide on.
	State string

	// Runbooks are the owner's own pages by type of notice.
	Runbooks map[watch.Type]string

	// Concurrency is how many accounts are asked at a time.
	Concurrency int

	// CAFile is a PEM file of certificate authorities to trust beside the
	// system's; "" for none.
	CAFile string

	Schedule  string // of serve, five cron fields; "" where not set
	HTTP      HTTP
	Heartbeat Heartbeat
	Digest    Digest
	Fanout    Fanout
}

// Account is one Tencent Cloud account to watch.
type Account struct {
	ID string
	Key

	RoleARN    string // the role to assume with the key, or ""
	ExternalID string // goes with RoleARN

	Labels map[string]string
	Policy watch.Policy

	Pos strict.Pos
}

// Key is an API key, and where it is used.
type Key struct {
	// The key itself; Token only with a temporary one. All are "" where it comes
	// from elsewhere.
	SecretID  string
	SecretKey string
	Token     string

	// Credentials say where else it comes from: "file", "tccli", "role" or
	// "tke", the first two with a section or profile after a colon; "" for the
	// key itself or, where there is none, the platform's role.
	Credentials string

	Site        string // "intl" or "cn"
	Endpoint    string // of TCSS: host[:port] or a URL; "" for the site's
	STSEndpoint string // of STS; "" for the one beside Endpoint
	AllowHTTP   bool   // the endpoints may be http:// on another machine
}

// Organization is an organisation whose members are watched.
type Organization struct {
	Key // of the account that manages it

	Role     string   // the role that is assumed in each member, by name
	Exclude  []string // numbers (UIN) of members that are not watched
	IDPrefix string   // begins the ids, which go on with the number

	// IncludeSelf says that the account that manages it is watched, too.
	IncludeSelf bool

	Labels map[string]string
	Policy watch.Policy

	Pos strict.Pos
}

// Channel is one place to tell people in.
type Channel struct {
	Name string
	Type string

	// Config is what the type's New returned, with the settings in it.
	Config any

	Pos strict.Pos
}

// HTTP is how the API and the page are served.
type HTTP struct {
	Listen     string // host:port; "" where not set
	PublicURL  string
	SigningKey string
	Tokens     []Token
	CORS       []string // the origins whose pages may ask the API
}

// Token is one bearer of the API.
type Token struct {
	Token   string
	Scope   string    // "read" or "operate"
	Expires time.Time // zero for never
}

// Heartbeat is a URL to call after each whole run, or "".
type Heartbeat struct {
	URL string
}

// Digest is a regular word that all is well.
type Digest struct {
	Channel string // "" for none
	Cron    string
}

// Fanout hands batches of accounts to a queue.
type Fanout struct {
	Queue string // "" for none
	Batch int    // accounts in one message
}

// Format writes counts, whatever the verb, since settings hold secrets.
func (s Settings) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "settings from %s: %d accounts, %d channels", s.Origin, len(s.Accounts), len(s.Channels))
}

// Format writes the id, whatever the verb.
func (a Account) Format(f fmt.State, _ rune) { fmt.Fprintf(f, "account %s", a.ID) }

// Format writes where the key comes from, whatever the verb.
func (k Key) Format(f fmt.State, _ rune) { fmt.Fprintf(f, "key: %s", k.Source()) }

// Source says in words where the key comes from.
func (k Key) Source() string {
	switch {
	case k.Credentials != "":
		return "credentials " + k.Credentials
	case k.SecretID != "":
		return "secret_id"
	}
	return "the platform's role"
}

// Format writes the role, whatever the verb.
func (o Organization) Format(f fmt.State, _ rune) { fmt.Fprintf(f, "organization by role %s", o.Role) }

// Format writes name and type, whatever the verb.
func (c Channel) Format(f fmt.State, _ rune) { fmt.Fprintf(f, "channel %s (%s)", c.Name, c.Type) }

// Format writes the scope, whatever the verb.
func (t Token) Format(f fmt.State, _ rune) { fmt.Fprintf(f, "token of scope %s", t.Scope) }

// Format writes that there is one, whatever the verb.
func (h Heartbeat) Format(f fmt.State, _ rune) { fmt.Fprintf(f, "heartbeat set: %t", h.URL != "") }

// Format writes the address, whatever the verb.
func (h HTTP) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "http on %q, %d tokens", h.Listen, len(h.Tokens))
}
