package webtest

import (
	"bytes"
	"net/http"
	"strings"

	"prowatch/watch"
	"prowatch/web"
)

// Policy is what a browser is told that a page may load and do.
const Policy = "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// Handler shows the fleet under base, such as "/prod", to somebody with the
// scope. A form that is posted leads back with what it did in the query.
func Handler(base, scope string, o *watch.Overview, entries []watch.Entry) http.Handler {
	mux := http.NewServeMux()
	show := func(w http.ResponseWriter, r *http.Request, account string) {
		p := &web.Page{
			Base: base, Language: web.Language(r), Scope: scope, CSRF: "csrf", Done: r.URL.Query().Get("done"), Failed: r.URL.Query().Get("failed"),
			Overview: o, Entries: entries, Account: account, Query: r.URL.Query(), Calendar: base + "/calendar.ics?sig=abc",
			Badge: func(id string) string { return base + "/badge/" + id + ".svg?sig=abc" }, Version: "v1.0.0",
		}
		write(w, "text/html; charset=utf-8", func(b *bytes.Buffer) error { return web.WritePage(b, p) })
	}
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { show(w, r, "") })
	mux.HandleFunc("GET /accounts/{id}", func(w http.ResponseWriter, r *http.Request) { show(w, r, r.PathValue("id")) })
	mux.HandleFunc("GET /login", func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		l := &web.Login{Base: base, Language: web.Language(r), CSRF: "csrf", Next: q.Get("next"), Fault: q.Get("fault"), Closed: q.Has("closed")}
		write(w, "text/html; charset=utf-8", func(b *bytes.Buffer) error { return web.WriteLogin(b, l) })
	})
	mux.HandleFunc("GET /badge/{file}", func(w http.ResponseWriter, r *http.Request) {
		id := strings.TrimSuffix(r.PathValue("file"), ".svg")
		var found *watch.AccountStatus
		for i := range o.Accounts {
			if o.Accounts[i].ID == id {
				found = &o.Accounts[i]
			}
		}
		write(w, "image/svg+xml", func(b *bytes.Buffer) error { return web.WriteBadge(b, found, o.At) })
	})
	mux.HandleFunc("GET /calendar.ics", func(w http.ResponseWriter, _ *http.Request) {
		write(w, "text/calendar; charset=utf-8", func(b *bytes.Buffer) error { return web.WriteCalendar(b, o, "prowatch.example") })
	})
	mux.Handle("GET /static/", web.Static())
	for action, done := range map[string]string{"actions/check": "checked", "actions/mute": "muted", "actions/unmute": "unmuted", "logout": "", "login": ""} {
		mux.HandleFunc("POST /"+action, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, leadBack(r.FormValue("next"), base, done), http.StatusSeeOther)
		})
	}
	return http.StripPrefix(base, mux)
}

func leadBack(next, base, done string) string {
	if next == "" {
		next = base + "/"
	}
	if done == "" {
		return next
	}
	if strings.Contains(next, "?") {
		return next + "&done=" + done
	}
	return next + "?done=" + done
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
