// Package scf hands batches of accounts to workers by asynchronous invocations
// of a function of Tencent SCF: as a rule of the one that hands them out. SCF
// queues them, repeats one that fails after one minute and after two more, and
// gives it up or to the function's dead-letter queue; an account whose batches
// end there is told stale by a later run.
package scf
