package strict

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Bounds of a document. A configuration of 5000 accounts is 1 MB.
const (
	maxBytes = 4 << 20
	maxNodes = 1 << 20 // aliases counted each time
	maxDepth = 100     // lists and mappings in each other; the parser recurses
)

// Parse reads one YAML document, whose name it is told for the positions. An
// empty document is a null. It notes what is wrong and returns nil where there
// is nothing to go on with.
func (d *Decoder) Parse(file string, data []byte) *Node {
	start := Pos{file, 1, 1}
	switch {
	case len(data) > maxBytes:
		d.Addf(start, "is %d bytes long: at most %d are read", len(data), maxBytes)
		return nil
	case deep(data):
		d.Addf(start, "is nested over %d deep, or lacks closing brackets: nest less", maxDepth)
		return nil
	}
	tree, err := parse(bytes.TrimPrefix(data, []byte("\ufeff")))
	if err != nil {
		d.Addf(syntaxPos(file, err), "%s", syntaxText(err, data))
		return nil
	}
	r := reader{d: d, file: file, anchors: map[string]*Node{}}
	root := &Node{Kind: Null, Pos: start}
	for _, doc := range tree.Docs {
		if doc.Body == nil || doc.Body.Type() == ast.DirectiveType {
			continue
		}
		if root.size > 0 {
			d.Addf(r.pos(doc.Body), "a second document begins here: keep everything in one, without ---")
			break
		}
		root = r.node(doc.Body, 0)
	}
	return root
}

// parse calls the library, which panics on some broken documents.
func parse(data []byte) (f *ast.File, err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("cannot be read as YAML")
		}
	}()
	return parser.ParseBytes(data, 0, parser.AllowDuplicateMapKey())
}

// deep reports whether the document is nested too deep, by its brackets, without
// regard to quotes, or by a line that begins with ever more indicators. The
// parser would take all memory for it.
func deep(data []byte) bool {
	depth := 0
	for line := range bytes.Lines(data) {
		for _, c := range line {
			switch c {
			case '[', '{':
				depth++
			case ']', '}':
				depth = max(0, depth-1)
			}
			if depth > maxDepth {
				return true
			}
		}
		indicators := 0
		for word := range bytes.FieldsSeq(line) {
			if len(word) > 1 && word[0] != '!' && word[0] != '&' {
				break
			}
			if indicators++; indicators > maxDepth {
				return true
			}
		}
	}
	return false
}

func syntaxPos(file string, err error) Pos {
	var se *yaml.SyntaxError
	if errors.As(err, &se) && se.Token != nil && se.Token.Position != nil {
		return Pos{file, se.Token.Position.Line, se.Token.Position.Column}
	}
	return Pos{file, 1, 1}
}

// syntaxText says what is wrong in the library's words, but for those that
// quote the document, and adds the mend of the usual mistakes.
func syntaxText(err error, data []byte) string {
	text := "cannot be read as YAML"
	var se *yaml.SyntaxError
	if !errors.As(err, &se) {
		return text
	}
	if !strings.ContainsAny(se.Message, "\"`") {
		text = "is no YAML: " + strings.ReplaceAll(se.Message, "\t", `\t`)
	}
	if se.Token == nil || se.Token.Position == nil {
		return text
	}
	lines := bytes.Split(data, []byte("\n"))
	i := se.Token.Position.Line - 1
	if i < 0 || i >= len(lines) {
		return text
	}
	switch line := lines[i]; {
	case bytes.Contains(line, []byte("\t")):
		return text + "; indent with spaces, not tabs"
	case bytes.Contains(line, []byte("${")):
		return text + `; write a reference in quotes, as "${env:NAME}"`
	case strings.Contains(se.Message, "mapping value is not allowed"):
		return text + "; check the indentation, and quote a value that holds a colon and a space"
	}
	return text + "; quote a value with special characters, and close each bracket and quote"
}

