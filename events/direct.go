package events

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// The actions of a direct call.
const (
	actionCheck = "check"
	actionTell  = "tell"
)

// decodeDirect reads a direct call, a [Direct] or a [Tell]. It is strict, for
// what a person misspells must not run as something else.
func decodeDirect(o *object) (Event, *DecodeError) {
	action := o.text("action")
	known := []string{"action", "accounts", "sweep"}
	switch action {
	case actionCheck:
	case actionTell:
		known = known[:1]
	default:
		return nil, &DecodeError{`the action of a direct call is none of "check", "tell"` + nearest([]string{actionCheck, actionTell}, action)}
	}
	for _, key := range o.keys {
		if !slices.Contains(known, key) {
			return nil, &DecodeError{"a direct call has no key " + quote(key) + nearest(known, key)}
		}
	}
	if action == actionTell {
		return Tell{}, nil
	}
	accounts, err := decodeAccounts(o.fields["accounts"])
	var part *Part
	if err == nil && o.has("sweep") {
		part, err = decodePart(o.fields["sweep"], accounts)
	}
	if err != nil {
		return nil, &DecodeError{"a direct call: " + err.Error()}
	}
	return Direct{Accounts: accounts, Sweep: part}, nil
}

// maxSweepID bounds the id of a sweep, in bytes.
const maxSweepID = 64

// decodePart reads the batch of a sweep that the accounts are.
func decodePart(raw json.RawMessage, accounts []string) (*Part, error) {
	var p struct {
		ID    string `json:"id"`
		Batch *int   `json:"batch"`
		Of    int    `json:"of"`
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	switch err := d.Decode(&p); {
	case err != nil, p.ID == "" || len(p.ID) > maxSweepID, p.Batch == nil || *p.Batch < 0 || *p.Batch >= p.Of:
		return nil, errors.New(`sweep is no batch of one: it is written by prowatch itself, as "sweep":{"id":"ID","batch":0,"of":1}; leave it out`)
	case accounts == nil:
		return nil, errors.New("sweep is given without accounts")
	}
	return &Part{Sweep: p.ID, Batch: *p.Batch, Of: p.Of}, nil
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
