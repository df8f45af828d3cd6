package emulator

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

var (
	// ErrNoAccount says that no account has that SecretId.
	ErrNoAccount = errors.New("no such account")
	// ErrInvalid says that a value cannot be set. The error's text says why.
	ErrInvalid = errors.New("invalid")
)

// accountID is the form of a SecretId; the vendor's have 36 characters.
var accountID = regexp.MustCompile(`^[A-Za-z0-9_-]{1,128}$`)

// account is one SecretId and what it answers.
type account struct {
	key, token string
	derived    *signingKey // from key

	base     Edition
	moments  []Moment
	settled  int // how many of them are already part of base
	purchase PurchaseState
	faults   []Fault
	rates    map[string]window // by service
}

// window counts requests within one second of the machine's clock.
type window struct {
	second int64
	count  int
}

// hit counts one more request of a service and returns how many this second
// has had.
func (a *account) hit(service string, now time.Time) int {
	w := a.rates[service]
	if s := now.Unix(); s != w.second {
		w = window{second: s}
	}
	w.count++
	if a.rates == nil {
		a.rates = map[string]window{}
	}
	a.rates[service] = w
	return w.count
}

// restart forgets everything about an account but its credentials.
func (a *account) restart() {
	*a = account{key: a.key, token: a.token, derived: a.derived, base: Example()}
}

// account returns the account with a SecretId. The lock is held.
func (e *Emulator) account(id string) (*account, error) {
	if a, ok := e.accounts[id]; ok {
		return a, nil
	}
	return nil, fmt.Errorf("%w: %q; there are %s", ErrNoAccount, id,
		strings.Join(slices.Sorted(maps.Keys(e.accounts)), ", "))
}

// SetAccount adds an account, or changes the credentials of one that is there.
// With a token its credentials are temporary ones: requests must carry that
// token. Its error is [ErrInvalid].
func (e *Emulator) SetAccount(id, key, token string) error {
	if key == "" || !accountID.MatchString(id) {
		return fmt.Errorf("%w: an account needs a key, and an id of letters, digits, - and _", ErrInvalid)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	a, ok := e.accounts[id]
	if !ok {
		a = &account{base: Example()}
		e.accounts[id] = a
	}
	a.key, a.token, a.derived = key, token, &signingKey{}
	return nil
}

// Accounts returns every SecretId, sorted.
func (e *Emulator) Accounts() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Sorted(maps.Keys(e.accounts))
}

// admit checks the token and the rate of a call that is signed right. The lock
// is held.
func (e *Emulator) admit(c *call, cred credential, a *account) *refusal {
	now := e.now()
	if c.token != cred.token || !cred.expires.IsZero() && now.After(cred.expires) {
		return refuse(textTokenFailure)
	}
	s, limit := c.service(), e.rate
	if s.rate > 0 && limit > 0 {
		limit = s.rate
	}
	if times := a.hit(s.name, now); limit > 0 && times > limit {
		return refuse(textRequestLimit, "{times}", strconv.Itoa(times), "{limit}", strconv.Itoa(limit))
	}
	return nil
}
