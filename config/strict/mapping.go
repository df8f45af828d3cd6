package strict

import (
	"slices"

	"github.com/goccy/go-yaml/ast"
)

// mapping reads the pairs of a mapping into out, each key once. The merge key
// << lays the pairs of other mappings under its own.
func (r *reader) mapping(out *Node, values []*ast.MappingValueNode, depth int) {
	out.Kind = Map
	seen := map[string]Pos{}
	var merged []*Node
	for _, v := range values {
		key, at, ok := r.key(v.Key)
		value := r.child(out, v.Value, depth)
		if _, merge := v.Key.(*ast.MergeKeyNode); merge {
			merged = append(merged, r.mergeable(value)...)
			continue
		}
		switch first, twice := seen[key]; {
		case !ok:
		case twice:
			r.d.Addf(at, "the key %s stands here a second time, first on line %d: keep one of the two", showKey(key, value), first.Line)
		default:
			seen[key] = at
			out.Pairs = append(out.Pairs, Pair{key, at, value})
		}
	}
	for _, m := range merged {
		for _, p := range m.Pairs {
			if _, own := seen[p.Key]; !own {
				seen[p.Key] = p.Pos
				out.Pairs = append(out.Pairs, p)
			}
		}
	}
}

// mergeable returns the mappings that a merge key names.
func (r *reader) mergeable(n *Node) []*Node {
	nodes := []*Node{n}
	if n.Kind == List {
		nodes = n.Items
	}
	if slices.ContainsFunc(nodes, func(m *Node) bool { return m.Kind != Map }) {
		r.d.Addf(n.Pos, "<< takes the alias of a mapping: write <<: *name")
		return nil
	}
	return nodes
}

// key returns a key's text and place, and whether it can be one.
func (r *reader) key(k ast.MapKeyNode) (string, Pos, bool) {
	at := r.tokenPos(k.GetToken())
	switch k.(type) {
	case *ast.MergeKeyNode:
		return "", at, false
	case *ast.MappingKeyNode:
		r.d.Addf(at, "keys with ? are not taken: write key: value")
		return "", at, false
	}
	n := &Node{Pos: at}
	r.scalar(k, n)
	if n.Kind == Null {
		r.d.Addf(at, "a key is empty: write key: value")
		return "", at, false
	}
	return n.Text, at, true
}

// showKey quotes a key for an error. One that is no plain word, or that has no
// value, may be a piece of a value whose quotes were forgotten, so of a secret.
func showKey(key string, value *Node) string {
	for i, c := range key {
		word := c == '_' || c == '-' || c == '.' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || i > 0 && '0' <= c && c <= '9'
		if !word || i >= maxShown {
			return "(no word, so it is not shown; does a value lack its quotes?)"
		}
	}
	if value != nil && value.Kind == Null {
		return "(without a value, so it is not shown; does a value lack its quotes?)"
	}
	return `"` + key + `"`
}
