package memory_test

import (
	"testing"

	"prowatch/store/memory"
	"prowatch/store/storetest/crowd"
	"prowatch/watch"
)

func TestACrowdTellsEachNoticeOnce(t *testing.T) {
	s := new(memory.Store)
	crowd.Run(t, crowd.Options{Open: func(*testing.T) watch.Store { return s }})
}
