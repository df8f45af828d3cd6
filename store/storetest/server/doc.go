// Package server starts the servers that the stores' own tests talk to, on the
// loopback interface and for the time of one test.
//
// A server that this machine lacks skips the test, with a word how to get it;
// where PROWATCH_CI is set it fails it, if it can be had at all.
package server
