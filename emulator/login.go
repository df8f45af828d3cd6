package emulator

import (
	"net/http"
	"strings"
)

// wantsPage reports whether a browser asks for a page, rather than a program
// for data.
func wantsPage(r *http.Request) bool {
	return r.Method == http.MethodGet && strings.Contains(r.Header.Get("Accept"), "text/html")
}

// open reports whether a request needs no token: what the sign-in page is
// made of.
func open(r *http.Request) bool {
	return strings.HasPrefix(r.URL.Path, adminRoot+"static/") || r.URL.Path == adminRoot+"login"
}

func (e *Emulator) writeLogin(w http.ResponseWriter, r *http.Request, status int, problem string) {
	f := e.frame(r, "Sign in", "")
	f.Problem = problem
	writePage(w, status, "login.html", f)
}

// getLogin shows the sign-in, or the overview where none is needed.
func (e *Emulator) getLogin(w http.ResponseWriter, r *http.Request) {
	if e.adminToken == "" || e.hasToken(r) {
		http.Redirect(w, r, adminRoot, http.StatusSeeOther)
		return
	}
	e.writeLogin(w, r, http.StatusOK, "")
}

// postLogin gives a browser with the right token a cookie for this session.
func (e *Emulator) postLogin(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if e.adminToken == "" || !e.isToken(r.PostFormValue("token")) {
		e.writeLogin(w, r, http.StatusUnauthorized, "The token is not the one this emulator was started with.")
		return
	}
	http.SetCookie(w, &http.Cookie{
		Name: cookieName, Value: e.cookieValue(), Path: adminRoot,
		HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: r.TLS != nil,
	})
	http.Redirect(w, r, adminRoot, http.StatusSeeOther)
}
