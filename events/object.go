package events

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
)

const (
	// maxPayload bounds an event, in bytes. Either cloud delivers at most 6 MB
	// (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html,
	// https://www.tencentcloud.com/document/product/583/11637).
	maxPayload = 8 << 20

	// maxKeys bounds the keys of an object, so that what is kept of an event is
	// of the size of the event. The richest one here has 13.
	maxKeys = 64

	// maxQuoted and maxQuotedLen bound the keys that an error quotes, in keys
	// and bytes a key.
	maxQuoted    = 10
	maxQuotedLen = 32
)

// An object is a JSON object, a level deep, with its keys in order. Unlike a
// struct's, its keys are told apart by case: "type" is AWS's, "Type" Tencent's.
type object struct {
	keys   []string
	fields map[string]json.RawMessage
}

// parseObject reads one JSON object and nothing after it. Its errors hold no
// part of data.
func parseObject(data []byte) (object, error) {
	o := object{fields: make(map[string]json.RawMessage)}
	d := json.NewDecoder(bytes.NewReader(data))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return o, errors.New("is no JSON object")
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return o, broken(d)
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return o, broken(d)
		}
		if err := o.add(key.(string), value); err != nil {
			return o, err
		}
	}
	if _, err := d.Token(); err != nil {
		return o, broken(d)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return o, errors.New("has something after its end")
	}
	return o, nil
}

func broken(d *json.Decoder) error {
	return fmt.Errorf("is broken JSON after byte %d", d.InputOffset())
}

func (o *object) add(key string, value json.RawMessage) error {
	if o.has(key) {
		return fmt.Errorf("has the key %s twice", quote(key))
	}
	if len(o.keys) == maxKeys {
		return fmt.Errorf("has more than %d keys", maxKeys)
	}
	o.keys = append(o.keys, key)
	o.fields[key] = value
	return nil
}

func (o *object) has(key string) bool {
	_, ok := o.fields[key]
	return ok
}

// text returns a field that is a string, "" for any other.
func (o *object) text(key string) (s string) {
	if json.Unmarshal(o.fields[key], &s) != nil {
		return ""
	}
	return s
}

// optional returns a field that is a string, "" where it is missing or null.
func (o *object) optional(key string) (s string, err error) {
	if o.has(key) && json.Unmarshal(o.fields[key], &s) != nil {
		return "", fmt.Errorf("its %s is no text", key)
	}
	return s, nil
}

// object returns a field that is an object, an empty one for any other.
func (o *object) object(key string) object {
	if !o.has(key) {
		return object{}
	}
	in, err := parseObject(o.fields[key])
	if err != nil {
		return object{}
	}
	return in
}

// first returns the first element of a field that is an array, nil for any
// other and for an empty one. It reads no further.
func (o *object) first(key string) (value json.RawMessage) {
	d := json.NewDecoder(bytes.NewReader(o.fields[key]))
	if t, err := d.Token(); err != nil || t != json.Delim('[') || !d.More() {
		return nil
	}
	if d.Decode(&value) != nil {
		return nil
	}
	return value
}

// quote writes a key for an error.
func quote(key string) string {
	if len(key) > maxQuotedLen {
		return strconv.QuoteToASCII(key[:maxQuotedLen]) + "…"
	}
	return strconv.QuoteToASCII(key)
}

// quoteKeys lists the object's keys for an error.
func (o *object) quoteKeys() string {
	if len(o.keys) == 0 {
		return "no key at all"
	}
	s := "the keys "
	for i, key := range o.keys {
		switch {
		case i == maxQuoted:
			return s + fmt.Sprintf(" and %d more", len(o.keys)-i)
		case i > 0:
			s += ", "
		}
		s += quote(key)
	}
	return s
}
