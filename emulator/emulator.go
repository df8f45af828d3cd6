package emulator

import (
	"cmp"
	"crypto/rand"
	"io"
	"maps"
	"net/http"
	"strings"
	"sync"
	"time"
)

// The account there is when none is configured.
const (
	DefaultSecretID  = "AKIDEMULATOR"
	DefaultSecretKey = "emulator-secret"
)

// DefaultRate is the API's documented limit for an account, in requests a
// second.
const DefaultRate = 20

// Options are the optional settings of [New]. The zero value is ready to use.
type Options struct {
	// Accounts are the secret keys by SecretId. It defaults to
	// [DefaultSecretID] with [DefaultSecretKey]. See [Emulator.SetAccount] for
	// what may be an id.
	Accounts map[string]string

	// Tokens are the tokens of accounts whose credentials are temporary, by
	// SecretId. A request of such an account must carry its token, and one of
	// any other account must not carry any.
	Tokens map[string]string

	// Rate is how many requests a second an account may make. It defaults to
	// [DefaultRate]; a negative one is no limit.
	Rate int

	// Now returns the time on the machine's clock, which signatures and the
	// rate go by. It defaults to time.Now.
	Now func() time.Time

	// Roles are what AssumeRole offers, by ARN. See [Emulator.SetRoles].
	Roles map[string]Role

	// Organization is what DescribeOrganizationMembers lists. See
	// [Emulator.SetOrganization].
	Organization Organization

	// Secrets are what GetSecretValue answers, by "name/version".
	Secrets map[string]string

	// AdminToken opens the admin API and its page to other machines, and must
	// then be in every call of it, this machine's too: as a bearer, or by
	// signing in on the page. Without it, only this machine may call.
	AdminToken string

	// Random is where request ids and temporary credentials come from. It
	// defaults to crypto/rand.Reader.
	Random io.Reader
}

// Emulator is the emulated API with its admin API. It is an [http.Handler],
// and all its methods may be called at any time from any goroutine.
type Emulator struct {
	now        func() time.Time
	rate       int
	adminToken string
	admin      http.Handler

	randomLock sync.Mutex
	randomness io.Reader

	mu           sync.Mutex
	accounts     map[string]*account
	temporary    map[string]credential // by SecretId
	roles        map[string]Role       // by ARN
	organization Organization
	secrets      map[string]string // never changed
	clock        *virtualClock
	start        State   // what a reset returns to
	log          []entry // a ring once it is full
	oldest       int
}

// New returns an emulator. opts may be nil. An account without a key, or with
// an id that cannot be one, is left out: no request can be signed for it. A
// role of a form that [Emulator.SetRoles] refuses leaves all of them out.
func New(opts *Options) *Emulator {
	if opts == nil {
		opts = &Options{}
	}
	e := &Emulator{
		now: opts.Now, rate: cmp.Or(opts.Rate, DefaultRate), adminToken: opts.AdminToken,
		randomness: opts.Random, accounts: map[string]*account{}, secrets: maps.Clone(opts.Secrets),
	}
	if e.now == nil {
		e.now = time.Now
	}
	if e.randomness == nil {
		e.randomness = rand.Reader
	}
	accounts := opts.Accounts
	if len(accounts) == 0 {
		accounts = map[string]string{DefaultSecretID: DefaultSecretKey}
	}
	for id, key := range accounts {
		_ = e.SetAccount(id, key, opts.Tokens[id])
	}
	_ = e.SetRoles(opts.Roles)
	_ = e.SetOrganization(opts.Organization)
	e.Reset()
	e.admin = e.adminHandler()
	return e
}

// ServeHTTP answers the admin API under /_emulator/ and the emulated API on
// every other path.
func (e *Emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/_emulator" || strings.HasPrefix(r.URL.Path, adminRoot) {
		e.admin.ServeHTTP(w, r)
		return
	}
	c, err := newCall(r, e.newUUID())
	if err != nil {
		panic(http.ErrAbortHandler) // The body broke off; there is no one to answer.
	}
	a := e.answer(c)
	if a.delay > 0 && !wait(r, a.delay) {
		e.abandoned(c.requestID)
		return
	}
	a.write(w)
}

// answer decides on a call and logs it.
func (e *Emulator) answer(c *call) answer {
	a := e.decide(c)
	e.mu.Lock()
	defer e.mu.Unlock()
	e.record(c, a)
	return a
}

// decide runs the checks in the order that the package comment gives.
func (e *Emulator) decide(c *call) answer {
	if r := c.checkShape(); r != nil {
		return c.refused(r)
	}
	cred, r := c.authenticate(e.now(), e.lookUp)
	if r != nil {
		if r.text == textSignatureFailure {
			c.key = cred.key
			c.signing.Hints = e.hint(c)
		}
		return c.refused(r)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	a, ok := e.accounts[cred.account]
	if !ok { // It was taken away since.
		return c.refused(refuse(textSecretIDNotFound))
	}
	if r := e.admit(c, cred, a); r != nil {
		return c.refused(r)
	}
	regular := func() answer { return e.regular(c, a, cred.account) }
	if f, ok := a.takeFault(c.action); ok {
		return f.apply(c, regular)
	}
	return regular()
}

// regular returns the answer of the action. The lock is held.
func (e *Emulator) regular(c *call, a *account, id string) answer {
	act, args, r := c.find()
	if r != nil {
		return c.refused(r)
	}
	f, r := act.answer(e, question{call: c, account: a, caller: id, arguments: args})
	if r != nil {
		return c.refused(r)
	}
	return c.respond(f)
}

// Reset forgets everything that was set or seen since the start, but for the
// accounts' credentials and the roles: editions, timelines, faults, rates, the
// clock, temporary credentials and the requests. The start is New, or the last
// [Emulator.KeepAsStart].
func (e *Emulator) Reset() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.forget()
	for id, as := range e.start.Accounts {
		e.accounts[id].setState(as)
	}
	if e.start.Clock != nil {
		e.clock = e.start.Clock.start(e.now())
	}
}

// KeepAsStart makes what is set now what [Emulator.Reset] returns to, for an
// emulator that is given a state or timelines before it is used.
func (e *Emulator) KeepAsStart() {
	s := e.State()
	e.mu.Lock()
	defer e.mu.Unlock()
	e.start = s
}

// forget makes every account as a new one. The lock is held.
func (e *Emulator) forget() {
	for _, a := range e.accounts {
		a.restart()
	}
	e.temporary = map[string]credential{}
	e.clock, e.log, e.oldest = nil, nil, 0
}
