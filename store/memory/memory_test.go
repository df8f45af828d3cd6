package memory_test

import (
	"testing"

	"prowatch/store/memory"
	"prowatch/store/storetest"
	"prowatch/watch"
)

func TestStore(t *testing.T) {
	storetest.Run(t, func(*testing.T) watch.Store { return new(memory.Store) })
}
