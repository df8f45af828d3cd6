package tcss

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"prowatch/watch"
)

const (
	// minSecret is the shortest text that is looked for as a secret, in bytes.
	// Shorter ones, which no cloud issues, would tear holes into every answer.
	minSecret = 8

	// maxMessage bounds the text of a failure, in bytes.
	maxMessage = 400

	// maxWord bounds a code and a request id, in bytes.
	maxWord = 128
)

// redactor returns what takes the secrets out of a text, and the middle out of
// the SecretID.
func (c Credentials) redactor() *strings.Replacer {
	pairs := [][2]string{{c.SecretKey, "[secret]"}, {c.Token, "[secret]"}, {c.SecretID, mask(c.SecretID)}}
	// Of two that begin at the same place the longer one must win.
	slices.SortStableFunc(pairs, func(a, b [2]string) int { return cmp.Compare(len(b[0]), len(a[0])) })
	var oldnew []string
	for _, p := range pairs {
		if len(p[0]) < minSecret {
			continue
		}
		for _, s := range spellings(p[0]) {
			oldnew = append(oldnew, s, p[1])
		}
	}
	return strings.NewReplacer(oldnew...)
}

// spellings returns s as JSON may write it: some encoders escape the slash and
// the equals sign that tokens have.
func spellings(s string) []string {
	slash := strings.ReplaceAll(s, "/", `\/`)
	return []string{s, slash, strings.ReplaceAll(s, "=", `\u003d`), strings.ReplaceAll(slash, "=", `\u003d`)}
}

// hide returns f without secrets, tidied.
func (c Credentials) hide(f *watch.Failure) *watch.Failure {
	r := c.redactor()
	return tidy(&watch.Failure{
		Class:     f.Class,
		Code:      r.Replace(f.Code),
		Message:   r.Replace(f.Message),
		RequestID: r.Replace(f.RequestID),
	})
}

// tidy returns f with texts of one line and a bounded size.
func tidy(f *watch.Failure) *watch.Failure {
	return &watch.Failure{
		Class:     f.Class,
		Code:      oneLine(f.Code, maxWord),
		Message:   oneLine(f.Message, maxMessage),
		RequestID: oneLine(f.RequestID, maxWord),
	}
}

// oneLine returns s with runs of spaces and of what does not print as one
// space, and cuts it to at most limit bytes.
func oneLine(s string, limit int) string {
	s = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, " "), func(r rune) bool {
		return unicode.IsSpace(r) || !unicode.IsPrint(r)
	}), " ")
	if len(s) <= limit {
		return s
	}
	end := limit - len("…")
	for !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + "…"
}
