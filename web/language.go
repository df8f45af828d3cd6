package web

import (
	"net/http"
	"strconv"
	"strings"
)

// Language returns the language to answer a request in, "en" or "zh": that of
// ?lang=, else of the cookie lang, else the best of Accept-Language, else "en".
func Language(r *http.Request) string {
	if l := known(r.URL.Query().Get("lang")); l != "" {
		return l
	}
	if c, err := r.Cookie("lang"); err == nil {
		if l := known(c.Value); l != "" {
			return l
		}
	}
	best, most := english.Language, 0.0
	for _, part := range strings.Split(strings.Join(r.Header.Values("Accept-Language"), ","), ",") {
		tag, parameters, _ := strings.Cut(part, ";")
		l, q := known(tag), quality(parameters)
		if l != "" && q > most {
			best, most = l, q
		}
	}
	return best
}

// known returns the language of a tag such as "zh-Hans-CN", "" of one that the
// pages do not speak.
func known(tag string) string {
	primary, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(tag)), "-")
	if primary == english.Language || primary == chinese.Language {
		return primary
	}
	return ""
}

// quality reads the weight of RFC 9110, section 12.4.2; one that is broken is 0.
func quality(parameters string) float64 {
	q, ok := strings.CutPrefix(strings.ReplaceAll(parameters, " ", ""), "q=")
	if !ok {
		return 1
	}
	f, err := strconv.ParseFloat(q, 64)
	if err != nil || !(f >= 0 && f <= 1) {
		return 0
	}
	return f
}
