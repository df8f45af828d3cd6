package remote

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"prowatch/config/strict"
)

// Parse reads the URL of a state. Its scheme must be one of schemes, and its
// parameters must be known, not empty and there once. The error quotes nothing
// that may be a password, misplaced or not.
func Parse(state string, schemes, params []string) (*url.URL, error) {
	u, err := url.Parse(state)
	// An error of url.Parse quotes what it could not read, and after an
	// unescaped ? or # in a password there is an @.
	if err != nil || u.Opaque != "" || strings.Contains(state, "#") || strings.Contains(u.RawQuery, "@") {
		return nil, errors.New("it is no URL: in a user or password, write %23 for #, %25 for %, %2F for /, %3A for :, %3F for ? and %40 for @")
	}
	if !slices.Contains(schemes, u.Scheme) {
		return nil, fmt.Errorf("it does not begin with %s://", strings.Join(schemes, ":// or "))
	}
	if u.Host == "" {
		return nil, fmt.Errorf("it names nothing after %s://", u.Scheme)
	}
	if err := checkParams(u.RawQuery, params); err != nil {
		return nil, err
	}
	return u, nil
}

func checkParams(query string, known []string) error {
	params, err := url.ParseQuery(query)
	if err != nil {
		return errors.New("what follows the ? cannot be read: write name=value, with & between two, and %25 for %")
	}
	for name, values := range params {
		switch {
		case !slices.Contains(known, name):
			return fmt.Errorf("unknown parameter %.40q%s", name, strict.Meant(name, known))
		case len(values) > 1:
			return fmt.Errorf("parameter %s is given twice", name)
		case values[0] == "":
			return fmt.Errorf("parameter %s is empty: give it a value or leave it out", name)
		}
	}
	return nil
}
