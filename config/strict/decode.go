package strict

import (
	"encoding"
	"errors"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Decoder parses and decodes, and notes what is wrong on the way. The zero
// value is ready to use, for one document.
type Decoder struct {
	problems []Problem
	fields   map[reflect.Type][]field // of the structs so far
}

// A Field is a value with the node it came from: nil where the document has no
// such key, or null for it.
type Field[T any] struct {
	Value T
	Node  *Node
	good  bool
}

// Set reports whether the document has the value.
func (f *Field[T]) Set() bool { return f.Node != nil }

// Good reports whether the document has the value and nothing was noted of it.
func (f *Field[T]) Good() bool { return f.good }

func (f *Field[T]) decode(d *Decoder, n *Node, p place) {
	before := len(d.problems)
	d.value(n, reflect.ValueOf(&f.Value).Elem(), p)
	f.Node, f.good = n, len(d.problems) == before && !n.Broken
}

// Decode reads n into the struct, or other value, that v points to. What is
// how an error names it, such as "an account".
//
// A struct's keys are those of its yaml tags; a field tagged ",inline" lends
// its own. The tag `is:"…"` says what a part is called, and `one:"a b"` what
// its texts are to be, one of these words. A null, like a missing key, leaves
// the value as it is.
func (d *Decoder) Decode(n *Node, v any, what string) {
	if n != nil {
		d.value(n, reflect.ValueOf(v).Elem(), place{is: what})
	}
}

// place is what is known of a value from where it stands.
type place struct {
	is  string   // what it is called
	one []string // the words it can be
}

var nodeType = reflect.TypeFor[*Node]()

func (d *Decoder) value(n *Node, v reflect.Value, p place) {
	if v.Type() == nodeType {
		v.Set(reflect.ValueOf(n))
		return
	}
	if n.Kind == Null {
		return
	}
	if f, ok := v.Addr().Interface().(interface{ decode(*Decoder, *Node, place) }); ok {
		f.decode(d, n, p)
		return
	}
	if n.Broken {
		return
	}
	d.filled(n, v, p)
}

// filled decodes a node that has a value.
func (d *Decoder) filled(n *Node, v reflect.Value, p place) {
	if u, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		if d.expect(n, n.Scalar(), "text") {
			d.text(n, u)
		}
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		d.value(n, v.Elem(), p)
	case reflect.Struct:
		d.structure(n, v, p)
	case reflect.Slice:
		d.list(n, v, p)
	case reflect.Map:
		d.mapping(n, v, p)
	default:
		d.scalar(n, v)
		d.checkWord(n, p)
	}
}

// expect notes a value of the wrong kind.
func (d *Decoder) expect(n *Node, ok bool, want string) bool {
	if !ok {
		mend := ""
		if want == "a list" && n.Scalar() {
			mend = "; put it in brackets"
		}
		d.Addf(n.Pos, "expected %s, found %s%s", want, n.plain(), mend)
	}
	return ok
}

func (d *Decoder) checkWord(n *Node, p place) {
	if len(p.one) == 0 || !n.Scalar() || slices.Contains(p.one, n.Text) {
		return
	}
	d.Addf(n.Pos, "%s is no %s%s", n.Show(), p.is, Meant(n.Text, p.one))
}

// text lets u read the scalar. Its error, which is likely to quote the text, is
// passed on only for a text that stands in the document.
func (d *Decoder) text(n *Node, u encoding.TextUnmarshaler) {
	err := u.UnmarshalText([]byte(n.Text))
	var te *time.ParseError
	switch {
	case err == nil:
	case errors.As(err, &te):
		d.Addf(n.Pos, "%s is no time: write it as 2026-01-31T08:00:00+08:00", n.Show())
	case n.Source != "":
		d.Addf(n.Pos, "%s has the wrong form for this key", n.Show())
	default:
		d.Addf(n.Pos, "%s", err)
	}
}

func (d *Decoder) scalar(n *Node, v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		if d.expect(n, n.Scalar(), "text") {
			v.SetString(n.Text)
		}
	case reflect.Bool:
		if d.expect(n, n.plain() == Bool, "true or false") {
			v.SetBool(strings.EqualFold(n.Text, "true"))
		}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		if !d.expect(n, n.plain() == Int, "a whole number") {
			return
		}
		if i, err := strconv.ParseInt(n.Text, 10, v.Type().Bits()); err == nil {
			v.SetInt(i)
			return
		}
		d.Addf(n.Pos, "%s is no number that fits: write a smaller one, in decimal", n.Show())
	default:
		panic("strict: no YAML value decodes into " + v.Type().String())
	}
}

func (d *Decoder) list(n *Node, v reflect.Value, p place) {
	if !d.expect(n, n.Kind == List, "a list") {
		return
	}
	out := reflect.MakeSlice(v.Type(), 0, len(n.Items))
	for _, item := range n.Items {
		if item.Kind == Null {
			d.Addf(item.Pos, "an item of the list is empty: remove it")
			continue
		}
		elem := reflect.New(v.Type().Elem()).Elem()
		d.value(item, elem, p)
		out = reflect.Append(out, elem)
	}
	v.Set(out)
}

// mapping decodes a mapping with keys of the owner's choice.
func (d *Decoder) mapping(n *Node, v reflect.Value, p place) {
	if !d.expect(n, n.Kind == Map, "a mapping") {
		return
	}
	out := reflect.MakeMapWithSize(v.Type(), len(n.Pairs))
	for _, pair := range n.Pairs {
		elem := reflect.New(v.Type().Elem()).Elem()
		d.value(pair.Value, elem, p)
		out.SetMapIndex(reflect.ValueOf(pair.Key).Convert(v.Type().Key()), elem)
	}
	v.Set(out)
}
