package handlers

import (
	"fmt"
	"runtime"

	"go.uber.org/zap"

	"prowatch/watch"
)

// A RunError says that a run could do nothing at all: it was not possible, or
// of its accounts none was asked and kept. Both clouds report its type's name.
type RunError struct {
	Err    error         // why it was not possible; nil with a Report
	Report *watch.Report // what it tried, else nil
}

// Error writes the error for a person, with the first account's fault.
func (e *RunError) Error() string {
	if e.Report == nil {
		return "running: " + e.Err.Error()
	}
	c := e.Report.Counts()
	s := fmt.Sprintf("running: nothing could be done: of %d accounts %d failed and %d were skipped for want of time",
		c.Accounts, c.Failed, c.Skipped)
	if f := faults(e.Report); len(f) > 0 {
		s += "; first " + f[0]
	}
	return s
}

// Unwrap returns why the run was not possible.
func (e *RunError) Unwrap() error { return e.Err }

// A PanicError is a panic that was caught, so that the process stays for the
// next invocation. Both clouds report its type's name.
type PanicError struct {
	what  string
	value any
	stack string // functions and lines, no arguments
}

// Error names the kind of the panic. The value itself is shown only where it is
// the runtime's own, such as an index out of range: any other may hold a secret.
func (e *PanicError) Error() string {
	if err, ok := e.value.(runtime.Error); ok {
		return e.what + " panicked: " + err.Error()
	}
	return fmt.Sprintf("%s panicked with a value of type %T", e.what, e.value)
}

// guard turns a panic of the function that defers it into *err.
func guard(what string, err *error) {
	if v := recover(); v != nil {
		*err = &PanicError{what: what, value: v, stack: zap.Stack("").String}
	}
}
