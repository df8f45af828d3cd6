// Package httpapi is the HTTP API and the status page of prowatch, as one
// [http.Handler] that stands behind a function's gateway and behind serve alike.
//
// All that it answers stands in one table of routes, each with the scope that
// it needs; what there is to authorise is authorised from that table, before a
// route is reached. Programs bring a bearer token. A browser signs in with one,
// and has then a signed cookie that is good for reading and for the forms of the
// page; the calendar and the badges take signed links, too. All three end when
// the token, or for links the signing key, leaves the configuration: nothing of
// them is kept here.
//
// openapi.json describes each route, and the tests hold each answer to it. An
// error is a problem document of RFC 9457, and holds nothing that the caller may
// not know; the log has the rest, under the same request id.
package httpapi
