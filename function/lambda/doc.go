// Command lambda is prowatch as AWS Lambda runs it.
//
// Build it for the runtime provided.al2023, whose handler is a file named
// bootstrap:
//
//	CGO_ENABLED=0 GOOS=linux GOARCH=arm64 go build -trimpath -tags lambda.norpc -ldflags "-s -w" -o bootstrap ./function/lambda
//
// The tag leaves out the protocol of the retired go1.x runtime: 2 MB, and this
// command never speaks it.
//
// What it takes is in package events, what it answers in package handlers. The
// settings are read at the first invocation; when that fails, at the next.
package main
