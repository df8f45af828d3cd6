package strict

import (
	"reflect"
	"slices"
	"strings"
)

// field is a key of a struct.
type field struct {
	key   string
	index []int
	place place
}

// fieldsOf returns the keys of a struct, those of inlined fields included.
func fieldsOf(t reflect.Type) []field {
	var fs []field
	for f := range t.Fields() {
		key, option, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		switch {
		case !f.IsExported() && !f.Anonymous, key == "-":
		case option == "inline":
			for _, in := range fieldsOf(f.Type) {
				in.index = append(slices.Clone(f.Index), in.index...)
				fs = append(fs, in)
			}
		default:
			if key == "" {
				key = strings.ToLower(f.Name)
			}
			is := f.Tag.Get("is")
			if is == "" {
				is = key
			}
			fs = append(fs, field{key, f.Index, place{is, strings.Fields(f.Tag.Get("one"))}})
		}
	}
	return fs
}

// fieldsOf remembers the keys of a struct: a list of ten thousand accounts has
// the same one each time.
func (d *Decoder) fieldsOf(t reflect.Type) []field {
	fs, ok := d.fields[t]
	if !ok {
		if d.fields == nil {
			d.fields = map[reflect.Type][]field{}
		}
		fs = fieldsOf(t)
		d.fields[t] = fs
	}
	return fs
}

// Keys returns the keys that the struct v, or a pointer to it, takes.
func Keys(v any) []string {
	t := reflect.TypeOf(v)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	var keys []string
	for _, f := range fieldsOf(t) {
		keys = append(keys, f.key)
	}
	return keys
}

func (d *Decoder) structure(n *Node, v reflect.Value, p place) {
	if !d.expect(n, n.Kind == Map, "a mapping") {
		return
	}
	fields := d.fieldsOf(v.Type())
	for _, pair := range n.Pairs {
		i := slices.IndexFunc(fields, func(f field) bool { return f.key == pair.Key })
		if i < 0 {
			d.unknown(pair, fields, p.is)
			continue
		}
		d.value(pair.Value, v.FieldByIndex(fields[i].index), fields[i].place)
	}
}

func (d *Decoder) unknown(pair Pair, fields []field, what string) {
	var keys []string
	for _, f := range fields {
		keys = append(keys, f.key)
	}
	mend := "; it takes no keys"
	if len(keys) > 0 {
		mend = Meant(pair.Key, keys)
	}
	if pair.Pos.Line == 0 { // a variable, whose name is its place
		d.Addf(pair.Pos, "%s has no %s: unset the variable", what, pair.Key)
		return
	}
	d.Addf(pair.Pos, "unknown key %s in %s%s", showKey(pair.Key, pair.Value), what, mend)
}
