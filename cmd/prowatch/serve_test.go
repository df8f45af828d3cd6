package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"prowatch/emulator"
	"prowatch/store/storetest/server"
	"prowatch/watch"
)

// served is a serve in a process of its own.
type served struct {
	cmd    *exec.Cmd
	url    string
	stderr lockedBuffer
}

// lockedBuffer is a buffer that is read while a process writes it.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// serve starts the verb on a free port, and returns when it is ready.
func (m *machine) serve(t *testing.T, env ...string) *served {
	t.Helper()
	return m.serveAs(t, exec.CommandContext(t.Context(), m.binary, "serve", "--listen", "127.0.0.1:0"), env...)
}

func (m *machine) serveAs(t *testing.T, cmd *exec.Cmd, env ...string) *served {
	t.Helper()
	s := &served{cmd: cmd}
	s.cmd.Env = append(m.env, env...)
	s.cmd.Stderr = &s.stderr
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.cmd.Process.Kill(); _ = s.cmd.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if s.url = regexp.MustCompile(`http://127\.0\.0\.1:\d+`).FindString(line); s.url == "" {
		t.Fatalf("serve said %q, %v: %s", line, err, &s.stderr)
	}
	return s
}

// end asks it to end, and wants it to do so in peace.
func (s *served) end(t *testing.T) {
	t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Wait(); err != nil {
		t.Errorf("it ended with %v: %s", err, &s.stderr)
	}
}

func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !is(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s: it did not come to that", what)
		}
	}
}

func noSignals(t *testing.T) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("a process is not asked to end on Windows")
	}
}

// slowly lets the next request to the API take d, and returns what waits for it.
func (m *machine) slowly(t *testing.T, d time.Duration) (asked func() bool) {
	t.Helper()
	m.edition(t, "Normal")
	if err := m.api.SetFaults(emulator.DefaultSecretID, emulator.Fault{Delay: d}); err != nil {
		t.Fatal(err)
	}
	return func() bool { left, _ := m.api.Faults(emulator.DefaultSecretID); return len(left) == 0 }
}

func (m *machine) edition(t *testing.T, status string) {
	t.Helper()
	if err := m.api.SetEdition(emulator.DefaultSecretID, emulator.Edition{"BuyStatus": status, "EndTime": "2037-01-01 00:00:00"}); err != nil {
		t.Fatal(err)
	}
}

func TestACheckUnderWayIsKeptWhenServeEnds(t *testing.T) {
	noSignals(t)
	m := newMachine(t)
	asked := m.slowly(t, 2*time.Second)
	s := m.serve(t)
	eventually(t, "the API is asked", asked)
	s.end(t)
	if count, types := m.told(t); len(count) != 1 || types[0] != watch.BaselineRecorded {
		t.Errorf("the chat was told %v, want the baseline", types)
	}
	m.serve(t).end(t)
	if _, types := m.told(t); len(types) != 1 || strings.Count(s.stderr.String(), `"message":"run"`) != 1 {
		t.Errorf("after a restart the chat was told %v, want nothing new; log: %s", types, &s.stderr)
	}
}

func TestASecondSignalEndsServeAtOnce(t *testing.T) {
	noSignals(t)
	m := newMachine(t)
	asked := m.slowly(t, time.Minute)
	s := m.serve(t)
	eventually(t, "the API is asked", asked)
	began := time.Now()
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	eventually(t, "it is stopping", func() bool { return strings.Contains(s.stderr.String(), `"message":"stopping"`) })
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	if err := s.cmd.Wait(); err == nil || time.Since(began) > 15*time.Second {
		t.Errorf("it ended with %v after %v, want at once", err, time.Since(began))
	}
}

func TestTwoServesOnOneStateCheckAndTellOnce(t *testing.T) {
	noSignals(t)
	for name, state := range map[string]func(t *testing.T) string{
		"file":  func(t *testing.T) string { return "file:" + t.TempDir() },
		"redis": func(t *testing.T) string { return "redis://" + server.StartRedis(t, os.Getenv).Addr },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMachine(t)
			m.edition(t, "Normal")
			env := "PROWATCH_STATE=" + state(t)
			var both []*served
			for range 2 {
				both = append(both, m.serve(t, env))
			}
			eventually(t, "the baseline is told", func() bool { count, _ := m.told(t); return len(count) > 0 })
			time.Sleep(watch.LeaseTime/6 + time.Second) // when the other looks again
			for _, s := range both {
				s.end(t)
			}
			logs := both[0].stderr.String() + both[1].stderr.String()
			if runs, n := strings.Count(logs, `"message":"run"`), len(m.hook.Messages()); runs != 1 || n != 1 {
				t.Errorf("%d runs and %d messages, want one of each: %s", runs, n, logs)
			}
		})
	}
}

