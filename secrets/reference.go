package secrets

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// A Reference is what follows the scheme in ${awssecret:NAME?region=R#FIELD}.
type Reference struct {
	Name   string
	Params url.Values // each at most once, none empty
	Field  string     // of the secret that is a JSON object; "" for all of it
}

// Parse reads a reference that may have such parameters.
func Parse(text string, params ...string) (Reference, error) {
	rest, field, _ := strings.Cut(text, "#")
	name, query, _ := strings.Cut(rest, "?")
	r := Reference{Name: name, Field: field}
	var err error
	if r.Params, err = url.ParseQuery(query); err != nil {
		return r, errors.New("what follows its ? cannot be read: write name=value, with & between two")
	}
	if name == "" {
		return r, errors.New("it names no secret: write the name after the colon")
	}
	for key, values := range r.Params {
		switch {
		case !slices.Contains(params, key):
			return r, fmt.Errorf("unknown parameter %.40q: there are %s", key, strings.Join(params, ", "))
		case len(values) > 1 || values[0] == "":
			return r, fmt.Errorf("parameter %s must be given once, with a value", key)
		}
	}
	return r, nil
}

// Pick returns the part of a secret's value that the reference means. Its error
// does not quote the value.
func (r Reference) Pick(value string) (string, error) {
	if r.Field == "" {
		return value, nil
	}
	var object map[string]any
	if json.Unmarshal([]byte(value), &object) != nil {
		return "", fmt.Errorf("the secret is no JSON object, so it has no field %.64q: take out #%.64s", r.Field, r.Field)
	}
	field, ok := object[r.Field]
	if !ok {
		return "", fmt.Errorf("the secret has no field %.64q: check its name, which is as the secret spells it", r.Field)
	}
	text, ok := field.(string)
	if !ok {
		return "", fmt.Errorf("the field %.64q of the secret is no text: put it in quotes there", r.Field)
	}
	return text, nil
}
