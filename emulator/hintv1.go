package emulator

import (
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"
)

// hintsV1 tries the slips on a call whose older signature is wrong.
func (c *call) hintsV1(keys []otherKey) []Hint {
	right := c.recipeV1(c.host, c.key)
	slips := slices.Concat(keySlipsV1(keys), c.textSlipsV1(), c.parameterSlipsV1())
	return firstHint(c.addressSlipsV1(), slips, func(s slip[recipeV1]) (Hint, bool) {
		r := right
		s.change(&r)
		toSign := r.stringToSign()
		if r.signature(toSign) != c.signing.Signature {
			return Hint{}, false
		}
		return Hint{Says: s.says, StringToSign: cut(toSign, 2*maxRecorded)}, true
	})
}

// addressSlipsV1 are other hosts, and a signature that was not escaped, which
// goes together with any slip as they do.
func (c *call) addressSlipsV1() []slip[recipeV1] {
	slips := []slip[recipeV1]{{"did not escape the + of the signature in the URL, where it means a blank", func(r *recipeV1) {
		r.encode = func(b []byte) string {
			return strings.ReplaceAll(base64.StdEncoding.EncodeToString(b), "+", " ")
		}
	}}}
	for _, h := range slices.Concat(vendorHosts, c.hosts(), []string{"localhost", "127.0.0.1"}) {
		slips = append(slips, slip[recipeV1]{"signed for another host: " + h, func(r *recipeV1) { r.host = h }})
	}
	return slips
}

func keySlipsV1(keys []otherKey) []slip[recipeV1] {
	var slips []slip[recipeV1]
	for _, k := range keys {
		slips = append(slips, slip[recipeV1]{"signed with " + k.says, func(r *recipeV1) { r.key = k.key }})
	}
	return slips
}

// textSlipsV1 are other forms of the string to sign and of its hash.
func (c *call) textSlipsV1() []slip[recipeV1] {
	other := map[string]string{"HmacSHA1": "HmacSHA256", "HmacSHA256": "HmacSHA1"}
	return []slip[recipeV1]{
		{"signed the values as they are escaped in the URL; they are signed before escaping", func(r *recipeV1) { r.escaped = true }},
		{"signed with " + other[c.signing.Method] + " and did not say so in SignatureMethod", func(r *recipeV1) { r.hash = other[r.hash] }},
		{"encoded the signature in hex; it is base64", func(r *recipeV1) { r.encode = hex.EncodeToString }},
		{"signed another method", func(r *recipeV1) { r.method = map[string]string{"GET": "POST", "POST": "GET"}[r.method] }},
		{"signed the path /; in this signature it is the real one", func(r *recipeV1) { r.path = "/" }},
		{"signed an empty path", func(r *recipeV1) { r.path = "" }},
		{"put https:// before the host", func(r *recipeV1) { r.host = "https://" + r.host }},
		{"put http:// before the host", func(r *recipeV1) { r.host = "http://" + r.host }},
	}
}

// parameterSlipsV1 are other sets and orders of the parameters.
func (c *call) parameterSlipsV1() []slip[recipeV1] {
	without := func(leave func(p param) bool) func(r *recipeV1) {
		return func(r *recipeV1) { r.pairs = slices.DeleteFunc(slices.Clone(r.pairs), leave) }
	}
	slips := []slip[recipeV1]{
		{"left out the parameters that are empty", without(func(p param) bool { return p.value == "" })},
		{"signed the parameters in the order they were sent; they are sorted", func(r *recipeV1) {
			r.pairs = slices.DeleteFunc(slices.Clone(c.form), func(p param) bool { return p.key == "Signature" })
		}},
		{"sorted the parameters without regard to case", func(r *recipeV1) {
			r.pairs = slices.Clone(r.pairs)
			slices.SortStableFunc(r.pairs, func(a, b param) int {
				return strings.Compare(strings.ToLower(a.key), strings.ToLower(b.key))
			})
		}},
	}
	for _, p := range c.form {
		if p.key != "Signature" && len(slips) < 64 {
			slips = append(slips, slip[recipeV1]{"left the parameter " + p.key + " out of what it signed", without(func(q param) bool { return q.key == p.key })})
		}
	}
	return slips
}
