// Package watch is the core: it compares what the API says about an account
// now with what is remembered of it, and tells every channel the difference.
//
// [Step] is the rules, a pure function: record + observation + policy gives
// the new record and the notices. [Runner] does one run in two phases. First
// each account, many at a time: load its record, ask its [Source], step, save.
// The new record and the notices it made are one conditional write, and
// nothing is sent before it, so a crash repeats a message rather than losing
// it, and of two runs that overlap only one makes the notice. Then each
// channel, once: whatever is owed to it, as one message, claimed before it is
// sent and receipted after, in records that survive the run.
//
// [Runner.Dispatch] hands the accounts of a run to workers by a [Queue], each of
// which does the first phase of a batch by [Runner.Work]; one of them does the
// second for all.
//
// The package knows no cloud, no database, no chat and no clock. They reach it
// through the interfaces it declares, [Source], [Store], [Notifier] and [Queue],
// and through Now. It uses the standard library only.
package watch
