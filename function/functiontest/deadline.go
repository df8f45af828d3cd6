package functiontest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"prowatch/watch"
)

// fleetSize is how many accounts [RunDeadline] watches, fleetAtOnce how many of
// them at once.
const (
	fleetSize   = 20
	fleetAtOnce = 4
)

// SecretKey is that of every account of [RunDeadline].
const SecretKey = "secret-of-the-fleet"

// An API is the API that main asks, as the test steers it.
type API struct {
	URL string

	// Add makes an account whose SecretId is id, with [SecretKey].
	Add func(id string) error

	// Delay lets the account's next answer, and all after it, take so long.
	Delay func(id string, d time.Duration) error

	// Asked returns the SecretIds that asked since the last call, in order.
	Asked func() []string
}

// fleet makes the accounts and returns their ids, and the settings to watch
// them and remember them in dir. Their heartbeat is never answered.
func (api *API) fleet(t *testing.T, dir string) (ids []string, settings map[string]string) {
	t.Helper()
	var accounts []string
	for i := range fleetSize {
		id := fmt.Sprintf("AKIDfleet%02d", i)
		if err := api.Add(id); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
		accounts = append(accounts, fmt.Sprintf(`{id: %s, secret_id: %s, secret_key: %s, endpoint: "%s"}`, id, id, SecretKey, api.URL))
	}
	deaf := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body) // or the end of the connection goes unseen
		<-r.Context().Done()
	}))
	t.Cleanup(func() { deaf.CloseClientConnections() })
	return ids, map[string]string{"PROWATCH_CONFIG": fmt.Sprintf(`{accounts: [%s], channels: {out: {type: stdout}}, routes: [{channels: [out]}], state: "file:%s", concurrency: %d, heartbeat: {url: "%s"}}`,
		strings.Join(accounts, ", "), dir, fleetAtOnce, deaf.URL)}
}

// slow lets all accounts answer after d.
func (api *API) slow(t *testing.T, ids []string, d time.Duration) {
	t.Helper()
	for _, id := range ids {
		if err := api.Delay(id, d); err != nil {
			t.Fatal(err)
		}
	}
}

// RunDeadline runs main, in a function that start starts with [MainEnv] and the
// settings, over an API that becomes slow: it answers before its time is over,
// counts what it left out, and begins with that the next time.
func RunDeadline(t *testing.T, api *API, start func(settings map[string]string) Instance) {
	ids, settings := api.fleet(t, t.TempDir())
	in := start(settings)
	check := func(left time.Duration) Answer {
		call := invocation(`{"action":"check"}`)
		call.Deadline, call.Env = time.Now().Add(left), settings
		got := in.Invoke(t, call)
		if over := time.Since(call.Deadline); over > 0 {
			t.Errorf("got the answer %v after the deadline", over)
		}
		return got
	}
	api.slow(t, ids, time.Second)
	for _, left := range []time.Duration{3 * time.Second, 5 * time.Second} {
		checked := checkedOf(t, check(left))
		if checked < fleetAtOnce || checked > fleetSize-fleetAtOnce {
			t.Fatalf("got %d accounts checked within %v, want some and not all", checked, left)
		}
		last := api.Asked()[:checked]
		api.slow(t, ids, 0)
		if got := checkedOf(t, check(time.Minute)); got != fleetSize {
			t.Errorf("got %d accounts checked within a minute, want all", got)
		}
		wantLast(t, api.Asked(), last)
		api.slow(t, ids, time.Second)
	}

	api.slow(t, ids, time.Hour)
	for _, left := range []time.Duration{3 * time.Second, 5 * time.Second} {
		got := check(left)
		if got.ErrorType != "RunError" || !strings.Contains(got.ErrorMessage, "of 20 accounts 0 failed and 20 were skipped for want of time") {
			t.Errorf("no answers within %v: got %+v, want a RunError of 20 skipped", left, got)
		}
	}
}

// checkedOf returns how many accounts a run checked; the others must be
// skipped, and none failed.
func checkedOf(t *testing.T, got Answer) int {
	t.Helper()
	var c watch.Counts
	if err := json.Unmarshal([]byte(got.Payload), &c); err != nil || c.Accounts != fleetSize || c.Checked+c.Skipped != fleetSize {
		t.Fatalf("got %+v, %v, want each of %d accounts checked or skipped", got, err, fleetSize)
	}
	return c.Checked
}

// wantLast wants those that the last run checked to be asked after all that it
// skipped. Of fleetAtOnce that are asked together the order is chance.
func wantLast(t *testing.T, asked, checked []string) {
	t.Helper()
	for _, id := range checked {
		if at, least := slices.Index(asked, id), fleetSize-len(checked)-fleetAtOnce; at < least {
			t.Errorf("%s was checked the last time and is asked as number %d, want none before number %d", id, at, least)
		}
	}
}
