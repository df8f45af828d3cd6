package bench

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"prowatch/app"
	"prowatch/watch"
)

var loadTime = flag.Duration("serve.load", 2*time.Second, "how long TestServeHoldsItsLoad drives each server")

const (
	loadAccounts    = 500
	loadConnections = 64
	loadToken       = "the-token-of-the-load"
)

// loadPaths are what is asked in turn; each must be answered with 200.
var loadPaths = []string{"/api/v1/accounts?limit=50", "/", "/healthz"}

// floorEnv makes the test binary the floor: a bare net/http server that answers
// /N with N bytes.
const floorEnv = "PROWATCH_BENCH_FLOOR"

func init() { children[floorEnv] = floor }

func floor(string) error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Printf("the floor is http://%s\n", l.Addr())
	page := bytes.Repeat([]byte("x"), 4<<20)
	return http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, _ := strconv.Atoi(strings.Trim(r.URL.Path, "/"))
		w.Header().Set("Content-Type", "application/octet-stream")
		_, _ = w.Write(page[:min(n, len(page))])
	}))
}

// TestServeHoldsItsLoad drives serve, with the records of 500 accounts in a
// folder, by 64 connections that stay, and then a bare net/http server that
// answers as many bytes. No request may fail, no connection break, and memory
// must be flat, which a load of 20 s or more shows.
//
//	go test ./bench -run ServeHoldsItsLoad -v -serve.load 60s
func TestServeHoldsItsLoad(t *testing.T) {
	config := loadConfig(t)
	dir := t.TempDir()
	binary := filepath.Join(dir, "prowatch")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "prowatch/cmd/prowatch").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	serve := exec.CommandContext(t.Context(), binary, "serve")
	serve.Env = append(os.Environ(), "PROWATCH_CONFIG="+config)
	base := startServing(t, serve)
	memory := watchMemory(t, serve.Process.Pid)
	got := drive(t, base, loadPaths)
	memory.report(t)

	floor := exec.CommandContext(t.Context(), os.Args[0])
	floor.Env = append(os.Environ(), floorEnv+"=1")
	var same []string
	for _, p := range got {
		same = append(same, fmt.Sprint("/", p.bytes))
	}
	bare := drive(t, startServing(t, floor), same)
	t.Logf("%d accounts, %d connections, %v each", loadAccounts, loadConnections, *loadTime)
	t.Logf("%-32s %9s %10s %10s %10s", "", "bytes", "requests/s", "p50", "p99")
	for i, p := range got {
		t.Logf("%-32s %s", loadPaths[i], p)
		t.Logf("%-32s %s", "  net/http, as many bytes", bare[i])
	}
}

// loadConfig fills a folder with the records of the accounts, and returns the
// configuration that has them. Its schedule's last time is done then.
func loadConfig(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("accounts:\n")
	for i := range loadAccounts {
		fmt.Fprintf(&b, "  - {id: account-%03d, secret_id: AKID%[1]d, secret_key: k, endpoint: http://127.0.0.1:1, labels: {team: t%d}}\n", i, i%7)
	}
	fmt.Fprintf(&b, "channels: {out: {type: stdout}}\nstate: file:%s\nschedule: \"0 0 1 1 *\"\nhttp: {listen: \"127.0.0.1:0\", tokens: [{token: %s}]}\n",
		t.TempDir(), loadToken)
	a, err := app.New(t.Context(), app.Options{
		LookupEnv: func(name string) (string, bool) { return b.String(), name == "PROWATCH_CONFIG" },
		ReadFile:  os.ReadFile, Stores: app.Stores{"file": app.File}, Stdout: io.Discard,
	})
	if err != nil {
		t.Fatal(err)
	}
	for i := range a.Runner.Accounts {
		end := time.Now().AddDate(0, 0, i).Format(time.DateTime)
		a.Runner.Accounts[i].Source = sourceFunc(func(context.Context) (watch.Reading, error) {
			return watch.Reading{Edition: watch.Edition{Status: watch.Normal, EndTime: end, MaxPostPayCoresCnt: uint64(i)}}, nil
		})
	}
	report, err := a.Run(t.Context(), nil)
	if err != nil || report.Counts().Checked != loadAccounts {
		t.Fatalf("%+v, %v", report, err)
	}
	return b.String()
}

// startServing starts a server, and returns the URL that it prints first.
func startServing(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
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
		if strings.Contains(stderr.String(), `"level":"ERROR"`) {
			t.Errorf("its log: %.2000s", &stderr)
		}
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	url := regexp.MustCompile(`http://127\.0\.0\.1:\d+`).FindString(line)
	if url == "" {
		t.Fatalf("it said %q, %v: %s", line, err, &stderr)
	}
	return url
}

var errStatus = errors.New("not 200")
