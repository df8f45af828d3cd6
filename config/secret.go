package config

import (
	"context"
	"maps"
	"slices"
	"strings"

	"prowatch/config/strict"
)

// schemes are those of SPEC 5.6; a main may have resolvers for some only.
var schemes = []string{"env", "file", "awssecret", "awsssm", "tencentssm"}

// expand replaces the secret references in all scalars below n, each node once.
func (l *loader) expand(ctx context.Context, n *strict.Node) {
	seen := map[*strict.Node]bool{}
	known := map[string]resolved{}
	var walk func(*strict.Node)
	walk = func(n *strict.Node) {
		if seen[n] {
			return
		}
		seen[n] = true
		for _, item := range n.Items {
			walk(item)
		}
		for _, p := range n.Pairs {
			walk(p.Value)
		}
		if strings.Contains(n.Text, "${") {
			e := expansion{loader: l, ctx: ctx, at: n.Pos, known: known}
			n.Source, n.Text = n.Text, e.text(n.Text)
			n.Broken = e.broken
		}
	}
	walk(n)
	l.out.References = slices.Sorted(maps.Keys(known))
}

// resolved is what a reference stands for, asked for once.
type resolved struct {
	value string
	fault string
}

// expansion is that of one scalar.
type expansion struct {
	*loader
	ctx   context.Context
	at    strict.Pos
	known map[string]resolved

	broken bool
}

// text returns s with its references replaced; $${ gives a literal ${.
func (e *expansion) text(s string) string {
	var b strings.Builder
	for {
		i := strings.Index(s, "${")
		if i < 0 {
			b.WriteString(s)
			return b.String()
		}
		if i > 0 && s[i-1] == '$' {
			b.WriteString(s[:i-1] + "${")
			s = s[i+2:]
			continue
		}
		b.WriteString(s[:i])
		ref, rest, closed := strings.Cut(s[i+2:], "}")
		if !closed {
			e.broken = true
			e.Addf(e.at, "a reference ${ is not closed: add }, or write $${ for the text itself")
			return ""
		}
		b.WriteString(e.resolve(ref))
		s = rest
	}
}

func (e *expansion) resolve(ref string) string {
	r, ok := e.known[ref]
	if !ok {
		r.value, r.fault = e.ask(ref)
		e.known[ref] = r
	}
	if r.fault != "" {
		e.broken = true
		e.Addf(e.at, "%s", r.fault)
	}
	return r.value
}

// ask returns what a reference stands for, or what is wrong with it.
func (e *expansion) ask(ref string) (value, fault string) {
	scheme, name, ok := strings.Cut(ref, ":")
	resolver := e.opts.Secrets[scheme]
	switch {
	case !ok || name == "":
		return "", "a reference says where its value is, as ${env:NAME} or ${file:PATH}; for a literal ${ write $${"
	case scheme == "env":
		return e.env(name)
	case scheme == "file":
		return e.file(name)
	case resolver != nil:
		value, err := resolver(e.ctx, name)
		if err != nil {
			return "", "${" + ref + "} could not be had: " + err.Error()
		}
		return value, ""
	case slices.Contains(schemes, scheme):
		return "", "${" + scheme + ":…} is not resolved by this program: use ${env:NAME} or ${file:PATH}, or run where " + scheme + " is"
	}
	// The scheme is not shown: the text may be a secret that holds a ${.
	return "", "a reference is of no known kind" + strict.Meant(scheme, slices.Concat(schemes, e.opts.schemes()))
}

func (e *expansion) env(name string) (value, fault string) {
	e.used[name] = true
	if value, ok := e.opts.LookupEnv(name); ok {
		return value, ""
	}
	return "", "the environment variable " + name + " is not set: set it, or take out ${env:" + name + "}"
}

// file reads a mounted secret, which editors and tools end with a line break.
func (e *expansion) file(path string) (value, fault string) {
	if e.opts.ReadFile == nil {
		return "", "${file:…} is not resolved by this program: use ${env:NAME}"
	}
	data, err := e.opts.ReadFile(path)
	if err != nil {
		return "", "${file:" + path + "} could not be read: " + reason(err)
	}
	return strings.TrimSuffix(strings.TrimSuffix(string(data), "\n"), "\r"), ""
}
