package file

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// lockFile takes the lock that belongs to this opening of the file, or returns
// errLocked. It ends when the process does.
func lockFile(f *os.File) error {
	const flags = windows.LOCKFILE_EXCLUSIVE_LOCK | windows.LOCKFILE_FAIL_IMMEDIATELY
	err := windows.LockFileEx(windows.Handle(f.Fd()), flags, 0, 1, 0, new(windows.Overlapped))
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) || errors.Is(err, windows.ERROR_IO_PENDING) {
		return errLocked
	}
	return err
}

func unlockFile(f *os.File) error {
	return windows.UnlockFileEx(windows.Handle(f.Fd()), 0, 1, 0, new(windows.Overlapped))
}

// flushFolder does nothing: Windows cannot flush a folder. NTFS writes changes
// of names to its journal, in order.
func flushFolder(*os.Root) error { return nil }
