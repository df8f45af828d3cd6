package functiontest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// fleetSize is how many accounts [RunDeadline] watches, fleetAtOnce how many of
// them at once.
const (
	fleetSize   = 20
	fleetAtOnce = 4
)

// An API is the API that main asks, as the test steers it.
type API struct {
	URL string

	// Add makes an account whose SecretId and SecretKey are id.
	Add func(id string) error

	// Delay lets the account's next answer, and all after it, take so long.
	Delay func(id string, d time.Duration) error

	// Asked returns the SecretIds that asked since the last call, in order.
	Asked func() []string
}

// fleet makes the accounts and returns their ids, and the settings to watch
// them and remember them in dir.
func (api *API) fleet(t *testing.T, dir string) (ids []string, settings map[string]string) {
	t.Helper()
	var accounts []string
	for i := range fleetSize {
		id := fmt.Sprintf("AKIDfleet%02d", i)
		if err := api.Add(id); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
		accounts = append(accounts, fmt.Sprintf(`{id: %s, secret_id: %[1]s, secret_key: %[1]s, endpoint: "%s"}`, id, api.URL))
	}
	return ids, map[string]string{"PROWATCH_CONFIG": fmt.Sprintf(`{accounts: [%s], channels: {out: {type: stdout}}, routes: [{channels: [out]}], state: "file:%s", concurrency: %d}`,
		strings.Join(accounts, ", "), dir, fleetAtOnce)}
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
	got := check(5 * time.Second)
	const started = fleetAtOnce
	if want := fmt.Sprintf(`{"accounts":20,"checked":%d,"failed":0,"skipped":%d,`, started, fleetSize-started); !strings.HasPrefix(got.Payload, want) {
		t.Errorf("slow: got %+v\nwant %s…", got, want)
	}
	first := api.Asked()

	api.slow(t, ids, 0)
	if got, want := check(time.Minute), `{"accounts":20,"checked":20,"failed":0,"skipped":0,`; !strings.HasPrefix(got.Payload, want) {
		t.Errorf("fast again: got %+v\nwant %s…", got, want)
	}
	next := api.Asked()
	for _, id := range first {
		if at := slices.Index(next, id); at < fleetSize-started-fleetAtOnce {
			t.Errorf("%s was checked the last time and comes as number %d, want the %d that were skipped first", id, at, fleetSize-started)
		}
	}

	api.slow(t, ids, time.Hour)
	for _, left := range []time.Duration{3 * time.Second, 5 * time.Second} {
		got := check(left)
		if got.ErrorType != "RunError" || !strings.Contains(got.ErrorMessage, "of 20 accounts 0 failed and 20 were skipped for want of time") {
			t.Errorf("no answers within %v: got %+v, want a RunError of 20 skipped", left, got)
		}
	}
}
