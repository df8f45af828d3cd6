package bench

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

var (
	fleetSizes       = flag.String("fleet.accounts", "200", "numbers of accounts of the sweeps, with commas")
	fleetConcurrency = flag.Int("fleet.concurrency", 256, "checks at once")
)

// figures are what a sweep took.
type figures struct {
	Checked int
	Seconds float64
	Setup   float64 // the peak of memory when the configuration was read, MB
	Peak    float64 // and at the end
	Writes  int     // to the store
	CPU     float64 // seconds of processor, of the sweep alone but in Node
}

// TestFleet prints what a sweep takes beside what it must take at least, which
// is accounts × latency ÷ concurrency:
//
//	go test ./bench -run TestFleet -v -count=1 -fleet.accounts 100,1000,10000
//
// The emulator is a process of its own that answers after 50 ms, each account
// has a credential of its own, and each sweep is a new process. The sweep is
// prowatch's, whole: configuration, run, records in the store; the second, quiet
// one of two is measured; in the row core its accounts answer without a network,
// so that the row shows what the run itself costs. Beside it stands a script that
// only asks, with the official Node SDK.
func TestFleet(t *testing.T) {
	t.Logf("%-10s %8s %6s %8s %8s %6s %8s %8s %7s %7s", "sweep", "accounts", "width", "took s", "limit s", "share", "setup MB", "peak MB", "CPU s", "writes")
	for _, text := range strings.Split(*fleetSizes, ",") {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatalf("-fleet.accounts: %v", err)
		}
		fleetRow(t, "core", n, sweepApart(t, noEmulator, n, "memory:"))
		url := startFleetEmulator(t, n)
		for _, state := range []string{"memory:", "file:" + t.TempDir()} {
			f := sweepApart(t, url, n, state)
			if f.Checked != n || f.Writes > n+2 {
				t.Errorf("%d accounts in %s: %+v, want all checked with a write each", n, state, f)
			}
			name, _, _ := strings.Cut(state, ":")
			fleetRow(t, name, n, f)
		}
		if f, ok := sweepNode(t, url, n); ok {
			if f.Checked != n {
				t.Errorf("%d accounts in Node: %+v", n, f)
			}
			fleetRow(t, "node", n, f)
		}
	}
}

func fleetRow(t *testing.T, name string, n int, f figures) {
	t.Helper()
	limit := math.Ceil(float64(n)/float64(*fleetConcurrency)) * fleetLatency.Seconds()
	t.Logf("%-10s %8d %6d %8.2f %8.2f %5.0f%% %8.0f %8.0f %7.2f %7d", name, n, *fleetConcurrency, f.Seconds, limit, 100*limit/f.Seconds, f.Setup, f.Peak, f.CPU, f.Writes)
}

// apart starts this test's binary as another process, in a role.
func apart(t *testing.T, role string, args ...string) *exec.Cmd {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), exe)
	cmd.Env = append(os.Environ(), fleetRole+"="+role+" "+strings.Join(args, " "))
	cmd.Stderr = os.Stderr
	return cmd
}

// startFleetEmulator starts the emulator and returns its URL.
func startFleetEmulator(t *testing.T, n int) string {
	t.Helper()
	cmd := apart(t, "emulator", strconv.Itoa(n))
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		t.Logf("the emulator of %d accounts used %.1f s of processor", n, (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds())
	})
	url, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the emulator does not start: %v", err)
	}
	return strings.TrimSpace(url)
}

func sweepApart(t *testing.T, url string, n int, state string) (f figures) {
	t.Helper()
	out, err := apart(t, "sweep", url, strconv.Itoa(n), strconv.Itoa(*fleetConcurrency), state).Output()
	if err != nil {
		t.Fatalf("sweeping: %v: %s", err, out)
	}
	if err := json.Unmarshal(bytes.TrimSpace(out), &f); err != nil {
		t.Fatalf("sweeping: %v: %s", err, out)
	}
	return f
}

// sweepNode does the same with the official SDK for Node, if it is there.
func sweepNode(t *testing.T, url string, n int) (f figures, ok bool) {
	t.Helper()
	modules, err := filepath.Abs("../emulator/conformance")
	if err != nil {
		t.Fatal(err)
	}
	node, err := exec.LookPath("node")
	if err == nil {
		_, err = os.Stat(filepath.Join(modules, "node_modules"))
	}
	if err != nil {
		if os.Getenv("PROWATCH_CI") != "" {
			t.Fatal("this needs node, and npm ci --ignore-scripts in emulator/conformance")
		}
		t.Log("node is left out: it needs node, and npm ci --ignore-scripts in emulator/conformance")
		return f, false
	}
	cmd := exec.CommandContext(t.Context(), node, "testdata/sweep.js", modules, strings.TrimPrefix(url, "http://"), strconv.Itoa(n), strconv.Itoa(*fleetConcurrency))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("sweeping in Node: %v: %s", err, out)
	}
	if err := json.Unmarshal(out, &f); err != nil {
		t.Fatalf("sweeping in Node: %v: %s", err, out)
	}
	f.CPU = cmd.ProcessState.UserTime().Seconds() + cmd.ProcessState.SystemTime().Seconds()
	return f, true
}
