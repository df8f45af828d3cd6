package emulator

import (
	"embed"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"text/template"
)

//go:embed page
var pageFiles embed.FS

// language forms in which the explorer gives a request to copy, in the order
// they are shown. Each takes the credentials from the environment.
var codeForms = []struct{ name, label string }{
	{"go", "Go"}, {"node", "Node"}, {"python", "Python"}, {"curl", "curl"}, {"shell", "Command line"},
}

var codeTemplates = template.Must(template.New("").Funcs(template.FuncMap{
	"go": strconv.Quote,
	"js": scalar, // Python reads JSON's strings too.
	"sh": shellQuote,
}).ParseFS(pageFiles, "page/code/*.tmpl"))

// snippet is a request as code that runs.
type snippet struct {
	Name, Label, Code string
}

// pair is a parameter for the templates.
type pair struct {
	Key, Value string
	Shell      string // the value as a word of a shell script
	First      bool
}

// codeFacts are what the templates are filled with.
type codeFacts struct {
	Host, Method, Sign, Language, Region      string
	Service, Package, Version, Action, Object string
	Query, Hash                               string
	TC3, InJSON                               bool
	Flat, TopLevel, Sorted                    []pair
}

// code returns the request in every form.
func (d draft) code() []snippet {
	facts := d.codeFacts()
	var snippets []snippet
	for _, f := range codeForms {
		var b strings.Builder
		if err := codeTemplates.ExecuteTemplate(&b, f.name+".tmpl", facts); err != nil {
			panic(fmt.Sprintf("emulator: writing %s code: %v", f.name, err)) // The templates are ours.
		}
		snippets = append(snippets, snippet{f.name, f.label, strings.TrimSpace(b.String()) + "\n"})
	}
	return snippets
}

func (d draft) codeFacts() codeFacts {
	f := codeFacts{
		Host: d.host, Method: d.method, Sign: d.signWith, Language: d.language, Region: d.region,
		Service: d.service, Version: d.version, Action: d.action, Object: d.arguments.object(),
		Package: d.service + "/v" + strings.ReplaceAll(d.version, "-", ""),
		TC3:     d.signWith == methodTC3, Hash: strings.ToLower(strings.TrimPrefix(d.signWith, "Hmac")),
		Query: escapePairs(d.arguments.flat()),
	}
	f.InJSON = f.TC3 && d.method == http.MethodPost
	for _, p := range d.arguments.flat() {
		f.Flat = append(f.Flat, pair{Key: p.key, Value: p.value})
	}
	for _, k := range slices.Sorted(maps.Keys(d.arguments)) {
		v, ok := d.arguments[k].(string)
		if !ok {
			v = string(encode(d.arguments[k]))
		}
		f.TopLevel = append(f.TopLevel, pair{Key: k, Value: v})
	}
	f.Sorted = d.shellPairs()
	return f
}

// shellPairs are the parameters of an older signature, sorted, as a script has
// them.
func (d draft) shellPairs() []pair {
	pairs := []pair{
		{Key: "Timestamp", Shell: `"$timestamp"`}, {Key: "Nonce", Shell: `"$nonce"`},
		{Key: "SecretId", Shell: `"$TENCENTCLOUD_SECRET_ID"`}, {Key: "Token"},
	}
	fixed := append(present(
		param{"Action", d.action}, param{"Version", d.version}, param{"SignatureMethod", d.signWith},
		param{"Language", d.language}, param{"Region", d.region},
	), d.arguments.flat()...)
	for _, p := range fixed {
		pairs = append(pairs, pair{Key: p.key, Value: p.value, Shell: shellQuote(p.value)})
	}
	slices.SortFunc(pairs, func(a, b pair) int { return strings.Compare(a.Key, b.Key) })
	pairs[0].First = true
	return pairs
}

// shellQuote returns s as one word of a POSIX shell.
func shellQuote(s string) string {
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
