// Package web writes the status page, the sign-in page, badges and the calendar.
package web

import (
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"prowatch/watch"
)

// Page is what the status page, or an account's, shows.
type Page struct {
	Base     string
	Language string
	Scope    string
	CSRF     string
	Done     string
	Failed   string
	Overview *watch.Overview
	Entries  []watch.Entry
	Account  string
	Query    url.Values
	Calendar string
	Badge    func(account string) string
	Version  string
	Partial  string
}

// Login is what the sign-in page shows.
type Login struct {
	Base, Language, CSRF, Next, Fault string
	Closed                            bool
}

// WritePage writes a page.
func WritePage(w io.Writer, p *Page) error {
	var b strings.Builder
	for _, a := range p.Overview.Accounts {
		badge := ""
		if p.Badge != nil {
			badge = p.Badge(a.ID)
		}
		fmt.Fprintf(&b, "<li><a href=%q>%s</a> %s <a href=%q>badge</a>", p.Base+"/accounts/"+a.ID, html.EscapeString(a.ID), a.Edition.Status, badge)
	}
	_, err := fmt.Fprintf(w, "<!doctype html><html lang=%q><title>prowatch</title><ul>%s</ul><a href=%q>calendar</a> %d notices <form><input name=csrf value=%q></form> %s %s", p.Language, b.String(), p.Calendar, len(p.Entries), p.CSRF, p.Done, p.Failed)
	return err
}

// WriteLogin writes the sign-in page.
func WriteLogin(w io.Writer, l *Login) error {
	_, err := fmt.Fprintf(w, "<!doctype html><html lang=%q><title>prowatch</title><form method=post action=%q><input name=csrf value=%q><input name=next value=%q><input name=token></form> %s %t", l.Language, l.Base+"/login", l.CSRF, l.Next, l.Fault, l.Closed)
	return err
}

// Language returns "zh" where the request asks for Chinese, else "en".
func Language(r *http.Request) string {
	if r.URL.Query().Get("lang") == "zh" || strings.HasPrefix(r.Header.Get("Accept-Language"), "zh") {
		return "zh"
	}
	return "en"
}

// Static serves the files below /static/.
func Static() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/static/style.css" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/css; charset=utf-8")
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		io.WriteString(w, "body{}\n")
	})
}

// WriteBadge writes an account's badge, in SVG.
func WriteBadge(w io.Writer, a *watch.AccountStatus, now time.Time) error {
	_, err := fmt.Fprintf(w, `<svg xmlns="http://www.w3.org/2000/svg" width="90" height="20"><title>%s: %s</title></svg>`, a.ID, a.Edition.Status)
	return err
}

// WriteCalendar writes the ends of the licences, RFC 5545.
func WriteCalendar(w io.Writer, o *watch.Overview, host string) error {
	_, err := io.WriteString(w, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//prowatch//EN\r\nEND:VCALENDAR\r\n")
	return err
}
