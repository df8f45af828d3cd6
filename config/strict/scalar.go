package strict

import "regexp"

// The scalars of YAML 1.2's core schema, https://yaml.org/spec/1.2.2/#1032-tag-resolution.
var (
	nullText  = regexp.MustCompile(`^(null|Null|NULL|~|)$`)
	boolText  = regexp.MustCompile(`^(true|True|TRUE|false|False|FALSE)$`)
	intText   = regexp.MustCompile(`^([-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$`)
	floatText = regexp.MustCompile(`^([-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$`)
)

// kindOf returns what a plain scalar is.
func kindOf(text string) Kind {
	switch {
	case nullText.MatchString(text):
		return Null
	case boolText.MatchString(text):
		return Bool
	case intText.MatchString(text):
		return Int
	case floatText.MatchString(text):
		return Float
	}
	return Text
}

// plain returns the kind n would have without quotes where a reference made it
// a text: a reference can stand for a number or a truth value.
func (n *Node) plain() Kind {
	if n.Kind == Text && n.Source != "" {
		return kindOf(n.Text)
	}
	return n.Kind
}
