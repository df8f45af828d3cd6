package watch

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// format is the number of the record format that this code writes. It reads
// this one and the one before.
//
// A change that an older prowatch could not read, or would undo when it writes,
// is a new format: it adds one here, and a row to upgrades. A new field that is
// left out where it says nothing needs none; an older prowatch that meets it
// refuses the record, untouched.
const format = 1

// upgrades turn a record of a format into one of the next, in place. key says
// which record it is. That of the format before this one must be there, and its
// documents in testdata/records; older ones may go.
var upgrades = map[int]upgrade{}

// An upgrade changes the top of a record's JSON. "format" is changed for it.
type upgrade func(key string, doc map[string]json.RawMessage) error

// decodeRecord is shared by the kinds of records.
func decodeRecord(data []byte, v any, key string) error {
	return formats{format, upgrades}.decode(data, v, key)
}

// formats are the formats that are read: the newest, and those that upgrades
// lead to it from.
type formats struct {
	newest   int
	upgrades map[int]upgrade
}

// decode looks at the format first, so that a newer one is called so whatever
// else the record holds.
func (f formats) decode(data []byte, v any, key string) error {
	n, err := formatOf(data, key)
	if err != nil {
		return err
	}
	switch {
	case n > f.newest:
		return fmt.Errorf("record %s has format %d, newer than the %d this prowatch knows: upgrade prowatch; nothing was changed", key, n, f.newest)
	case n < 1:
		return fmt.Errorf("record %s has format %d, which never was: restore it, or delete it to start afresh", key, n)
	}
	if data, err = f.upgrade(data, n, key); err != nil {
		return err
	}
	return decodeStrict(data, v, key)
}

// formatOf returns the format that the record names.
func formatOf(data []byte, key string) (int, error) {
	var head struct {
		Format *int `json:"format"`
	}
	if err := json.Unmarshal(data, &head); err != nil || head.Format == nil {
		return 0, fmt.Errorf("record %s is none of prowatch's: restore it, or delete it to start afresh", key)
	}
	return *head.Format, nil
}

// upgrade makes a record of the newest format of one of format n.
func (f formats) upgrade(data []byte, n int, key string) ([]byte, error) {
	if n == f.newest {
		return data, nil
	}
	doc := map[string]json.RawMessage{}
	if err := json.Unmarshal(data, &doc); err != nil {
		return nil, damaged(key, err)
	}
	for ; n < f.newest; n++ {
		step := f.upgrades[n]
		if step == nil {
			return nil, fmt.Errorf("record %s has format %d, older than what this prowatch reads: run the prowatch before this one once, then this one; nothing was changed", key, n)
		}
		if err := step(key, doc); err != nil {
			return nil, damaged(key, err)
		}
		doc["format"] = json.RawMessage(fmt.Sprint(n + 1))
	}
	return json.Marshal(doc)
}

// decodeStrict refuses a field that it does not know: to drop it in silence
// would be to lose, at the next write, what another prowatch remembered.
func decodeStrict(data []byte, v any, key string) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	err := d.Decode(v)
	if err == nil {
		return nil
	}
	if field, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return fmt.Errorf("record %s has the field %.80s, which this prowatch does not know: it was written by a newer prowatch: upgrade to that one; nothing was changed", key, field)
	}
	return damaged(key, err)
}

func damaged(key string, err error) error {
	return fmt.Errorf("record %s is damaged (%w): restore it, or delete it to start afresh", key, err)
}

// CheckRecord says what is wrong with the data of a record, by the kind that its
// key names: an account's, a channel's, that of the last runs, or another of the
// runs, of which no more is known than its format.
func CheckRecord(key string, data []byte) error {
	if len(data) == 0 {
		return fmt.Errorf("record %s is empty: restore it, or delete it to start afresh", key)
	}
	kind, name, _ := strings.Cut(key, "/")
	switch {
	case name == "":
	case kind == "account":
		_, err := DecodeRecord(data, name)
		return err
	case kind == "channel":
		rec, err := DecodeChannelRecord(data, name)
		if err == nil && rec.Channel != name {
			err = fmt.Errorf("record %s holds the channel %.80q: it was moved or edited by hand; restore it, or delete it to start afresh", key, rec.Channel)
		}
		return err
	case key == runsKey:
		_, err := DecodeRuns(data)
		return err
	case kind == "run":
		var doc map[string]json.RawMessage
		return decodeRecord(data, &doc, key)
	}
	return fmt.Errorf("%.80q is the key of no record of prowatch", key)
}
