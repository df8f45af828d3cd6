package redis_test

import (
	"os"
	"testing"

	"prowatch/store/storetest/crowd"
	"prowatch/store/storetest/server"
	"prowatch/watch"
)

func TestACrowdTellsEachNoticeOnce(t *testing.T) {
	r := server.StartRedis(t, os.Getenv)
	crowd.Run(t, crowd.Options{Open: func(t *testing.T) watch.Store { return open(t, "redis://"+r.Addr, nil) }})
}
