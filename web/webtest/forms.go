package webtest

import (
	"net/http"
	"net/url"
	"time"

	"prowatch/watch"
)

// act does what a form asks for, and leads back to where it was.
func act(done string, do func(form url.Values)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		do(r.PostForm)
		next, err := url.Parse(r.PostForm.Get("next"))
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		q := next.Query()
		q.Set("done", done)
		next.RawQuery = q.Encode()
		http.Redirect(w, r, next.String(), http.StatusSeeOther)
	}
}

// target returns the mute of the form's account or channel.
func (s *site) target(form url.Values) **watch.Mute {
	for i := range s.o.Accounts {
		if s.o.Accounts[i].ID == form.Get("account") {
			return &s.o.Accounts[i].Mute
		}
	}
	for i := range s.o.Channels {
		if s.o.Channels[i].Name == form.Get("channel") {
			return &s.o.Channels[i].Mute
		}
	}
	return new(*watch.Mute)
}

func (s *site) mute(form url.Values) {
	m := &watch.Mute{Since: Now, Reason: form.Get("reason"), All: form.Get("all") != ""}
	if d, err := watch.ParseDuration(form.Get("for")); err == nil { // Without one it holds until it is taken back.
		m.Until = Now.Add(time.Duration(d))
	}
	*s.target(form) = m
}

func (s *site) unmute(form url.Values) { *s.target(form) = nil }
