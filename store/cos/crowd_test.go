package cos_test

import (
	"net/http"
	"testing"

	"prowatch/store/storetest/crowd"
	"prowatch/store/storetest/server"
	"prowatch/watch"
)

func TestACrowdTellsEachNoticeOnce(t *testing.T) {
	var b http.RoundTripper
	renew := func() { b = server.InMemory(newBucket()) }
	renew()
	crowd.Run(t, crowd.Options{Renew: renew, Open: func(t *testing.T) watch.Store { return open(t, b) }})
}
