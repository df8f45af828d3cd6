package serve_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"

	"prowatch/serve"
	"prowatch/store/file"
	"prowatch/watch"
)

// workerEnv makes the test binary an instance: "<how long a run takes> <folder>".
const workerEnv = "SERVE_TEST_WORKER"

func TestMain(m *testing.M) {
	takes, dir, ok := strings.Cut(os.Getenv(workerEnv), " ")
	if !ok {
		os.Exit(m.Run())
	}
	if err := work(takes, dir); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

// leaseTime is that of the workers.
const leaseTime = time.Second

// work serves until the process is killed, and prints when a run begins and ends.
func work(takes, dir string) error {
	d, err := time.ParseDuration(takes)
	if err != nil {
		return err
	}
	store, err := file.Open(dir, nil)
	if err != nil {
		return err
	}
	runner := &watch.Runner{Store: store, Accounts: []watch.Account{{ID: "acme", Policy: watch.DefaultPolicy(), Source: pause(d)}}}
	schedule, err := serve.ParseSchedule("@yearly", time.UTC)
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println("serves")
	return serve.Serve(context.Background(), l, &serve.Service{
		Runs: runner.Runs, Store: store, Schedule: schedule, HTTP: http.NotFoundHandler(),
		Run: func(ctx context.Context, accounts []string) (*watch.Report, error) {
			fmt.Println("began")
			defer fmt.Println("ended")
			return runner.Run(ctx, accounts...)
		},
	}, serve.Options{Log: zap.NewNop(), Holder: fmt.Sprint(os.Getpid()), LeaseTime: leaseTime, Random: func() float64 { return 0 }})
}

// pause is a source that takes so long.
type pause time.Duration

func (p pause) Read(ctx context.Context) (watch.Reading, error) {
	select {
	case <-ctx.Done():
		return watch.Reading{}, &watch.Failure{Class: watch.Unavailable, Message: ctx.Err().Error()}
	case <-time.After(time.Duration(p)):
		return watch.Reading{Edition: watch.Edition{Status: watch.Normal}}, nil
	}
}

// instance is a worker and what it prints.
type instance struct {
	cmd   *exec.Cmd
	lines chan string
}

func start(t *testing.T, takes, dir string) *instance {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	i := &instance{cmd: exec.CommandContext(t.Context(), exe), lines: make(chan string, 100)}
	i.cmd.Env = append(os.Environ(), workerEnv+"="+takes+" "+dir)
	out, err := i.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := i.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		for s := bufio.NewScanner(out); s.Scan(); {
			i.lines <- s.Text()
		}
		close(i.lines)
	}()
	t.Cleanup(i.kill)
	return i
}

func (i *instance) kill() {
	_ = i.cmd.Process.Kill()
	_ = i.cmd.Wait()
}

// says waits until the instance prints the line.
func (i *instance) says(t *testing.T, want string) {
	t.Helper()
	select {
	case got, open := <-i.lines:
		if got != want {
			t.Fatalf("an instance printed %q (open: %t), want %q", got, open, want)
		}
	case <-time.After(30 * time.Second):
		t.Fatalf("an instance did not print %q", want)
	}
}

func TestAnotherTakesOverWhenTheHolderIsKilledInItsRun(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there is no SIGKILL on Windows")
	}
	dir := t.TempDir()
	a := start(t, "1h", dir)
	a.says(t, "serves")
	a.says(t, "began")
	b := start(t, "0s", dir)
	b.says(t, "serves")
	select {
	case line := <-b.lines:
		t.Fatalf("beside the run of another an instance printed %q", line)
	case <-time.After(3 * leaseTime):
	}
	a.kill()
	killed := time.Now()
	b.says(t, "began")
	if took := time.Since(killed); took > 3*leaseTime {
		t.Errorf("taken over after %v, want about %v", took, leaseTime)
	}
	b.says(t, "ended")
	c := start(t, "0s", dir)
	c.says(t, "serves")
	select {
	case line := <-c.lines:
		t.Errorf("after the run an instance printed %q, want nothing", line)
	case <-time.After(leaseTime):
	}
}
