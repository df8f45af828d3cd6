package httpapi

import (
	"net/http"
	"slices"
	"strings"

	"prowatch/web"
)

// scope is what a route needs, or a caller may do.
type scope int

const (
	open scope = iota // nothing is needed
	read
	operate
)

func (s scope) String() string { return [...]string{"open", "read", "operate"}[s] }

// scopeOf returns the scope of a token by its name.
func scopeOf(name string) scope {
	if name == operate.String() {
		return operate
	}
	return read
}

// way is what else than a bearer token a route takes.
type way int

const (
	bearerOnly way = iota
	orSession      // a browser that has signed in
	orForm         // the same, with the form's token against forgery
	orLink         // a signed link, or a browser that has signed in
)

// A route is one method of one path. In its pattern {name} stands for one
// segment, or what is before the segment's end, and {name...} for all the rest.
type route struct {
	method, pattern string
	scope           scope
	way             way
	people          bool // whether it answers with pages
	serve           func(c *call, w http.ResponseWriter) error
}

// routes are all there are.
var routes = []route{
	{"GET", "/healthz", open, bearerOnly, false, (*call).getHealth},
	{"GET", "/api/v1/accounts", read, orSession, false, (*call).getAccounts},
	{"GET", "/api/v1/accounts/{id}", read, orSession, false, (*call).getAccount},
	{"POST", "/api/v1/accounts/{id}/mute", operate, bearerOnly, false, (*call).muteAccount},
	{"DELETE", "/api/v1/accounts/{id}/mute", operate, bearerOnly, false, (*call).muteAccount},
	{"GET", "/api/v1/channels", read, orSession, false, (*call).getChannels},
	{"POST", "/api/v1/channels/{name}/mute", operate, bearerOnly, false, (*call).muteChannel},
	{"DELETE", "/api/v1/channels/{name}/mute", operate, bearerOnly, false, (*call).muteChannel},
	{"GET", "/api/v1/notices", read, orSession, false, (*call).getNotices},
	{"POST", "/api/v1/check", operate, bearerOnly, false, (*call).postCheck},
	{"POST", "/api/v1/notify/test", operate, bearerOnly, false, (*call).postTest},
	{"GET", "/openapi.json", read, orSession, false, (*call).getOpenAPI},
	{"GET", "/metrics", read, orSession, false, (*call).getMetrics},
	{"GET", "/calendar.ics", read, orLink, false, (*call).getCalendar},
	{"GET", "/badge/{account}.svg", read, orLink, false, (*call).getBadge},
	{"GET", "/", read, orSession, true, (*call).getPage},
	{"GET", "/accounts/{id}", read, orSession, true, (*call).getPage},
	{"POST", "/actions/check", operate, orForm, true, (*call).formCheck},
	{"POST", "/actions/mute", operate, orForm, true, (*call).formMute},
	{"POST", "/actions/unmute", operate, orForm, true, (*call).formUnmute},
	{"GET", "/login", open, bearerOnly, true, (*call).getLogin},
	{"POST", "/login", open, bearerOnly, true, (*call).postLogin},
	{"POST", "/logout", read, orForm, true, (*call).postLogout},
	{"GET", "/static/{file...}", open, bearerOnly, false, (*call).getStatic},
}

// route finds the request's route and lets it answer.
func (c *call) route(w http.ResponseWriter) error {
	found := matching(c.URL.Path)
	if len(found) == 0 {
		return faultf(http.StatusNotFound, "there is nothing at this path; GET /openapi.json tells what there is")
	}
	shared := !found[0].people
	c.allowOrigin(w.Header(), shared)
	if c.Method == http.MethodOptions {
		return c.options(w, found, shared)
	}
	method := c.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	i := slices.IndexFunc(found, func(r *route) bool { return r.method == method })
	if i < 0 {
		f := faultf(http.StatusMethodNotAllowed, "this path takes %s", strings.Join(methods(found), ", "))
		f.header = http.Header{"Allow": {strings.Join(methods(found), ", ")}}
		return f
	}
	r := found[i]
	for name, value := range values(r.pattern, c.URL.Path) {
		c.SetPathValue(name, value)
	}
	if r.people {
		forPeople(w.Header())
	}
	if err := c.authorize(r); err != nil {
		return c.turnAway(w, r, err)
	}
	return r.serve(c, w)
}

// matching returns the routes of a path, a path with fixed segments first.
func matching(path string) []*route {
	var found []*route
	for i := range routes {
		if values(routes[i].pattern, path) != nil {
			found = append(found, &routes[i])
		}
	}
	return found
}

// values returns what stands in a path for the names of the pattern, nil where
// it does not match.
func values(pattern, path string) map[string]string {
	want, got := strings.Split(pattern, "/"), strings.Split(path, "/")
	found := map[string]string{}
	for i, segment := range want {
		name, after, isName := strings.Cut(strings.TrimPrefix(segment, "{"), "}")
		isName = isName && strings.HasPrefix(segment, "{")
		switch {
		case i >= len(got):
			return nil
		case isName && strings.HasSuffix(name, "..."):
			found[strings.TrimSuffix(name, "...")] = strings.Join(got[i:], "/")
			return found
		case isName:
			value, ok := strings.CutSuffix(got[i], after)
			if !ok || value == "" {
				return nil
			}
			found[name] = value
		case segment != got[i]:
			return nil
		}
	}
	if len(got) != len(want) {
		return nil
	}
	return found
}

// methods returns what the routes of one path take.
func methods(found []*route) []string {
	var all []string
	for _, r := range found {
		all = append(all, r.method)
		if r.method == http.MethodGet {
			all = append(all, http.MethodHead)
		}
	}
	return append(all, http.MethodOptions)
}

// static serves the files of the page.
var static = web.Static()

func (c *call) getStatic(w http.ResponseWriter) error {
	static.ServeHTTP(w, c.Request)
	return nil
}

func (c *call) getMetrics(w http.ResponseWriter) error {
	if c.Metrics == nil {
		return faultf(http.StatusNotFound, "there are no metrics here")
	}
	c.Metrics.ServeHTTP(w, c.Request)
	return nil
}
