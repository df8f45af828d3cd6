package httpapi

import "time"

// A Route is a row of the table of routes, for the tests.
type Route struct {
	Method, Pattern, Scope string
	Ways                   []string // beside a bearer token
	People                 bool
}

// Routes returns the table of routes.
func Routes() []Route {
	var all []Route
	for _, r := range routes {
		ways := map[way][]string{orSession: {"session"}, orForm: {"session"}, orLink: {"session", "link"}}[r.way]
		all = append(all, Route{r.method, r.pattern, r.scope.String(), ways, r.people})
	}
	return all
}

// SignedLink returns a link by the key that the signing key gives.
func SignedLink(signingKey, path string, exp time.Time) string {
	return signedLink(newKeys(signingKey, nil).link, path, exp)
}
