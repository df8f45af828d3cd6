package web

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io"
	"net/url"
	"sync"

	"prowatch/watch"
)

// Page is what a page shows: the overview, or with Account one account.
type Page struct {
	// Base stands before every path: "", or a stage such as "/prod".
	Base string

	// Language is "en" or "zh", see [Language].
	Language string

	// Scope is "read" or "operate". Only operators see what can be done.
	Scope string

	// CSRF is the token that each form brings back. Without one, as where a
	// program asks with its bearer token, there are no forms.
	CSRF string

	// Done says what was just done and Failed what was not: "checked",
	// "handedout", "muted", "unmuted" or "".
	Done   string
	Failed string

	Overview *watch.Overview

	// Entries are notices with their receipts, the newest first: those of all
	// accounts, or of Account.
	Entries []watch.Entry

	// Account is the id of the account whose page it is, "" for the overview.
	Account string

	// Query is that of the URL. Of it the page takes the filters, and leaves the
	// rest.
	Query url.Values

	// Calendar is the signed link of the calendar, "" where there is none.
	Calendar string

	// Badge returns the signed link of an account's badge. It may be nil.
	Badge func(account string) string

	Version string

	// Partial says which records could not be read, "" where all could.
	Partial string
}

// Login is the page to sign in at.
type Login struct {
	Base     string
	Language string
	CSRF     string
	Next     string // the path to go to then
	Fault    string // why the last attempt failed, in the page's language or a fixed word: "token", "rate", "csrf"

	// Closed says that no token is configured, so that nobody can sign in.
	Closed bool
}

// WritePage writes the page as HTML, whole or, with an error, not at all.
func WritePage(w io.Writer, p *Page) error {
	v := newView(p)
	if p.Account != "" {
		return render(w, v.words, "account.html", v.accountPage())
	}
	return render(w, v.words, "overview.html", v.overviewPage())
}

// WriteLogin writes the page to sign in at.
func WriteLogin(w io.Writer, l *Login) error {
	said := wordsOf(l.Language)
	link := func(language string) string {
		return l.Base + "/login?" + url.Values{"lang": {language}, "next": {l.Next}}.Encode()
	}
	return render(w, said, "login.html", &loginPage{
		frame:  newFrame(l.Base, said, said.Say("signin"), link(said.other().Language)),
		Action: l.Base + "/login?lang=" + said.Language,
		CSRF:   l.CSRF, Next: l.Next, Closed: l.Closed,
		Fault: said.orSame("fault", l.Fault),
	})
}

// loginPage is what login.html shows.
type loginPage struct {
	frame
	Action, CSRF, Next, Fault string
	Closed                    bool
}

// frame is what every page has.
type frame struct {
	Base      string
	Language  string // as HTML names it
	Title     string
	Home      string // the overview
	Static    assets
	Other     string // this page in the other language
	OtherTag  string // that language, as HTML names it
	OtherName string
	Version   string
	Inside    bool // behind the sign-in
	Signed    bool // somebody is signed in, and can sign out
}

func newFrame(base string, words words, title, other string) frame {
	return frame{
		Base: base, Language: words.Tag, Title: title, Home: base + "/", Static: assetsAt(base),
		Other: other, OtherTag: words.other().Tag, OtherName: words.other().Say("language"),
	}
}

//go:embed page
var files embed.FS

// templates are the pages of each language, by the names of their files. To
// parse them takes a few milliseconds, which a function that is asked for no
// page does not spend.
var templates = map[string]func() *template.Template{
	"en": sync.OnceValue(func() *template.Template { return parse(english) }),
	"zh": sync.OnceValue(func() *template.Template { return parse(chinese) }),
}

func parse(words words) *template.Template {
	t := template.New("").Funcs(template.FuncMap{"say": words.Say})
	return template.Must(t.ParseFS(files, "page/*.html"))
}

// render writes one of the templates.
func render(w io.Writer, words words, name string, data any) error {
	var b bytes.Buffer
	if err := templates[words.Language]().ExecuteTemplate(&b, name, data); err != nil {
		return fmt.Errorf("writing the page %s in %s: %w", name, words.Language, err)
	}
	_, err := w.Write(b.Bytes())
	return err
}
