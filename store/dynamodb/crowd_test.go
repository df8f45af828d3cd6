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
	m, rt := startMoto(t), server.OneByOne(server.Settled())
	state := m.table(t, "pk", "sk")
	renew := func() { m.empty(t); m.table(t, "pk", "sk") } // it looks through all that a table holds
	crowd.Run(t, crowd.Options{Short: true, Renew: renew, Open: func(t *testing.T) watch.Store { return open(t, state, rt) }})
}

// empty makes moto forget all tables.
func (m moto) empty(t *testing.T) {
	t.Helper()
	resp, err := http.Post(m.url+"/moto-api/reset", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("moto did not empty itself: %s", resp.Status)
	}
}
