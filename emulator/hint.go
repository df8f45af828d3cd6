package emulator

import (
	"maps"
	"slices"
	"strings"
)

// slip is one thing a client may have done otherwise.
type slip[R any] struct {
	says   string
	change func(r *R)
}

// Hint says what a client did that signed wrong: with that one thing changed,
// the emulator computes the very signature that was sent.
type Hint struct {
	// Says is what the client did, such as "signed another host: …".
	Says string `json:"says"`
	// CanonicalRequest is the client's (TC3 only).
	CanonicalRequest string `json:"canonical_request,omitempty"`
	// StringToSign is the client's.
	StringToSign string `json:"string_to_sign,omitempty"`
}

// vendorHosts are those a client may have signed for while it was pointed at
// the emulator.
var vendorHosts = []string{
	"tcss.tencentcloudapi.com", "tcss.intl.tencentcloudapi.com",
	"sts.tencentcloudapi.com", "sts.intl.tencentcloudapi.com",
}

// maxHinted is how long what was signed may be, in bytes, for a hint to be
// looked for among all of the slips: each of them takes a hash of it.
const maxHinted = 16 << 10

// hint looks for what would have made a refused signature right, first one
// thing, then another address with one thing more.
func (e *Emulator) hint(c *call) []Hint {
	if len(c.body) > maxHinted || len(c.target) > maxHinted {
		return nil
	}
	keys := e.otherKeys(c.secretID)
	if c.tc3 {
		return c.hintsTC3(keys)
	}
	return c.hintsV1(keys)
}

// otherKey is a key that a client may have signed with by mistake.
type otherKey struct{ says, key string }

// otherKeys are those of the other accounts, and its own with a slip.
func (e *Emulator) otherKeys(id string) []otherKey {
	e.mu.Lock()
	defer e.mu.Unlock()
	own, _ := e.credentialOf(id)
	keys := []otherKey{
		{"a secret key with a line break at its end", own.key + "\n"},
		{"a secret key with a blank at its end", own.key + " "},
		{"a secret key with a blank before it", " " + own.key},
		{"a secret key in quotes", `"` + own.key + `"`},
		{"a secret key that is empty", ""},
		{"the SecretId in the place of the key", id},
		{"the token in the place of the key", own.token},
	}
	if t := strings.TrimSpace(own.key); t != own.key {
		keys = append(keys, otherKey{"a secret key without the blanks around it", t})
	}
	for _, other := range slices.Sorted(maps.Keys(e.accounts)) {
		if other != id {
			keys = append(keys, otherKey{"the secret key of another account, " + other, e.accounts[other].key})
		}
	}
	return keys
}

// maskHints returns a copy with every secret masked.
func maskHints(hints []Hint, m func(string) string) []Hint {
	var masked []Hint
	for _, h := range hints {
		masked = append(masked, Hint{m(h.Says), m(h.CanonicalRequest), m(h.StringToSign)})
	}
	return masked
}

// firstHint tries one slip after another, and then each of the addresses
// together with each of the others.
func firstHint[R any](addresses, slips []slip[R], try func(s slip[R]) (Hint, bool)) []Hint {
	for _, s := range slices.Concat(addresses, slips) {
		if h, ok := try(s); ok {
			return []Hint{h}
		}
	}
	for _, a := range addresses {
		for _, s := range slips {
			both := slip[R]{a.says + "; and " + s.says, func(r *R) { a.change(r); s.change(r) }}
			if h, ok := try(both); ok {
				return []Hint{h}
			}
		}
	}
	return nil
}
