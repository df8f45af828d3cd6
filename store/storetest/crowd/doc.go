// Package crowd runs many runners on one state, as functions that overlap do, and
// counts what the chats heard. It is the trial of a store in the work it is for:
// that of any number of runs one makes a notice, and one tells it.
//
// A timeline is a few accounts and channels over some days, drawn from a seed:
// what the API answers, or how it fails, how patient the policy is, and which of
// the 16 runners, each with a client of its own, run at each moment: mostly a few,
// now and then all, and all at once.
//
// Time is that of testing/synctest, so that waiting takes none. The clients of a
// real server have their connections outside of it: calls are handed to goroutines
// beyond the bubble, and time stands still until they answer.
package crowd
