package notify

import (
	"encoding/json"
	"html"
	"net/url"
	"slices"
	"strings"
)

// hidden stands where a secret was.
const hidden = "***"

// minSecretSegment is the length from which a segment of a URL's path counts
// as a secret, in bytes: tokens are longer, words such as "webhook" shorter.
const minSecretSegment = 12

// minSecret is the length below which a value is not looked for, in bytes: it
// would be found in ordinary words.
const minSecret = 4

// secrets are texts that must not be quoted, the longest first.
type secrets []string

// secretsOf returns the secrets of a request: those the channel names, the URL
// and the parts of it that are credentials, in each form in which an answer
// may echo them.
func secretsOf(u *url.URL, more []string) secrets {
	values := slices.Clone(more)
	if password, ok := u.User.Password(); ok {
		values = append(values, password)
	}
	for _, vs := range u.Query() {
		values = append(values, vs...)
	}
	if u.RawQuery != "" {
		values = append(values, u.RawQuery, u.RequestURI())
	}
	for segment := range strings.SplitSeq(u.Path, "/") {
		if len(segment) >= minSecretSegment {
			values = append(values, segment)
		}
	}
	return inEveryForm(append(values, u.String()))
}

// Scrub returns text without the secrets, in whatever form an answer echoes
// them.
func Scrub(text string, values ...string) string { return inEveryForm(values).scrub(text) }

func inEveryForm(values []string) secrets {
	var s secrets
	for _, v := range values {
		s = append(s, v, url.QueryEscape(v), url.PathEscape(v), html.EscapeString(v),
			strings.ReplaceAll(v, "/", `\/`), inJSON(v))
	}
	s = slices.DeleteFunc(s, func(v string) bool { return len(v) < minSecret })
	slices.SortFunc(s, func(a, b string) int { return len(b) - len(a) })
	return slices.Compact(s)
}

// inJSON writes v as a JSON encoder does that is wary of HTML.
func inJSON(v string) string {
	b, _ := json.Marshal(v) // a string always encodes
	return strings.Trim(string(b), `"`)
}

// scrub returns text without the secrets.
func (s secrets) scrub(text string) string {
	for _, v := range s {
		text = strings.ReplaceAll(text, v, hidden)
	}
	return text
}
