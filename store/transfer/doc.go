// Package transfer moves what is remembered from one store to another: into a
// document and out of it, or straight across.
//
// # The document
//
// It is lines of JSON. The first says what it is, the last that it is whole:
//
//	{"document":"prowatch-state","format":1,"at":"2026-07-01T12:00:00Z","by":"v1.0.0","from":"dynamodb"}
//	{"key":"account/acme-prod","data":{"format":1,"account":"acme-prod",…}}
//	{"key":"channel/sec","data":{…}}
//	{"end":true,"records":2}
//
// The records are sorted by key, and each data is byte for byte what the store
// holds, which is one JSON document. Versions are not in it: they are a store's
// own. Records hold no secret, and so the document holds none; what it does hold
// is which accounts there are and what their chats were told.
//
// # What is moved
//
// All accounts, channels and runs, as they are: a message that a run claimed and
// did not come to send is taken up by the first run on the other side, marked as
// a possible duplicate if it may have been sent. Not moved is run/lease, by which
// one process keeps others out: it means nothing elsewhere. What is no record of
// this prowatch's, or is torn, is reported and left out.
//
// A transfer is not of one moment: each record is whole, but a run beside it may
// change one after another was read. [Busy] says whether one is under way.
package transfer
