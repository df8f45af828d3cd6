package webtest

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"prowatch/watch"
	"prowatch/web"
)

// Policy is what a browser is told that a page may load and do.
const Policy = "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// site shows a fleet.
type site struct {
	base, scope string
	o           *watch.Overview
	entries     []watch.Entry
}

// Handler shows the fleet under base, such as "/prod", to somebody with the
// scope. Mutes are set and taken back in o; any token signs in.
func Handler(base, scope string, o *watch.Overview, entries []watch.Entry) http.Handler {
	s := &site{base, scope, o, entries}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.page)
	mux.HandleFunc("GET /accounts/{id}", s.page)
	mux.HandleFunc("GET /login", s.login)
	mux.HandleFunc("GET /badge/{file}", s.badge)
	mux.HandleFunc("GET /calendar.ics", s.calendar)
	mux.Handle("GET /static/", web.Static())
	mux.HandleFunc("POST /actions/check", act("checked", func(url.Values) {}))
	mux.HandleFunc("POST /actions/mute", act("muted", s.mute))
	mux.HandleFunc("POST /actions/unmute", act("unmuted", s.unmute))
	mux.Handle("POST /login", http.RedirectHandler(base+"/", http.StatusSeeOther))
	mux.Handle("POST /logout", http.RedirectHandler(base+"/login", http.StatusSeeOther))
	return http.StripPrefix(base, oneByOne(mux))
}

// oneByOne lets one request at a time reach the fleet.
func oneByOne(next http.Handler) http.Handler {
	var mu sync.Mutex
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		next.ServeHTTP(w, r)
	})
}

func (s *site) page(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	p := &web.Page{
		Base: s.base, Language: web.Language(r), Scope: s.scope, CSRF: "csrf", Done: q.Get("done"), Failed: q.Get("failed"),
		Overview: s.o, Entries: s.entries, Account: r.PathValue("id"), Query: q, Calendar: s.base + "/calendar.ics?sig=abc",
		Badge: func(id string) string { return s.base + "/badge/" + id + ".svg?sig=abc" }, Version: "v1.0.0",
	}
	write(w, "text/html; charset=utf-8", func(b *bytes.Buffer) error { return web.WritePage(b, p) })
}

func (s *site) login(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	l := &web.Login{Base: s.base, Language: web.Language(r), CSRF: "csrf", Next: q.Get("next"), Fault: q.Get("fault"), Closed: q.Has("closed")}
	write(w, "text/html; charset=utf-8", func(b *bytes.Buffer) error { return web.WriteLogin(b, l) })
}

func (s *site) badge(w http.ResponseWriter, r *http.Request) {
	id := strings.TrimSuffix(r.PathValue("file"), ".svg")
	var found *watch.AccountStatus
	for i := range s.o.Accounts {
		if s.o.Accounts[i].ID == id {
			found = &s.o.Accounts[i]
		}
	}
	write(w, "image/svg+xml", func(b *bytes.Buffer) error { return web.WriteBadge(b, found, s.o.At) })
}

func (s *site) calendar(w http.ResponseWriter, _ *http.Request) {
	write(w, "text/calendar; charset=utf-8", func(b *bytes.Buffer) error { return web.WriteCalendar(b, s.o, "prowatch.example") })
}

func write(w http.ResponseWriter, media string, page func(*bytes.Buffer) error) {
	var b bytes.Buffer
	if err := page(&b); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", media)
	h.Set("Content-Security-Policy", Policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	_, _ = w.Write(b.Bytes()) // The client may have left; there is no one to tell.
}
