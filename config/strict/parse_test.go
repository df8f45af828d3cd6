package strict_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"prowatch/config/strict"
)

func TestScalarsAreThoseOfTheCoreSchema(t *testing.T) {
	for _, tt := range []struct{ yaml, json string }{
		{"5", "5"}, {`"5"`, `"5"`}, {"'5'", `"5"`}, {"-1", "-1"}, {"+1", "1"}, {"007", "7"}, {"0x1F", "31"}, {"0o17", "15"},
		{"1.50", "1.50"}, {".5", "0.5"}, {"1.", "1"}, {"1e3", "1e3"}, {"99999999999999999999", "99999999999999999999"},
		{"1_000", `"1_000"`}, {"null", "null"}, {"~", "null"}, {"", "null"}, {`""`, `""`}, {"Null", "null"},
		{"true", "true"}, {"TRUE", "true"}, {"yes", `"yes"`}, {"no", `"no"`}, {"on", `"on"`}, {"Frozen", `"Frozen"`},
		{"2026-01-01 00:00:00", `"2026-01-01 00:00:00"`}, {"2026-01-01", `"2026-01-01"`}, {"12:30", `"12:30"`},
		{"!!str 5", `"5"`}, {"<html>&", `"<html>&"`}, {"\"a\\nb\"", `"a\nb"`}, {"|\n  a\n  b\n", `"a\nb\n"`}, {">-\n  a\n  b\n", `"a b"`},
		{"[1, [a], {b: c}]", `[1,["a"],{"b":"c"}]`}, {"[]", "[]"}, {"{}", "{}"}, {"\n  - 1\n  -\n", "[1,null]"},
		{"{b: 1, a: 2, \"c d\": 3, 4: 5}", `{"b":1,"a":2,"c d":3,"4":5}`},
	} {
		var d strict.Decoder
		n := d.Parse("f", []byte("v: "+tt.yaml+"\n"))
		if err := d.Err(); err != nil {
			t.Errorf("%s: %v", tt.yaml, err)
			continue
		}
		if got := string(d.JSON(n.Get("v"))); got != tt.json {
			t.Errorf("%s: got %s, want %s", tt.yaml, got, tt.json)
		}
	}
}

func TestWhatJSONCannotHoldIsNoted(t *testing.T) {
	var d strict.Decoder
	n := d.Parse("f", []byte("v: [.inf, .nan, 1e999]\n"))
	out := string(d.JSON(n.Get("v")))
	if err := d.Err(); err == nil || strings.Count(err.Error(), "is no number that JSON has") != 2 || !json.Valid([]byte(out)) {
		t.Errorf("got %s, %v", out, err)
	}
}

