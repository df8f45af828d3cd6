// Package remote is what the stores on a server have in common: how the URL of
// a state is read, how a call is tried again, how versions are drawn, and what
// an error may quote.
package remote
