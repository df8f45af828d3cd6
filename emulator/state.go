package emulator

import (
	"fmt"
	"maps"
	"slices"
)

// stateFormat is the number of the form that [State] has.
const stateFormat = 1

// State is all that was set on an emulator, but for credentials: it holds no
// key and no token, so it may lie in a repository.
type State struct {
	Format   int                     `json:"format"` // 1
	Clock    *Clock                  `json:"clock,omitempty"`
	Accounts map[string]AccountState `json:"accounts"` // by SecretId
	Roles    map[string]Role         `json:"roles,omitempty"`

	Organization *Organization `json:"organization,omitempty"` // nil for none
}

// AccountState is what was set on one account. Its edition is laid over the
// documented example, unless it is said to be exact.
type AccountState struct {
	Edition       Edition       `json:"edition"`
	Exact         bool          `json:"exact,omitempty"`    // there is no field but the edition's
	Timeline      []Moment      `json:"timeline,omitempty"` // yet to be settled
	PurchaseState PurchaseState `json:"purchase_state,omitempty"`
	Faults        []Fault       `json:"faults,omitempty"`
}

// State returns what was set so far. The clock is absent when it is the
// machine's.
func (e *Emulator) State() State {
	e.mu.Lock()
	defer e.mu.Unlock()
	s := State{Format: stateFormat, Accounts: map[string]AccountState{}, Roles: cloneRoles(e.roles)}
	if e.clock != nil {
		s.Clock = &Clock{Now: e.virtualNow(), Speed: e.clock.speed}
	}
	for id, a := range e.accounts {
		s.Accounts[id] = a.state()
	}
	if o := e.organization.clone(); o.Account != "" {
		s.Organization = &o
	}
	return s
}

// state is what was set on an account.
func (a *account) state() AccountState {
	return AccountState{
		Edition: a.base.merged(nil), Exact: len(Example().merged(a.base)) > len(a.base),
		Timeline:      slices.Clone(a.moments[a.settled:]),
		PurchaseState: maps.Clone(a.purchase), Faults: slices.Clone(a.faults),
	}
}

// setState sets an account to what was checked before.
func (a *account) setState(as AccountState) {
	a.base, a.moments, a.settled = as.Edition, as.Timeline, 0
	a.purchase, a.faults = as.PurchaseState, slices.Clone(as.Faults)
}

// Restore forgets what was set, seen and minted and sets everything to what s
// has: an account that s does not name is as a new one. Its error is [ErrInvalid] or, for an
// account that is not here, [ErrNoAccount]; then nothing is changed.
func (e *Emulator) Restore(s State) error {
	if s.Format != stateFormat {
		return fmt.Errorf("%w: the state has the format %d; this emulator reads %d", ErrInvalid, s.Format, stateFormat)
	}
	if s.Clock != nil {
		if err := s.Clock.check(); err != nil {
			return err
		}
	}
	accounts := map[string]AccountState{}
	for id, as := range s.Accounts {
		checked, err := as.check()
		if err != nil {
			return fmt.Errorf("account %s: %w", id, err)
		}
		accounts[id] = checked
	}
	return e.restore(s, accounts)
}

func (e *Emulator) restore(s State, accounts map[string]AccountState) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	for id := range accounts {
		if _, err := e.account(id); err != nil {
			return err
		}
	}
	if err := e.checkRoles(s.Roles); err != nil {
		return err
	}
	var org Organization
	if s.Organization != nil {
		org = s.Organization.clone()
		if err := e.checkOrganization(org); err != nil {
			return err
		}
	}
	e.forget()
	e.organization = org
	for id, as := range accounts {
		e.accounts[id].setState(as)
	}
	e.roles = cloneRoles(s.Roles)
	if s.Clock != nil {
		e.clock = s.Clock.start(e.now())
	}
	return nil
}

// check returns a copy that shares nothing with as, or what is wrong with it.
func (as AccountState) check() (AccountState, error) {
	edition, err := plain(as.Edition)
	if err != nil {
		return as, err
	}
	if !as.Exact {
		edition = Example().merged(edition)
	}
	moments, err := checkTimeline(as.Timeline)
	if err != nil {
		return as, err
	}
	if err := known(as.PurchaseState, purchaseFields); err != nil {
		return as, err
	}
	purchase, err := plain(as.PurchaseState)
	if err != nil {
		return as, err
	}
	if err := checkFaults(as.Faults); err != nil {
		return as, err
	}
	return AccountState{edition, as.Exact, moments, purchase, slices.Clone(as.Faults)}, nil
}
