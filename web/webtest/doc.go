// Package webtest has what the tests of the page need: a fleet of accounts in
// every state, and a server that shows it under the policy that a browser is
// given in earnest.
package webtest
