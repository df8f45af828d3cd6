package notify

import (
	"strings"
	"unicode"
	"unicode/utf16"

	"prowatch/watch"
)

// maxReason is the bound of [watch.Outcome.Text], in bytes.
const maxReason = 300

// ellipsis ends what was cut.
const ellipsis = "…"

// Clip cuts s to at most n bytes, the ellipsis included, on a rune boundary.
// Vendors count bytes, and a Chinese character has three.
func Clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	if n < len(ellipsis) {
		return ""
	}
	return strings.ToValidUTF8(s[:n-len(ellipsis)], "") + ellipsis
}

// Units counts s in UTF-16 units, as vendors do whose limits are "characters":
// it is never less than the number of characters.
func Units(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}

// OneLine makes s safe to lay out: valid UTF-8 on one line, without control
// characters and without the invisible ones that turn text around.
func OneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), unicode.IsControl(r):
			return ' '
		case unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "�"))
	return strings.Join(strings.Fields(s), " ")
}

// Outcome returns an outcome whose text keeps the bound of [watch.Outcome].
func Outcome(r watch.Result, code, text string) watch.Outcome {
	return watch.Outcome{Result: r, Code: Clip(OneLine(code), 64), Text: Clip(OneLine(text), maxReason)}
}
