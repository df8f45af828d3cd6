package emulator

import (
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

	// AdminAnywhere opens the admin API to clients other than this machine.
	AdminAnywhere bool
}

// Emulator is the emulated API with its admin API. It is an [http.Handler],
// and all its methods may be called at any time from any goroutine.
type Emulator struct {
	now           func() time.Time
	rate          int
	adminAnywhere bool
	admin         http.Handler

	mu       sync.Mutex
	accounts map[string]*account
	clock    *virtualClock
	log      []Exchange // a ring once it is full
	oldest   int
}

// New returns an emulator. opts may be nil. An account without a key, or with
// an id that cannot be one, is left out: no request can be signed for it.
func New(opts *Options) *Emulator {
	if opts == nil {
		opts = &Options{}
	}
	e := &Emulator{
		now: opts.Now, rate: opts.Rate, adminAnywhere: opts.AdminAnywhere,
		accounts: map[string]*account{},
	}
	if e.now == nil {
		e.now = time.Now
	}
	if e.rate == 0 {
		e.rate = DefaultRate
	}
	accounts := opts.Accounts
	if len(accounts) == 0 {
		accounts = map[string]string{DefaultSecretID: DefaultSecretKey}
	}
	for id, key := range accounts {
		_ = e.SetAccount(id, key, opts.Tokens[id])
	}
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
	c, err := newCall(r)
	if err != nil {
		panic(http.ErrAbortHandler) // The body broke off; there is no one to answer.
	}
	e.answer(c).write(w, r)
}

// answer decides on a call and logs it.
func (e *Emulator) answer(c *call) answer {
	a, secrets := e.decide(c)
	x := c.exchange(e.now(), a, secrets...)
	e.mu.Lock()
	defer e.mu.Unlock()
	e.record(x)
	return a
}

// decide runs the checks in the order that the package comment gives, and
// returns with the answer the secrets that must not be logged.
func (e *Emulator) decide(c *call) (answer, []string) {
	if r := c.checkShape(); r != nil {
		return c.refused(r), e.secrets(c)
	}
	if r := c.authenticate(e.now(), e.keyOf); r != nil {
		return c.refused(r), e.secrets(c)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	a := e.accounts[c.secretID]
	secrets := []string{a.key, a.token}
	if r := e.admit(c, a); r != nil {
		return c.refused(r), secrets
	}
	regular := func() answer { return e.regular(c, a) }
	if f, ok := a.takeFault(); ok {
		return f.apply(c, regular), secrets
	}
	return regular(), secrets
}

// regular returns the answer of the action. The lock is held.
func (e *Emulator) regular(c *call, a *account) answer {
	act, r := c.find()
	if r != nil {
		return c.refused(r)
	}
	return c.respond(act.answer(e, a))
}

// secrets returns those of the account that a call names, if there is one.
func (e *Emulator) secrets(c *call) []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	if a, ok := e.accounts[c.secretID]; ok {
		return []string{a.key, a.token}
	}
	return nil
}

// Reset forgets everything that was set or seen since New, but for the
// accounts' credentials: editions, timelines, faults, rates, the clock and the
// requests.
func (e *Emulator) Reset() {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, a := range e.accounts {
		a.restart()
	}
	e.clock, e.log, e.oldest = nil, nil, 0
}
