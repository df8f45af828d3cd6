package server

import (
	"bytes"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// patience is how long a server may take to come up.
const patience = 30 * time.Second

// missing ends the test for want of something.
func missing(t *testing.T, getenv func(string) string, what string) {
	t.Helper()
	if getenv("PROWATCH_CI") != "" {
		t.Fatal("this needs " + what)
	}
	t.Skip("this needs " + what)
}

// freeAddr returns an address of the loopback interface that was free.
func freeAddr(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func split(t *testing.T, addr string) (host, port string) {
	t.Helper()
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		t.Fatal(err)
	}
	return host, port
}

// run starts a server and kills it at the end of the test, which shows what it
// wrote if the test failed.
func run(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.WaitDelay = time.Second // for whatever it started that holds its output
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
		if t.Failed() {
			b := out.Bytes()
			t.Logf("%s wrote, at last\n%s", filepath.Base(cmd.Path), b[max(0, len(b)-2048):])
		}
	})
}

// await calls ready until it returns no error.
func await(t *testing.T, what string, ready func() error) {
	t.Helper()
	deadline := time.Now().Add(patience)
	for {
		err := ready()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("waiting for %s: %v", what, err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func makeFolders(t *testing.T, dir string, names []string) {
	t.Helper()
	for _, name := range names {
		if err := os.Mkdir(filepath.Join(dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
}
