// Package handlers answers what wakes the function: a schedule or a direct
// call becomes a run, and the run's counts the answer; so does a batch of a
// queue, with an answer for each message; an HTTP request becomes one to an
// [http.Handler].
//
// [Handler] and [Lazy] have the one method that the runtime libraries of both
// clouds ask for, so the same value serves AWS Lambda and Tencent SCF. The
// package knows neither cloud, nor a store: what a run is comes in as [Run].
//
// The clouds repeat a scheduled invocation that returns an error, minutes
// later and up to twice. So a run returns one only when it could do nothing at
// all; accounts that failed and messages that wait are in the counts, and the
// next run sees to them.
//
// All work has half a second less than the platform gives, so that its answer
// leaves in time; within that, a run starts no account that it could not end.
//
// Every invocation writes one record to the log, its error included where it
// returns one: what the platform keeps of an error has neither the event's
// source nor the counts. A batch writes one for each of its runs too. Behind a
// run's come a record for each notice that it made and for each message that it
// sent, up to a thousand of either.
package handlers
