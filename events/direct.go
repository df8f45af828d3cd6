package events

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// actionCheck is the one action of a direct call.
const actionCheck = "check"

// decodeDirect reads a direct call. It is strict, for what a person misspells
// must not run as something else.
func decodeDirect(o *object) (Event, *DecodeError) {
	known := []string{"action", "accounts"}
	for _, key := range o.keys {
		if !slices.Contains(known, key) {
			return nil, &DecodeError{"a direct call has no key " + quote(key) + nearest(known, key)}
		}
	}
	if action := o.text("action"); action != actionCheck {
		return nil, &DecodeError{`the action of a direct call is none of "` + actionCheck + `"` + nearest([]string{actionCheck}, action)}
	}
	accounts, err := decodeAccounts(o.fields["accounts"])
	if err != nil {
		return nil, &DecodeError{"a direct call: " + err.Error()}
	}
	return Direct{Accounts: accounts}, nil
}

// decodeAccounts reads a list of ids, each once. A missing one, or null, is all
// accounts; an empty one is an error, for a program that filters its accounts
// down to none does not mean all.
func decodeAccounts(raw json.RawMessage) ([]string, error) {
	if raw == nil || string(raw) == "null" {
		return nil, nil
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	if t, err := d.Token(); err != nil || t != json.Delim('[') {
		return nil, errors.New(`accounts is no list: write "accounts":["ID"]`)
	}
	var ids []string
	seen := make(map[string]bool)
	for i := 0; d.More(); i++ {
		var id string
		if d.Decode(&id) != nil || !isAccountID(id) {
			return nil, fmt.Errorf("accounts[%d] is no account id: 1 to 64 of A-Z a-z 0-9 . _ - without a leading dot", i)
		}
		if !seen[id] {
			ids = append(ids, id)
		}
		seen[id] = true
	}
	if ids == nil {
		return nil, errors.New("accounts is empty: leave it out to check all")
	}
	return ids, nil
}

func isAccountID(s string) bool {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"
	return len(s) >= 1 && len(s) <= 64 && s[0] != '.' && strings.Trim(s, letters) == ""
}
