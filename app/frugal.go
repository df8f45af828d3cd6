package app

import (
	"runtime"
	"runtime/debug"

	"prowatch/config"
)

// manyAccounts is from when on the garbage of the settings is worth a thought.
const manyAccounts = 1000

// frugal reads the settings with little memory to spare. Ten thousand accounts in
// YAML make ten times as much garbage as they are large, and would be the peak of
// the whole process: it is collected sooner, and once more at the end, so that
// the run begins with what is left of it.
func frugal(read func() (*config.Settings, error)) (*config.Settings, error) {
	percent := debug.SetGCPercent(25)
	defer debug.SetGCPercent(percent)
	if percent < 25 { // off, or more frugal by its owner's choice
		debug.SetGCPercent(percent)
	}
	s, err := read()
	if err == nil && len(s.Accounts) >= manyAccounts {
		runtime.GC()
	}
	return s, err
}
