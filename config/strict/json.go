package strict

import (
	"bytes"
	"encoding/json"
	"math/big"
	"strconv"
	"strings"
)

// JSON writes n as JSON: a text, quoted or not, is a string, a number keeps
// its value, and what JSON cannot hold is noted and written as null.
func (d *Decoder) JSON(n *Node) json.RawMessage {
	var b bytes.Buffer
	d.json(&b, n)
	return b.Bytes()
}

func (d *Decoder) json(b *bytes.Buffer, n *Node) {
	switch n.Kind {
	case Null:
		b.WriteString("null")
	case Bool:
		b.WriteString(strings.ToLower(n.Text))
	case Int, Float:
		d.jsonNumber(b, n)
	case Text:
		b.Write(quote(n.Text))
	case List:
		b.WriteByte('[')
		for i, item := range n.Items {
			if i > 0 {
				b.WriteByte(',')
			}
			d.json(b, item)
		}
		b.WriteByte(']')
	case Map:
		b.WriteByte('{')
		for i, p := range n.Pairs {
			if i > 0 {
				b.WriteByte(',')
			}
			b.Write(quote(p.Key))
			b.WriteByte(':')
			d.json(b, p.Value)
		}
		b.WriteByte('}')
	}
}

// jsonNumber keeps a decimal as it is written where JSON writes it so, too.
func (d *Decoder) jsonNumber(b *bytes.Buffer, n *Node) {
	text := n.Text
	if json.Valid([]byte(text)) {
		b.WriteString(text)
		return
	}
	if n.Kind == Int {
		base := 10
		if digits, ok := strings.CutPrefix(text, "0x"); ok {
			text, base = digits, 16
		} else if digits, ok := strings.CutPrefix(text, "0o"); ok {
			text, base = digits, 8
		}
		if i, ok := new(big.Int).SetString(text, base); ok {
			b.WriteString(i.String())
			return
		}
	}
	if f, err := strconv.ParseFloat(text, 64); err == nil {
		if out, err := json.Marshal(f); err == nil {
			b.Write(out)
			return
		}
	}
	d.Addf(n.Pos, "%s is no number that JSON has: write another, or quote it", n.Show())
	b.WriteString("null")
}

// quote writes a JSON string without escaping HTML.
func quote(s string) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a string always encodes
	return bytes.TrimRight(b.Bytes(), "\n")
}