func TestServeReadsItsConfigurationAgain(t *testing.T) {
	noSignals(t)
	m := newMachine(t)
	m.edition(t, "Normal")
	file := filepath.Join(t.TempDir(), "prowatch.yaml")
	write := func(schedule string) {
		t.Helper()
		text := fmt.Sprintf(`
accounts: [{id: acme, secret_id: "${env:PROWATCH_SECRET_ID}", secret_key: "${env:PROWATCH_SECRET_KEY}", endpoint: "${env:PROWATCH_ENDPOINT}"}]
channels: {out: {type: stdout}}
state: file:%s
schedule: %q
`, filepath.Join(filepath.Dir(file), "state"), schedule)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("17 * * * *")
	s := m.serve(t, "PROWATCH_CONFIG="+file)
	for _, step := range []struct{ schedule, logged string }{
		{"17 * * *", `prowatch.yaml:5:11: schedule is no schedule`},
		{"23 * * * *", `"message":"reloaded"`},
		{"0 0 31 2 *", `no day is ever like that`},
	} {
		write(step.schedule)
		if err := s.cmd.Process.Signal(syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
		eventually(t, step.logged, func() bool { return strings.Contains(s.stderr.String(), step.logged) })
	}
	if !regexp.MustCompile(`"reloaded","next_run":"[^"]+:23:00\.000Z"`).MatchString(s.stderr.String()) {
		t.Errorf("the new schedule is not in force: %s", &s.stderr)
	}
	s.end(t)
}

func TestServeTellsSystemdHowItStands(t *testing.T) {
	noSignals(t)
	m := newMachine(t)
	m.edition(t, "Normal")
	socket := filepath.Join(t.TempDir(), "notify")
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: socket, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	var told lockedBuffer
	go func() {
		b := make([]byte, 4096)
		for {
			n, err := conn.Read(b)
			if err != nil {
				return
			}
			fmt.Fprintf(&told, "<%s>", b[:n])
		}
	}()
	s := m.serve(t, "NOTIFY_SOCKET="+socket, "WATCHDOG_USEC=200000")
	wants := func(pattern string) {
		t.Helper()
		eventually(t, pattern, func() bool { return regexp.MustCompile(`(?s)` + pattern).MatchString(told.String()) })
	}
	wants(`^<READY=1\nSTATUS=next run at \d{4}-.*>`)
	wants(`<STATUS=1 of 1 accounts checked at \d\d:\d\d, 1 notices told, 0 waiting; next run at `)
	wants(`<WATCHDOG=1>`)
	_ = s.cmd.Process.Signal(syscall.SIGHUP)
	wants(`<RELOADING=1\nMONOTONIC_USEC=\d+\n>.*<READY=1>`)
	s.end(t)
	wants(`<STOPPING=1>`)
}

func TestServeTakesASocketThatSystemdOpened(t *testing.T) {
	noSignals(t)
	m := newMachine(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	f, err := l.(*net.TCPListener).File()
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	cmd := exec.CommandContext(t.Context(), "sh", "-c", `LISTEN_PID=$$ LISTEN_FDS=1 exec "$0" serve`, m.binary)
	cmd.ExtraFiles = []*os.File{f}
	if s := m.serveAs(t, cmd); s.url != "http://"+l.Addr().String() {
		t.Errorf("it serves %s, want %s", s.url, l.Addr())
	}
}

func TestTheHealthOfServeIsItsExitCode(t *testing.T) {
	status := http.StatusOK
	url := local(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/healthz" {
			status = http.StatusNotFound
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, `{"status":"failing","reasons":["no good run lately","every channel fails"]}`)
	}))
	for _, tt := range []struct {
		status, code int
		said         string
	}{{200, exitOK, "ok\n"}, {503, exitWarning, "503 Service Unavailable: no good run lately; every channel fails"}} {
		status = tt.status
		var out bytes.Buffer
		p := process{args: []string{"serve", "--health", "--listen", strings.TrimPrefix(url, "http://")}, stdout: &out, stderr: &out}
		if code := p.run(context.Background()); code != tt.code || !strings.Contains(out.String(), tt.said) {
			t.Errorf("status %d: exit code %d, %q; want %d, %q", tt.status, code, out.String(), tt.code, tt.said)
		}
	}
}

func TestTheHealthOfEveryAddressIsAskedOnLoopback(t *testing.T) {
	for address, want := range map[string]string{
		"0.0.0.0:8080": "http://127.0.0.1:8080/healthz", ":8080": "http://127.0.0.1:8080/healthz", "[::]:80": "http://127.0.0.1:80/healthz",
		"10.0.0.1:81": "http://10.0.0.1:81/healthz", "localhost:8080": "http://localhost:8080/healthz", "[::1]:82": "http://[::1]:82/healthz",
	} {
		if got, err := healthURL(address); err != nil || got != want {
			t.Errorf("%s: got %s, %v; want %s", address, got, err, want)
		}
	}
}
