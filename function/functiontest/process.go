package functiontest

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// ChildEnv is set in the environment of the test binary when [Start] executes
// it. TestMain then serves [Function] instead of running tests, or where MainEnv
// is set too, calls main.
const (
	ChildEnv = "TEST_FUNCTION"
	MainEnv  = "TEST_MAIN"
)

// patience is how long the suite waits for anything.
const patience = 10 * time.Second

// A Process is a started function.
type Process struct {
	cmd    *exec.Cmd
	stderr lockedBuffer
	done   chan struct{} // closed at its end
}

// Start executes the test binary with nothing in its environment but env, each
// "NAME=value", and [ChildEnv]. It is killed at the end of the test.
func Start(t *testing.T, env ...string) *Process {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe)
	cmd.Env = append(env, ChildEnv+"=1")
	return start(t, cmd)
}

// StartFile executes the file at path, a function as a cloud unpacked it, in its
// own folder and with nothing in its environment but env. It is killed at the
// end of the test.
func StartFile(t *testing.T, path string, env ...string) *Process {
	t.Helper()
	cmd := exec.Command(path)
	cmd.Dir, cmd.Env = filepath.Dir(path), env
	return start(t, cmd)
}

func start(t *testing.T, cmd *exec.Cmd) *Process {
	t.Helper()
	p := &Process{cmd: cmd, done: make(chan struct{})}
	p.cmd.Stderr = &p.stderr
	p.cmd.Stdout = &p.stderr
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		p.cmd.Wait()
		close(p.done)
	}()
	t.Cleanup(func() {
		p.cmd.Process.Kill()
		<-p.done
		if t.Failed() {
			t.Logf("the function wrote\n%s", p.Stderr())
		}
	})
	return p
}

// Done is closed when the process has ended.
func (p *Process) Done() <-chan struct{} { return p.done }

// Exit waits for the process to end of itself and returns its exit code.
func (p *Process) Exit(t *testing.T) int {
	t.Helper()
	select {
	case <-p.done:
	case <-time.After(patience):
		t.Fatal("the function is still running, want it to end")
	}
	return p.cmd.ProcessState.ExitCode()
}

// Stderr returns what the process has written so far, stdout included.
func (p *Process) Stderr() string { return p.stderr.String() }

// waitFor returns the whole lines that the process has written, once they hold
// text.
func (p *Process) waitFor(t *testing.T, text string) []string {
	t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		said := p.Stderr()
		if whole := said[:strings.LastIndex(said, "\n")+1]; strings.Contains(whole, text) {
			return strings.Split(strings.TrimSuffix(whole, "\n"), "\n")
		}
	}
	t.Fatalf("the function wrote no %q", text)
	return nil
}

type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}
