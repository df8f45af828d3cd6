package emulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Edition is what an account answers to DescribeProVersionInfo: the members of
// its Response by name. A value may be anything that JSON can say, of the wrong
// type too, and nil is answered as null. Numbers read from JSON stay as they
// were written ([json.Number]), so 1.0 is answered as 1.0.
type Edition map[string]any

// editionFields are the names the API documents.
var editionFields = []string{
	"StartTime", "EndTime", "CoresCnt", "MaxPostPayCoresCnt", "ResourceId", "BuyStatus", "IsPurchased",
}

// Example returns the edition of the API's own documentation, with which every
// account starts. It ends before it starts, and is Normal yet never purchased.
func Example() Edition {
	return Edition{
		"StartTime": "2021-05-31 00:00:00", "EndTime": "2021-05-01 00:00:00",
		"CoresCnt": json.Number("1"), "MaxPostPayCoresCnt": json.Number("1"),
		"ResourceId": "xx", "BuyStatus": "Normal", "IsPurchased": false,
	}
}

// UnmarshalJSON reads an object and keeps its numbers as they are written.
func (e *Edition) UnmarshalJSON(b []byte) error {
	return readObject(b, (*map[string]any)(e))
}

// readObject decodes an object into m, numbers as they are written.
func readObject(b []byte, m *map[string]any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	*m = nil
	if err := d.Decode(m); err != nil {
		return err
	}
	if *m == nil {
		return fmt.Errorf("an object is wanted, not null")
	}
	return nil
}

// maxEdition is how long what an account answers may be as JSON, in bytes, so
// that the log can keep it whole.
const maxEdition = 64 << 10

// plain returns a copy of m that shares nothing with it, or what is wrong with
// it: something that JSON cannot say, or too much.
func plain(m map[string]any) (map[string]any, error) {
	if m == nil {
		m = map[string]any{}
	}
	b, err := json.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	if len(b) > maxEdition {
		return nil, fmt.Errorf("%w: it is over %d bytes", ErrInvalid, maxEdition)
	}
	var copied map[string]any
	if err := readObject(b, &copied); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	return copied, nil
}

// known refuses names that the API does not document: they would be answered,
// but no one would notice the slip of a key.
func known(m map[string]any, names []string) error {
	for _, k := range slices.Sorted(maps.Keys(m)) {
		if !slices.Contains(names, k) {
			return fmt.Errorf("%w: there is no field %q; there are %s", ErrInvalid, k, strings.Join(names, ", "))
		}
	}
	return nil
}

// checkEdition returns a copy of changes that may be merged into an edition.
func checkEdition(changes Edition) (Edition, error) {
	if err := known(changes, editionFields); err != nil {
		return nil, err
	}
	return plain(changes)
}

// merged returns e with the changes laid over it.
func (e Edition) merged(changes Edition) Edition {
	m := maps.Clone(e)
	if m == nil {
		m = Edition{}
	}
	maps.Copy(m, changes)
	return m
}

// proVersionInfo answers DescribeProVersionInfo.
func (e *Emulator) proVersionInfo(q question) (fields, *refusal) {
	return fields(q.account.edition(e.virtualNow()).merged(nil)), nil
}

// Edition returns what account id answers now. Its error is [ErrNoAccount].
func (e *Emulator) Edition(id string) (Edition, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	a, err := e.account(id)
	if err != nil {
		return nil, err
	}
	return plain(a.edition(e.virtualNow()))
}

// SetEdition lays changes over the edition of account id; a nil value is
// answered as null. What a timeline has played so far stays, and what it has
// yet to play will be laid over this. Its error is [ErrNoAccount] or, for a
// field that the API does not have or a value that JSON cannot say,
// [ErrInvalid].
func (e *Emulator) SetEdition(id string, changes Edition) error {
	c, err := checkEdition(changes)
	if err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	a, err := e.account(id)
	if err != nil {
		return err
	}
	a.settle(e.virtualNow())
	a.base = a.base.merged(c)
	return nil
}

// ReplaceEdition makes the edition of account id exactly next, which may lack
// fields and have fields that the API does not document. Otherwise it is
// [Emulator.SetEdition].
func (e *Emulator) ReplaceEdition(id string, next Edition) error {
	n, err := plain(next)
	if err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	a, err := e.account(id)
	if err != nil {
		return err
	}
	a.settle(e.virtualNow())
	a.base = n
	return nil
}
