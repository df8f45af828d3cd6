package dynamodb_test

import (
	"net/http"
	"testing"

	"prowatch/store/storetest/crowd"
	"prowatch/store/storetest/server"
	"prowatch/watch"
)

func TestACrowdTellsEachNoticeOnce(t *testing.T) {
	var f http.RoundTripper
	renew := func() { f = server.InMemory(&fake{table: "prowatch"}) }
	renew()
	crowd.Run(t, crowd.Options{Renew: renew, Open: func(t *testing.T) watch.Store { return open(t, "dynamodb:prowatch", f) }})
}

func TestACrowdTellsEachNoticeOnceOnMoto(t *testing.T) {
	state, rt := startMoto(t).table(t, "pk", "sk"), server.OneByOne(server.Settled())
	crowd.Run(t, crowd.Options{Short: true, Open: func(t *testing.T) watch.Store { return open(t, state, rt) }})
}
