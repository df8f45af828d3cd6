package strict

import "fmt"

// Kind says what a node is.
type Kind uint8

// The kinds of nodes, as YAML 1.2's core schema tells them apart: yes, no and
// 2026-01-01 are texts.
const (
	Null Kind = iota
	Bool
	Int
	Float
	Text
	List
	Map
)

// String names the kind for an error.
func (k Kind) String() string {
	return [...]string{"nothing", "true or false", "a whole number", "a number", "text", "a list", "a mapping"}[k]
}

// Pos is a place in a file. Line and Column count from 1; Line 0 is the whole
// of File, which then may name anything, such as a variable of the environment.
type Pos struct {
	File   string
	Line   int
	Column int
}

// String writes "file:line:column".
func (p Pos) String() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// A Node is a value of a document and its place.
type Node struct {
	Kind Kind
	Pos  Pos

	// Text is a scalar's text, without its quotes.
	Text string

	// Source is a scalar as it was written, where Text is what secret
	// references in it stand for; otherwise "".
	Source string

	// Broken says that a reference in a scalar could not be resolved, which was
	// noted: there is no value to check.
	Broken bool

	Items []*Node // of a list
	Pairs []Pair  // of a mapping, in order, each key once

	size int // nodes in it, each alias counted anew
}

// A Pair is a key of a mapping and its value.
type Pair struct {
	Key   string
	Pos   Pos
	Value *Node
}

// Get returns the value of a mapping's key, nil where it has none.
func (n *Node) Get(key string) *Node {
	for _, p := range n.Pairs {
		if p.Key == key {
			return p.Value
		}
	}
	return nil
}

// Scalar reports whether n is a single value, null included.
func (n *Node) Scalar() bool { return n.Kind < List }

// Show quotes a scalar for an error: what was written, never what a secret
// reference stands for.
func (n *Node) Show() string {
	if n.Source != "" {
		return "what " + clip(n.Source) + " stands for"
	}
	return fmt.Sprintf("%q", clip(n.Text))
}

// maxShown is how much of a value or key an error quotes, in runes.
const maxShown = 40

func clip(s string) string {
	if r := []rune(s); len(r) > maxShown {
		return string(r[:maxShown]) + "…"
	}
	return s
}