func TestAnchorsAndMergesAreFollowed(t *testing.T) {
	var d strict.Decoder
	n := d.Parse("f", []byte("base: &b {x: 1, y: 2}\none: {<<: *b, y: 3}\ntwo: *b\nthree:\n  <<: [*b, {z: 4}]\n"))
	if err := d.Err(); err != nil {
		t.Fatal(err)
	}
	want := `{"base":{"x":1,"y":2},"one":{"y":3,"x":1},"two":{"x":1,"y":2},"three":{"x":1,"y":2,"z":4}}`
	if got := string(d.JSON(n)); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestParseRefuses(t *testing.T) {
	for _, tt := range []struct{ name, doc, want string }{
		{"a tab", "a:\n\t- b", `f:2:1: is no YAML: found character '\t' that cannot start any token; indent with spaces, not tabs`},
		{"a bad indent", "a: b\n c: d", "f:1:4: is no YAML: mapping value is not allowed in this context; check the indentation, and quote a value that holds a colon and a space"},
		{"an open quote", `a: "hunter2`, "f:1:4: is no YAML: could not find end character of double-quoted text; quote a value with special characters, and close each bracket and quote"},
		{"a reserved character", "a: @hunter2", "f:1:4: is no YAML: '@' is a reserved character; quote a value with special characters, and close each bracket and quote"},
		{"two documents", "a: 1\n---\nb: 2\n", "f:3:1: a second document begins here: keep everything in one, without ---"},
		{"a key twice", "{a: 1, a: 2}", `f:1:8: the key "a" stands here a second time, first on line 1: keep one of the two`},
		{"a key twice that may be a secret", "{hunter2: , hunter2: }", "f:1:13: the key (without a value, so it is not shown; does a value lack its quotes?) stands here a second time, first on line 1: keep one of the two"},
		{"an alias of nothing", "a: *b", "f:1:4: the alias stands for no anchor above it: define the anchor with & first, and quote a value that begins with *"},
		{"an alias of itself", "a: &a [*a]", "f:1:8: the alias stands for no anchor above it: define the anchor with & first, and quote a value that begins with *"},
		{"a merge of no mapping", "<<: 5", "f:1:5: << takes the alias of a mapping: write <<: *name"},
		{"a tag", "a: !secret x", "f:1:4: tags are not taken: leave out the word that begins with !, and quote a value that begins with it"},
		{"a key with a question mark", "? a\n: b", "f:1:1: keys with ? are not taken: write key: value"},
		{"an empty key", "~: b", "f:1:1: a key is empty: write key: value"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var d strict.Decoder
			d.Parse("f", []byte(tt.doc))
			if err := d.Err(); err == nil || err.Error() != tt.want {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
		})
	}
}

func TestHugeDocumentsAreRefusedSoon(t *testing.T) {
	laughs := "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
	for i := range 9 {
		alias := "*a" + string(rune('0'+i)) + ","
		laughs += "a" + string(rune('1'+i)) + ": &a" + string(rune('1'+i)) + " [" + strings.Repeat(alias, 10) + "]\n"
	}
	for _, tt := range []struct{ name, doc string }{
		{"long", strings.Repeat("# comment\n", 1<<19)},
		{"deep brackets", strings.Repeat("[", 1<<21)},
		{"deep braces", strings.Repeat("{a: ", 1<<19)},
		{"deep dashes", strings.Repeat("- ", 1<<20)},
		{"deep questions", strings.Repeat("? ", 1<<20)},
		{"deep colons", strings.Repeat(": ", 1<<20)},
		{"deep keys", strings.Repeat("a: ", 1<<16)},
		{"many anchors", "a: " + strings.Repeat("&a ", 1<<16)},
		{"many tags", "a: " + strings.Repeat("!!str ", 1<<16)},
		{"many merges", strings.Repeat("? - ", 1<<18)},
		{"deep in lines", stairs(1500)},
		{"aliases of aliases", laughs},
	} {
		t.Run(tt.name, func(t *testing.T) {
			begin := time.Now()
			var d strict.Decoder
			d.Parse("f", []byte(tt.doc))
			if d.Err() == nil {
				t.Error("got no error")
			}
			// Without its bounds the parser takes minutes, or all memory.
			if took := time.Since(begin); took > 20*time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}

// stairs nests n mappings, each a line.
func stairs(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()
}

func TestAnEmptyDocumentIsNull(t *testing.T) {
	for _, doc := range []string{"", "# nothing\n", "---\n", "\ufeff"} {
		var d strict.Decoder
		if n := d.Parse("f", []byte(doc)); n == nil || n.Kind != strict.Null || d.Err() != nil {
			t.Errorf("%q: got %v, %v", doc, n, d.Err())
		}
	}
}

func TestLineEndsOfWindows(t *testing.T) {
	var d strict.Decoder
	n := d.Parse("f", []byte("a: 1\r\nb:\r\n  - x\r\n  - \"y\"\r\n"))
	if got := string(d.JSON(n)); d.Err() != nil || got != `{"a":1,"b":["x","y"]}` {
		t.Errorf("got %s, %v", got, d.Err())
	}
}
