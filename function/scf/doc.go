// Command scf is prowatch as Tencent SCF runs it.
//
// "go run ./build scf" makes the folder and the zip for the runtime Go1, whose
// handler is the file's name in the root of the zip, with its execute bit set.
//
// What it takes is in package events, what it answers in package handlers. SCF
// sets the environment at each invocation, and new credentials with it: the
// settings are read at the first, the credentials at every one.
package main
