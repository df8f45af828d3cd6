// Package serve runs prowatch on a machine of one's own: it does a run at each
// time of a schedule, answers HTTP, and reads its configuration again when it is
// asked to.
//
// Several instances may run over one store: a time of the schedule is done once a
// run over all accounts began at it or later, whoever did it, and a
// [watch.Lease] lets one of them do it. An instance that starts does the last
// time of the schedule if nobody has, so that neither a restart makes a run of
// its own nor a pause leaves one out.
//
// The package knows no signal, no environment and no service manager: they reach
// it through [Options].
package serve
