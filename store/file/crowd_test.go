package file_test

import (
	"os"
	"testing"

	"prowatch/store/storetest/crowd"
	"prowatch/watch"
)

func TestACrowdTellsEachNoticeOnce(t *testing.T) {
	dir := inMemory(t)
	crowd.Run(t, crowd.Options{Open: func(t *testing.T) watch.Store { return open(t, dir) }})
}

// inMemory returns a folder that needs no disk, where the system has one: each
// save waits for it twice.
func inMemory(t *testing.T) string {
	dir, err := os.MkdirTemp("/dev/shm", "prowatch-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}
