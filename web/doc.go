// Package web writes what people open in a browser: the status page and its
// sign-in, the badge of an account and the calendar of all ends.
//
// It turns a [watch.Overview] into bytes and does nothing else: it asks no
// store, knows no request but for its language, and signs nothing. Who may see
// what, links that are signed and forms that are posted are the business of the
// HTTP API, which calls it.
//
// A page loads its style, script and icon from the same host and has nothing
// inline, so that it holds under the strictest policy of a browser. Each text
// that comes from elsewhere (ids, labels, what an API or a chat said) stays
// text.
package web
