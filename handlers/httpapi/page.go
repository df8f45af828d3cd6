package httpapi

import (
	"bytes"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"go.uber.org/zap"

	"prowatch/watch"
	"prowatch/web"
)

// What a form did, as the page says it.
const (
	checked   = "checked"
	handedOut = "handedout" // to workers, to be checked
	muted     = "muted"
	unmuted   = "unmuted"
)

func (c *call) getPage(w http.ResponseWriter) error {
	id := c.PathValue("id")
	var ids []string
	if id != "" {
		ids = []string{id}
	}
	status := http.StatusOK
	runner, err := c.runnerOf(ids)
	if err != nil && c.wantsPage() {
		runner, status, err = of(c.Runner()), http.StatusNotFound, nil // the page says so
	}
	if err != nil {
		return err
	}
	overview, records, err := runner.Recall(c.Context())
	if id == "" {
		own, fault := runner.WatchRecord(c.Context())
		records, err = append(records, own), errors.Join(err, fault)
	}
	said, err := unread(err, len(records)+len(runner.Channels)+1)
	if err != nil {
		return err
	}
	query := c.URL.Query()
	page := &web.Page{
		Base: c.base, Language: web.Language(c.Request), Scope: c.scope.String(), Account: id, Query: query,
		Done: wordOf(query.Get("done")), Failed: wordOf(query.Get("failed")),
		Overview: overview, Entries: newestFirst(records), Version: c.Version, Partial: joined(said),
		Calendar: c.link("/calendar.ics", time.Time{}),
		Badge:    func(account string) string { return c.link(badgePath(account), time.Time{}) },
	}
	if c.cookie != "" {
		page.CSRF = formToken(c.keys.form, c.cookie)
	}
	c.rememberLanguage(w, page.Language)
	var b bytes.Buffer
	if err := web.WritePage(&b, page); err != nil {
		return err
	}
	return send(w, status, "text/html; charset=utf-8", b.Bytes())
}

// wantsPage reports whether the answer is for people to read.
func (c *call) wantsPage() bool { return strings.Contains(c.Header.Get("Accept"), "text/html") }

// wordOf lets only the words through that the page knows.
func wordOf(word string) string {
	if slices.Contains([]string{checked, handedOut, muted, unmuted}, word) {
		return word
	}
	return ""
}

// rememberLanguage keeps the language that was chosen by the URL.
func (c *call) rememberLanguage(w http.ResponseWriter, language string) {
	if !c.URL.Query().Has("lang") {
		return
	}
	http.SetCookie(w, &http.Cookie{Name: "lang", Value: language, Path: c.base + "/", MaxAge: int(365 * 24 * time.Hour / time.Second),
		HttpOnly: true, Secure: c.isSecure(), SameSite: http.SameSiteLaxMode})
}

func badgePath(account string) string { return "/badge/" + account + ".svg" }

func (c *call) getBadge(w http.ResponseWriter) error {
	status, err := c.account(c.PathValue("account"))
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := web.WriteBadge(&b, status, c.now); err != nil {
		return err
	}
	w.Header().Set("Content-Security-Policy", badgeCSP)
	w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	return c.cached(w, "image/svg+xml; charset=utf-8", b.Bytes())
}

func (c *call) getCalendar(w http.ResponseWriter) error {
	overview, err := c.Runner().Overview(c.Context())
	if err != nil {
		return err // an end that is left out would vanish from people's calendars
	}
	_, host, ok := strings.Cut(c.public, "://")
	if !ok {
		host = c.Host
	}
	var b bytes.Buffer
	if err := web.WriteCalendar(&b, overview, host); err != nil {
		return err
	}
	w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	return c.cached(w, "text/calendar; charset=utf-8", b.Bytes())
}

func (c *call) formCheck(w http.ResponseWriter) error {
	word := checked
	return c.act(w, &word, func() error {
		var accounts []string
		if id := c.PostForm.Get("account"); id != "" {
			accounts = []string{id}
		}
		report, err := c.check(accounts)
		if err == nil && report.HandedOut > 0 {
			word = handedOut
		}
		return err
	})
}

func (c *call) formMute(w http.ResponseWriter) error {
	word := muted
	return c.act(w, &word, func() error {
		length := c.PostForm.Get("for")
		b := muteBody{For: length, Reason: c.PostForm.Get("reason"), All: c.PostForm.Get("all") != ""}
		m, err := b.mute(c.now, false, length != "")
		if err != nil {
			return err
		}
		return c.setMute(m)
	})
}

func (c *call) formUnmute(w http.ResponseWriter) error {
	word := unmuted
	return c.act(w, &word, func() error { return c.setMute(nil) })
}

// setMute sets the mute of the form's account or channel.
func (c *call) setMute(m *watch.Mute) error {
	runner := c.Runner()
	id, name := c.PostForm.Get("account"), c.PostForm.Get("channel")
	switch {
	case (id == "") == (name == ""):
		return faultf(http.StatusBadRequest, "a form names an account or a channel")
	case id != "":
		if _, err := findAccount(runner, id); err != nil {
			return err
		}
		return runner.MuteAccount(c.Context(), id, m)
	}
	if err := findChannel(runner, name); err != nil {
		return err
	}
	return runner.MuteChannel(c.Context(), name, m)
}

// act does what a form asks for, and goes back to the page with the word of it,
// as it is by then.
func (c *call) act(w http.ResponseWriter, word *string, do func() error) error {
	if err := c.parseForm(); err != nil {
		return err
	}
	key := "done"
	if err := do(); err != nil {
		key = "failed"
		c.logRefused(*word, err)
	}
	next, err := url.Parse(local(c.PostForm.Get("next")))
	if err != nil {
		next = &url.URL{Path: "/"} // what local returns can be read
	}
	q := next.Query()
	q.Del("done")
	q.Del("failed")
	q.Set(key, *word)
	next.RawQuery = q.Encode()
	return c.seeOther(w, next.String())
}

// logRefused keeps for the log what the page does not say; what the form itself
// got wrong is nobody's business there.
func (c *call) logRefused(word string, err error) {
	var f *fault
	if errors.As(err, &f) && f.status < http.StatusInternalServerError {
		return
	}
	c.Logger.Error("form failed", zap.String("request_id", c.id), zap.String("form", word), zap.Error(err))
}
