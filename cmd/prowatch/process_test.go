package main

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"prowatch/emulator"
	"prowatch/notify/sink"
	"prowatch/watch"
)

// machine is a folder with the binary, an emulator and a chat.
type machine struct {
	binary string
	env    []string
	api    *emulator.Emulator
	hook   *sink.Sink
}

func newMachine(t *testing.T) *machine {
	t.Helper()
	dir := t.TempDir()
	m := &machine{binary: filepath.Join(dir, "prowatch"), api: emulator.New(&emulator.Options{Rate: -1}), hook: sink.NewWebhook(hookSecret, nil)}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(exe, m.binary); err != nil { // by this name the test is the command: see TestMain
		t.Fatal(err)
	}
	m.env = append(os.Environ(),
		"PROWATCH_SECRET_ID="+emulator.DefaultSecretID, "PROWATCH_SECRET_KEY="+emulator.DefaultSecretKey,
		"PROWATCH_ENDPOINT="+local(t, m.api), "PROWATCH_CHANNEL_TYPE=webhook", "PROWATCH_CHANNEL_URL="+local(t, m.hook),
		"PROWATCH_CHANNEL_SECRET="+hookSecret, "PROWATCH_STATE=file:"+filepath.Join(dir, "state"))
	return m
}

func local(t *testing.T, h http.Handler) string {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	return srv.URL
}

func (m *machine) check(t *testing.T) *exec.Cmd {
	cmd := exec.CommandContext(t.Context(), m.binary, "check")
	cmd.Env = m.env
	cmd.Stderr = new(bytes.Buffer)
	return cmd
}

// told counts the notices that arrived by id, and those of them that say that
// they may have arrived before.
func (m *machine) told(t *testing.T) (count map[string]int, types []watch.Type) {
	t.Helper()
	count = map[string]int{}
	for _, msg := range m.hook.Messages() {
		var event struct{ Data watch.Notice }
		if err := json.Unmarshal(msg.Body, &event); err != nil {
			t.Fatal(err)
		}
		if count[event.Data.ID]++; count[event.Data.ID] == 1 {
			types = append(types, event.Data.Type)
		}
	}
	return count, types
}

func TestTenProcessesOnOneStateTellEachNoticeOnce(t *testing.T) {
	m := newMachine(t)
	for round, status := range []watch.Status{watch.Normal, watch.Isolate, watch.Normal} {
		if err := m.api.SetEdition(emulator.DefaultSecretID, emulator.Edition{"BuyStatus": string(status), "EndTime": "2037-01-01 00:00:00"}); err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for range 10 {
			cmd := m.check(t)
			wg.Go(func() {
				if err := cmd.Run(); err != nil && cmd.ProcessState.ExitCode() != exitCritical {
					t.Errorf("%v: %s", err, cmd.Stderr)
				}
			})
		}
		wg.Wait()
		count, types := m.told(t)
		if len(count) != round+1 {
			t.Fatalf("after round %d the chat was told %v", round, types)
		}
		for id, n := range count {
			if n != 1 {
				t.Errorf("notice %s was told %d times", id, n)
			}
		}
	}
}

func TestAKilledProcessLosesNothing(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there is no SIGKILL on Windows")
	}
	m := newMachine(t)
	var want []watch.Type
	rounds := 12
	if testing.Short() {
		rounds = 3
	}
	r := rand.New(rand.NewPCG(1, uint64(os.Getpid())))
	for i := range rounds {
		status := []watch.Status{watch.Normal, watch.Isolate}[i%2]
		if err := m.api.SetEdition(emulator.DefaultSecretID, emulator.Edition{"BuyStatus": string(status), "EndTime": "2037-01-01 00:00:00"}); err != nil {
			t.Fatal(err)
		}
		cmd := m.check(t)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(r.Int64N(int64(80 * time.Millisecond))))
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		again := m.check(t)
		if err := again.Run(); err != nil && again.ProcessState.ExitCode() != exitCritical {
			t.Errorf("round %d: %v: %s", i, err, again.Stderr)
		}
		want = append(want, watch.StatusChanged)
		want[0] = watch.BaselineRecorded
		_, types := m.told(t)
		if len(types) != len(want) {
			t.Fatalf("round %d: the chat was told %v, want %v", i, types, want)
		}
	}
}
