package emulator

import (
	"cmp"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// tokenParameter is a token where a query, a form or a string to sign has it,
// for the calls that were refused before their token was known.
var tokenParameter = regexp.MustCompile(`\bToken=[^&\n]*`)

// cut shortens what is longer than n bytes.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "") + "…"
}

// masker returns a function that puts stars in the place of secrets, in each
// of the forms the protocol writes them in, and cuts what is long.
func masker(secrets []string) func(string) string {
	forms := secretForms(secrets)
	return func(s string) string {
		for _, f := range forms {
			s = strings.ReplaceAll(s, f, "***")
		}
		if strings.Contains(s, "Token=") {
			s = tokenParameter.ReplaceAllString(s, "Token=***")
		}
		return cut(s, maxRecorded)
	}
}

// secretForms are the forms in which the protocol writes secrets, the longest
// first, for one may be a part of another.
func secretForms(secrets []string) []string {
	var forms []string
	for _, s := range secrets {
		if s != "" {
			q := url.QueryEscape(s)
			forms = append(forms, s, q, strings.ToLower(s), strings.ToLower(q))
		}
	}
	slices.SortFunc(forms, func(a, b string) int {
		return cmp.Or(len(b)-len(a), strings.Compare(a, b))
	})
	return slices.Compact(forms)
}
