package emulator

import (
	"bytes"
	"fmt"
	"html/template"
	"net/http"
	"path"
	"strings"
)

// pageTemplates are the pages, by the names of their files.
var pageTemplates = template.Must(template.ParseFS(pageFiles, "page/*.html"))

// pagePolicy lets a page load nothing but what the emulator itself serves.
const pagePolicy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// frame is what every page has.
type frame struct {
	Title, Nav, Host string
	Said, Problem    string // of what was just done
}

// pageRoutes are the pages beside the admin API.
func (e *Emulator) pageRoutes(mux *http.ServeMux) {
	for pattern, serve := range map[string]http.HandlerFunc{
		"GET {$}":           e.getOverview,
		"POST {$}":          e.postOverview,
		"GET log":           e.getLog,
		"GET account/{id}":  e.getAccountPage,
		"POST account/{id}": e.postAccountPage,
		"GET explorer":      e.getExplorer,
		"POST explorer":     e.postExplorer,
		"GET request/{id}":  e.getRequestPage,
		"GET static/{name}": getStatic,
		"GET login":         e.getLogin,
		"POST login":        e.postLogin,
	} {
		method, rest, _ := strings.Cut(pattern, " ")
		mux.HandleFunc(method+" "+adminRoot+rest, serve)
	}
	mux.Handle("GET /_emulator", http.RedirectHandler(adminRoot, http.StatusMovedPermanently))
}

func (e *Emulator) frame(r *http.Request, title, nav string) frame {
	return frame{Title: title, Nav: nav, Host: r.Host, Said: said[r.URL.Query().Get("said")]}
}

// writePage renders one of the templates.
func writePage(w http.ResponseWriter, status int, name string, data any) {
	var b bytes.Buffer
	if err := pageTemplates.ExecuteTemplate(&b, name, data); err != nil {
		panic(fmt.Sprintf("emulator: writing the page %s: %v", name, err)) // The templates are ours.
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", pagePolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin") // With none, a browser posts forms with the origin null.
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // The client may have left; there is no one to tell.
}

// staticTypes are the files that pages load.
var staticTypes = map[string]string{
	"style.css": "text/css; charset=utf-8",
	"script.js": "text/javascript; charset=utf-8",
	"icon.svg":  "image/svg+xml",
}

func getStatic(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	b, err := pageFiles.ReadFile(path.Join("page/static", name))
	if err != nil || staticTypes[name] == "" {
		writeAdmin(w, nil, &adminError{http.StatusNotFound, "there is nothing at this path", "reload the page"})
		return
	}
	w.Header().Set("Content-Type", staticTypes[name])
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "no-cache")
	_, _ = w.Write(b) // The client may have left; there is no one to tell.
}

// maxForm bounds a posted form, in bytes.
const maxForm = maxAdminBody

// said are the lines that a page may begin with after something was done, by
// their names in the query.
var said = map[string]string{
	"clock":    "The clock is set.",
	"machine":  "The clock is the machine’s again.",
	"forget":   "The log is empty.",
	"reset":    "Everything but the accounts and roles is as it was at the start.",
	"edition":  "The edition is saved. The next check will be told so.",
	"purchase": "The purchase state is saved.",
	"faults":   "The faults are saved. The next request takes the first.",
	"cleared":  "There are no faults any more.",
	"timeline": "The timeline is saved.",
}

// done sends the browser back to a page, which says what was done.
func done(w http.ResponseWriter, r *http.Request, what string) {
	http.Redirect(w, r, r.URL.EscapedPath()+"?said="+what, http.StatusSeeOther)
}

// label is a word with its colour: good, warn, bad or none.
type label struct{ Kind, Text string }

// statusLabel is a BuyStatus as pages show it.
func statusLabel(ed Edition) label {
	text, ok := ed["BuyStatus"].(string)
	if !ok {
		text = string(encode(ed["BuyStatus"]))
	}
	kinds := map[string]string{"Normal": "good", "Pending": "warn", "Isolate": "bad"}
	return label{kinds[text], text}
}

// shown is a value as pages show it.
func shown(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	}
	return string(encode(v))
}
