package watch

import (
	"path"
	"slices"
)

// A Route decides which channels a notice reaches.
type Route struct {
	Match    Match
	Channels []string
	Continue bool // look at the routes below, too
}

// A Match holds what a notice must be; what is empty matches everything. Of
// each list one must match; of Labels all must.
type Match struct {
	Severity []Severity
	Type     []string // globs, as path.Match
	Account  []string // globs, as path.Match
	Labels   map[string]string
}

// Routes are tried in order; the first that matches decides, unless it says
// Continue.
type Routes []Route

// Channels returns the names of the channels that n goes to, each once.
func (rs Routes) Channels(n *Notice) []string {
	var names []string
	for _, r := range rs {
		if !r.Match.matches(n) {
			continue
		}
		for _, name := range r.Channels {
			names = addName(names, name)
		}
		if !r.Continue {
			break
		}
	}
	return names
}

func (m *Match) matches(n *Notice) bool {
	if len(m.Severity) > 0 && !slices.Contains(m.Severity, n.Severity) {
		return false
	}
	if !matchesGlob(m.Type, string(n.Type)) || !matchesGlob(m.Account, n.Account) {
		return false
	}
	for k, v := range m.Labels {
		if got, ok := n.Labels[k]; !ok || got != v {
			return false
		}
	}
	return true
}

// matchesGlob takes a malformed glob, which the configuration refuses, to match
// nothing.
func matchesGlob(globs []string, s string) bool {
	return len(globs) == 0 || slices.ContainsFunc(globs, func(g string) bool {
		ok, err := path.Match(g, s)
		return ok && err == nil
	})
}

// addName appends name unless it is there.
func addName(names []string, name string) []string {
	if slices.Contains(names, name) {
		return names
	}
	return append(names, name)
}
