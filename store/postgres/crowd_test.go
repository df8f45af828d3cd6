package postgres_test

import (
	"os"
	"testing"

	"prowatch/store/storetest/crowd"
	"prowatch/store/storetest/server"
	"prowatch/watch"
)

func TestACrowdTellsEachNoticeOnce(t *testing.T) {
	p := server.StartPostgres(t, os.Getenv)
	run(t, p, "ALTER ROLE postgres SET synchronous_commit = off") // nothing crashes here
	crowd.Run(t, crowd.Options{Open: func(t *testing.T) watch.Store { return open(t, p.URL("pool_max_conns=4"), nil) }})
}
