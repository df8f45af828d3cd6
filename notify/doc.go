// Package notify is what the channels share: the words of a message, the
// request that carries it, and the proof that it arrived.
//
// A channel is a folder below this one. It has a Config with yaml tags, a New
// that checks the Config and returns a [watch.Notifier], its [Traits], and a
// Send that goes three steps:
//
//	doc := notify.Compose(m, voice)             // the message in words
//	text, ok := doc.Fit(limit, render)          // … as the vendor takes them
//	answer, out := notify.Post(ctx, client, …)  // one attempt, then the proof
//
// # Proof
//
// Success is proved and never assumed. Several vendors refuse with HTTP 200, so
// a channel says what its vendor's proof is: a status ([Answer.Refusal]) or a
// code in the body that must be present ([Answer.ByCode]). What is no proof is
// told apart by one question, could the message have arrived:
//
//   - [watch.Retry] where it did not: no connection was made, the vendor refused
//     for now, or a stranger answered in its place, such as a login page with
//     HTTP 200.
//   - [watch.Unknown] where it may have: it was written and no whole answer came,
//     or an answer in the vendor's form lacks the proof.
//   - [watch.Permanent] where the vendor refused for good.
//
// A 5xx counts as refused for now. A gateway may hide a success behind one, but
// an alarm that is told twice costs less than one that is given up.
//
// # Words
//
// [Compose] turns a message into a [Document]: one [Text] a notice, each a title
// and rows that say what they are. Every sentence is in a [Catalogue], a table
// with one file a language. A renderer lays the rows out as its vendor likes
// and knows nothing of notices; [Document.Fit] makes the result small enough by
// cutting free text only.
//
// # Secrets
//
// A webhook's URL is its credential. No error and no outcome made here holds
// it, or quotes an answer without taking it out first.
package notify
