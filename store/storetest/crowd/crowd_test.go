package crowd_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"

	"prowatch/store/memory"
	"prowatch/store/storetest/crowd"
	"prowatch/watch"
)

const bentEnv = "CROWD_BENT"

// bent are stores that break what a crowd needs, and the part that must notice.
var bent = []struct {
	fault, part string
	open        func() watch.Store
}{
	{"overwrites", "every notice is told exactly once", func() watch.Store { return overwrites{new(memory.Store)} }},
	{"loses-saves", "every notice is told exactly once", func() watch.Store { return losesSaves{new(memory.Store)} }},
}

// overwrites saves whatever the version is.
type overwrites struct{ *memory.Store }

func (s overwrites) Save(ctx context.Context, key string, data []byte, _ string) (string, error) {
	for {
		_, version, err := s.Store.Load(ctx, key)
		if err == nil || errors.Is(err, watch.ErrNotFound) {
			version, err = s.Store.Save(ctx, key, data, version)
		}
		if !errors.Is(err, watch.ErrConflict) {
			return version, err
		}
	}
}

// losesSaves says that a channel's record was saved.
type losesSaves struct{ *memory.Store }

func (s losesSaves) Save(ctx context.Context, key string, data []byte, expected string) (string, error) {
	version, err := s.Store.Save(ctx, key, data, expected)
	if err == nil && strings.Contains(key, "channel/") {
		err = s.Store.Delete(ctx, key, version)
	}
	return version, err
}

// TestACrowdNoticesABadStore runs each bent store in a process of its own.
func TestACrowdNoticesABadStore(t *testing.T) {
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range bent {
		cmd := exec.CommandContext(t.Context(), exe, "-test.run=^TestBent$", "-test.v")
		cmd.Env = append(os.Environ(), bentEnv+"="+b.fault)
		out, err := cmd.CombinedOutput()
		if want := "--- FAIL: TestBent/" + strings.ReplaceAll(b.part, " ", "_"); err == nil || !strings.Contains(string(out), want) {
			t.Errorf("%s: got error %v, want %q\n%.2000s", b.fault, err, want, out)
		}
	}
}

func TestBent(t *testing.T) {
	for _, b := range bent {
		if os.Getenv(bentEnv) == b.fault {
			s := b.open()
			crowd.Run(t, crowd.Options{Open: func(*testing.T) watch.Store { return s }})
		}
	}
}
