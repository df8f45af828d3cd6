// Command lambda is prowatch as AWS Lambda runs it.
//
// "go run ./build lambda" makes the zip for the runtime provided.al2023, whose
// handler is a file named bootstrap, with the build tag lambda.norpc: it leaves
// out the protocol of the retired go1.x runtime, which is 2 MB, and which this
// command never speaks.
//
// What it takes is in package events, what it answers in package handlers. The
// settings are read at the first invocation; when that fails, at the next.
package main
