package emulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"time"
)

// decode reads one JSON value, without unknown keys. Its error says what is
// wrong in the words of JSON, with the line where that is known.
func decode[T any](b []byte) (T, error) {
	var v T
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	err := d.Decode(&v)
	if errors.Is(err, io.EOF) {
		return v, errors.New("the body is empty")
	}
	if err != nil {
		return v, jsonProblem(err, b)
	}
	if _, more := d.Token(); !errors.Is(more, io.EOF) {
		return v, fmt.Errorf("there is more after the JSON value%s", onLine(b, d.InputOffset()))
	}
	return v, nil
}

// decodeItems reads a JSON list. Its error says which item is wrong, from 0,
// and on which line that begins.
func decodeItems[T any](b []byte) ([]T, error) {
	raw, err := decode[[]json.RawMessage](b)
	if err != nil {
		return nil, err
	}
	items, from := make([]T, len(raw)), 0
	for i, r := range raw {
		from += bytes.Index(b[from:], r)
		if items[i], err = decode[T](r); err != nil {
			return nil, fmt.Errorf("item %d%s: %w", i, onLine(b, int64(from)+1), err)
		}
		from += len(r)
	}
	return items, nil
}

// jsonProblem puts an error of encoding/json into the words of the text b that
// it is about, without the names of Go's types.
func jsonProblem(err error, b []byte) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	var when *time.ParseError
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("%s%s", syntax, onLine(b, syntax.Offset))
	case errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("unexpected end of the JSON")
	case errors.As(err, &kind) && kind.Field != "":
		return fmt.Errorf("%q must be %s, not %s", kind.Field, jsonKind(kind.Type), kind.Value)
	case errors.As(err, &kind):
		return fmt.Errorf("there must be %s, not %s", jsonKind(kind.Type), kind.Value)
	case errors.As(err, &when):
		return fmt.Errorf("%q is no time such as 2026-01-31T09:00:00+08:00", strings.Trim(when.Value, `"`))
	case strings.HasPrefix(err.Error(), "Time.UnmarshalJSON"):
		return errors.New("a time is a text such as 2026-01-31T09:00:00+08:00")
	}
	return errors.New(strings.TrimPrefix(err.Error(), "json: ")) // An unknown key.
}

// jsonKind is what JSON calls a type of Go.
func jsonKind(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "a text"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice:
		return "a list"
	case reflect.Struct, reflect.Map:
		return "an object"
	case reflect.Uint64:
		return "a whole number from 0 on"
	case reflect.Int:
		return "a whole number"
	}
	return "a number"
}

// onLine says on which line of b the byte before offset is, if it has several.
func onLine(b []byte, offset int64) string {
	if !bytes.Contains(b, []byte("\n")) {
		return ""
	}
	before := b[:min(int64(len(b)), max(offset-1, 0))]
	return fmt.Sprintf(" on line %d", 1+bytes.Count(before, []byte("\n")))
}
