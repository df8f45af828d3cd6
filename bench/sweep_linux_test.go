package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"prowatch/app"
	"prowatch/emulator"
	"prowatch/store/memory"
	"prowatch/watch"
)

// fleetRole says in the environment that this process is not the test but what
// it starts: the emulator, or a sweep.
const fleetRole = "PROWATCH_BENCH_ROLE"

// fleetLatency is how long the emulator takes to answer.
const fleetLatency = 50 * time.Millisecond

func init() { children[fleetRole] = fleetChild }

func fleetChild(value string) error {
	role := strings.Fields(value)
	if role[0] == "emulator" {
		return fleetEmulator(role[1])
	}
	return fleetSweep(context.Background(), role[1], role[2], role[3], role[4])
}

// noEmulator is the URL of a sweep whose accounts answer without a network.
const noEmulator = "http://127.0.0.1:1"

func fleetID(i int) string { return fmt.Sprintf("AKIDfleet%06d", i) }

// fleetEmulator serves n accounts until it is killed.
func fleetEmulator(count string) error {
	n, err := strconv.Atoi(count)
	if err != nil {
		return err
	}
	accounts := map[string]string{}
	for i := range n {
		accounts[fleetID(i)] = "fleet-secret"
	}
	e := emulator.New(&emulator.Options{Accounts: accounts, Rate: -1})
	for id := range accounts {
		if err := e.SetEdition(id, emulator.Edition{"EndTime": "2037-01-01 00:00:00"}); err != nil {
			return err
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println("http://" + l.Addr().String())
	return http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(fleetLatency)
		e.ServeHTTP(w, r)
	}))
}

// counted counts the writes to a store.
type counted struct {
	watch.Store
	writes atomic.Int64
}

func (c *counted) Save(ctx context.Context, key string, data []byte, expected string) (string, error) {
	c.writes.Add(1)
	return c.Store.Save(ctx, key, data, expected)
}

// fleetSweep does two runs and prints the figures of the second. The baselines of
// the first are told to nobody: they would take a message for each 2000.
func fleetSweep(ctx context.Context, url, count, concurrency, state string) error {
	n, err := strconv.Atoi(count)
	if err != nil {
		return err
	}
	config := fleetConfig(url, n, concurrency, state)
	a, err := app.New(ctx, app.Options{
		LookupEnv: func(name string) (string, bool) { return config, name == "PROWATCH_CONFIG" },
		ReadFile:  os.ReadFile, Stdout: io.Discard,
		Stores: app.Stores{"file": app.File, "memory": func(context.Context, string, app.Use) (watch.Store, error) { return new(memory.Store), nil }},
	})
	if err != nil {
		return err
	}
	if url == noEmulator {
		for i := range a.Runner.Accounts {
			a.Runner.Accounts[i].Source = sourceFunc(func(context.Context) (watch.Reading, error) {
				time.Sleep(fleetLatency)
				return watch.Reading{Edition: watch.Edition{Status: watch.Normal}}, nil
			})
		}
	}
	setup, err := peak()
	if err != nil {
		return err
	}
	store := &counted{Store: a.Runner.Store}
	a.Runner.Store = store
	var f figures
	routes := a.Runner.Routes
	for _, a.Runner.Routes = range []watch.Routes{nil, routes} {
		before := store.writes.Load()
		used := processor()
		began := time.Now()
		report, err := a.Run(ctx, nil)
		if err != nil {
			return err
		}
		f = figures{Checked: report.Counts().Checked, Seconds: time.Since(began).Seconds(), Writes: int(store.writes.Load() - before), CPU: processor() - used}
	}
	f.Setup = setup
	if f.Peak, err = peak(); err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(f)
}

func fleetConfig(url string, n int, concurrency, state string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "state: %q\nconcurrency: %s\nchannels: {out: {type: stdout}}\naccounts:\n", state, concurrency)
	for i := range n {
		fmt.Fprintf(&b, "  - {id: acme-%06d, secret_id: %s, secret_key: fleet-secret, endpoint: %q}\n", i, fleetID(i), url)
	}
	return b.String()
}

// processor is the time of the processor that this process used, in seconds.
func processor() float64 {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return float64(u.Utime.Sec+u.Stime.Sec) + float64(u.Utime.Usec+u.Stime.Usec)/1e6
}

// peak is the most memory that this process had, in MB.
func peak() (float64, error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	kb, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
	return kb / 1024, err
}
