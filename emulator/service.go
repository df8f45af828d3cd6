package emulator

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// service is one product of the vendor with the one version of it emulated.
type service struct {
	name, version string
	actions       map[string]action
}

// action is one thing a service does. answer is called with the emulator's
// lock held.
type action struct {
	parameters []string // of its own, beside the common ones
	answer     func(e *Emulator, a *account) fields
}

// services are what the emulator offers.
var services = []service{
	{"tcss", "2020-11-01", map[string]action{
		"DescribeProVersionInfo":    {answer: (*Emulator).proVersionInfo},
		"DescribePurchaseStateInfo": {answer: (*Emulator).purchaseStateInfo},
	}},
}

func isService(name string) bool {
	return slices.ContainsFunc(services, func(s service) bool { return s.name == name })
}

// service returns the one that a call means: the one its scope names, the one
// its host names, the one that has the action, or else the first.
func (c *call) service() service {
	_, scope, _ := strings.Cut(c.signing.Scope, "/")
	scope, _, _ = strings.Cut(scope, "/")
	for _, name := range append([]string{scope}, c.hostLabels()...) {
		for _, s := range services {
			if s.name == name {
				return s
			}
		}
	}
	for _, s := range services {
		if _, ok := s.actions[c.action]; ok {
			return s
		}
	}
	return services[0]
}

// find returns the action of a call, or refuses its version, its name or its
// parameters.
func (c *call) find() (action, *refusal) {
	s := c.service()
	if c.version != s.version {
		return action{}, refuse(textNoSuchVersion, "{version}", c.version, "{service}", s.name)
	}
	a, ok := s.actions[c.action]
	if !ok {
		return action{}, refuse(textInvalidAction)
	}
	names, r := c.parameters()
	if r != nil {
		return action{}, r
	}
	for _, n := range names {
		if !slices.Contains(a.parameters, n) {
			return action{}, refuse(textUnknownParameter, "{parameter}", n)
		}
	}
	return a, nil
}

// parameters returns the names of those that are the action's own.
func (c *call) parameters() ([]string, *refusal) {
	switch {
	case !c.tc3:
		return slices.DeleteFunc(keys(c.form), isCommonV1), nil
	case c.method == http.MethodGet:
		form, r := parseForm(c.query)
		return keys(form), r
	}
	return c.jsonParameters()
}

// jsonParameters returns the keys of the body. One that is empty has none.
func (c *call) jsonParameters() ([]string, *refusal) {
	if mediaType(c.header) != "application/json" {
		return nil, refuse(textInvalidValue, "{parameter}", "Content-Type")
	}
	if len(bytes.TrimSpace(c.body)) == 0 {
		return nil, nil
	}
	var object map[string]json.RawMessage
	if err := json.Unmarshal(c.body, &object); err != nil || object == nil {
		return nil, refuse(textNotJSON)
	}
	return slices.Sorted(maps.Keys(object)), nil
}

func isCommonV1(key string) bool { return slices.Contains(commonV1, key) }

func keys(form []param) []string {
	ks := make([]string, len(form))
	for i, p := range form {
		ks[i] = p.key
	}
	return ks
}