// reader makes nodes of the library's tree.
type reader struct {
	d       *Decoder
	file    string
	anchors map[string]*Node
	nodes   int
}

func (r *reader) pos(n ast.Node) Pos {
	if m, ok := n.(*ast.MappingNode); ok && !m.IsFlowStyle && len(m.Values) > 0 {
		return r.tokenPos(m.Values[0].Key.GetToken())
	}
	return r.tokenPos(n.GetToken())
}

func (r *reader) tokenPos(t *token.Token) Pos {
	if t == nil || t.Position == nil {
		return Pos{r.file, 1, 1}
	}
	return Pos{r.file, t.Position.Line, t.Position.Column}
}

// node returns n as a node, never nil.
func (r *reader) node(n ast.Node, depth int) *Node {
	if n == nil {
		return &Node{Pos: Pos{r.file, 1, 1}, size: 1}
	}
	out := &Node{Pos: r.pos(n), size: 1}
	if depth > maxDepth {
		r.d.Addf(out.Pos, "is nested over %d deep: nest less", maxDepth)
		return out
	}
	switch n := n.(type) {
	case *ast.MappingNode:
		r.mapping(out, n.Values, depth)
	case *ast.MappingValueNode:
		out.Pos = r.tokenPos(n.Key.GetToken())
		r.mapping(out, []*ast.MappingValueNode{n}, depth)
	case *ast.SequenceNode:
		out.Kind = List
		for _, v := range n.Values {
			out.Items = append(out.Items, r.child(out, v, depth))
		}
	case *ast.AnchorNode:
		out = r.node(n.Value, depth+1)
		if n.Name != nil && n.Name.GetToken() != nil {
			r.anchors[n.Name.GetToken().Value] = out
		}
	case *ast.AliasNode:
		return r.alias(n, out)
	case *ast.TagNode:
		return r.tagged(n, out, depth)
	default:
		r.scalar(n, out)
	}
	r.nodes++
	return out
}

// child reads a part of out and bounds how large aliases make it.
func (r *reader) child(out *Node, n ast.Node, depth int) *Node {
	c := r.node(n, depth+1)
	if out.size+c.size > maxNodes {
		r.d.Addf(c.Pos, "aliases make more than %d values here: use fewer", maxNodes)
		return &Node{Pos: c.Pos, size: 1}
	}
	out.size += c.size
	return c
}

func (r *reader) alias(n *ast.AliasNode, out *Node) *Node {
	if n.Value == nil || n.Value.GetToken() == nil {
		return out
	}
	if target, ok := r.anchors[n.Value.GetToken().Value]; ok {
		return target
	}
	r.d.Addf(out.Pos, "the alias stands for no anchor above it: define the anchor with & first, and quote a value that begins with *")
	return out
}

// tagged reads the one tag with a use, !!str, which makes a text of a number.
func (r *reader) tagged(n *ast.TagNode, out *Node, depth int) *Node {
	v := r.node(n.Value, depth+1)
	if n.Start != nil && n.Start.Value == "!!str" && v.Scalar() {
		v.Kind = Text
		return v
	}
	r.d.Addf(out.Pos, "tags are not taken: leave out the word that begins with !, and quote a value that begins with it")
	return v
}

func (r *reader) scalar(n ast.Node, out *Node) {
	out.Kind = Text
	switch n := n.(type) {
	case *ast.LiteralNode:
		if n.Value != nil {
			out.Text = n.Value.Value
		}
	case *ast.StringNode:
		out.Text = n.Value
		if n.Token == nil || n.Token.Type != token.SingleQuoteType && n.Token.Type != token.DoubleQuoteType {
			out.Kind = kindOf(out.Text)
		}
	case *ast.NullNode:
		out.Kind = Null
	case *ast.BoolNode, *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		out.Text = strings.TrimSpace(n.GetToken().Value)
		out.Kind = kindOf(out.Text)
	default:
		r.d.Addf(out.Pos, "%s has no meaning here: leave it out", fmt.Sprint(n.Type()))
	}
}
