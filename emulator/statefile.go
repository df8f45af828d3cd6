package emulator

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// ReadState reads a file that [State.Write] wrote. Its error is that of reading
// it, or [ErrInvalid].
func ReadState(name string) (State, error) {
	return readFile(name, "the emulator's state", decode[State])
}

// ReadTimeline reads a file that holds a list of moments as the admin API takes
// them. Its error is that of reading it, or [ErrInvalid].
func ReadTimeline(name string) ([]Moment, error) {
	return readFile(name, "the timeline", decodeItems[Moment])
}

func readFile[T any](name, what string, as func([]byte) (T, error)) (v T, err error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return v, fmt.Errorf("loading %s: %w", what, err)
	}
	if v, err = as(b); err != nil {
		return v, fmt.Errorf("loading %s: %w: %s: %w", what, ErrInvalid, name, err)
	}
	return v, nil
}

// Write writes the state to a file, which is replaced at once or not at all.
func (s State) Write(name string) error {
	b, err := json.MarshalIndent(s, "", "  ")
	if err == nil {
		err = replaceFile(name, append(b, '\n'))
	}
	if err != nil {
		return fmt.Errorf("saving the emulator's state: %w", err)
	}
	return nil
}

func replaceFile(name string, b []byte) error {
	f, err := os.CreateTemp(filepath.Dir(name), ".emulator-*")
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}

// Split parts a state into what these accounts need, and the rest: accounts of
// other names, and roles that one of them has to do with. A file has no keys,
// so it may name accounts that an emulator was not given.
func (s State) Split(ids []string) (mine, rest State) {
	mine, rest = s, State{Format: s.Format, Accounts: map[string]AccountState{}, Roles: map[string]Role{}}
	mine.Accounts, mine.Roles = map[string]AccountState{}, map[string]Role{}
	for id, a := range s.Accounts {
		if slices.Contains(ids, id) {
			mine.Accounts[id] = a
		} else {
			rest.Accounts[id] = a
		}
	}
	strange := func(id string) bool { return !slices.Contains(ids, id) }
	if s.Organization != nil && strange(s.Organization.Account) {
		mine.Organization, rest.Organization = nil, s.Organization
	}
	for arn, r := range s.Roles {
		if strange(r.Account) || slices.ContainsFunc(r.Trusts, strange) {
			rest.Roles[arn] = r
		} else {
			mine.Roles[arn] = r
		}
	}
	return mine, rest
}

// With returns the state with the accounts and roles of rest that it lacks.
func (s State) With(rest State) State {
	accounts, roles := maps.Clone(rest.Accounts), cloneRoles(rest.Roles)
	if accounts == nil {
		accounts = map[string]AccountState{}
	}
	maps.Copy(accounts, s.Accounts)
	maps.Copy(roles, s.Roles)
	s.Accounts, s.Roles = accounts, roles
	if s.Organization == nil {
		s.Organization = rest.Organization
	}
	return s
}

// Save writes the state to a file, see [State.Write].
func (e *Emulator) Save(name string) error { return e.State().Write(name) }

// Load restores the state in a file that [Emulator.Save] wrote. Its error is
// that of [Emulator.Restore], or of reading the file.
func (e *Emulator) Load(name string) error {
	s, err := ReadState(name)
	if err != nil {
		return err
	}
	if err := e.Restore(s); err != nil {
		return fmt.Errorf("loading the emulator's state: %w", err)
	}
	return nil
}
