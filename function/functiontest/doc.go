// Package functiontest holds the promises that the functions of all clouds
// keep, as a test suite, and what it takes to hold them to it without a cloud.
// [Start] runs the function as a process of its own, the test binary executed
// again, which serves [Function]: the real handlers around a run that does as
// [Act] says; [StartFile] runs a binary as a cloud unpacked it. [RuntimeAPI] is
// Lambda's side of the talk, [SCF] that of SCF.
package functiontest
