//go:build unix

package file_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"prowatch/store/file"
)

// nobodyEnv holds the folder that TestAsNobody is to use.
const nobodyEnv = "FILE_TEST_NOBODY"

// nobody is a user without rights, in case the test runs as root, who may do
// everything.
const nobody = 65534

func TestAsNobody(t *testing.T) {
	dir := os.Getenv(nobodyEnv)
	if dir == "" {
		t.Skip("is run by TestAMissingRightIsSaidWithItsMend")
	}
	if os.Geteuid() == 0 {
		if err := syscall.Setuid(nobody); err != nil {
			t.Fatal(err)
		}
	}
	s, err := file.Open(dir, nil)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	_, version, err := s.Load(t.Context(), "k")
	if err != nil {
		t.Fatalf("Load: %v", err)
	}
	if _, err := s.Save(t.Context(), "k", nil, version); err != nil {
		t.Fatalf("Save: %v", err)
	}
}

func TestAMissingRightIsSaidWithItsMend(t *testing.T) {
	for _, tt := range []struct {
		name  string
		spoil string // a file of the folder, "" for the folder
		mode  os.FileMode
		want  string // how the output begins, "" for success
	}{
		{"all is well", "", 0o700, ""},
		{"a folder that is read only", "", 0o500, "Open: opening file store: "},
		{"a folder that is closed", "", 0, "Open: opening file store: "},
		{"a lock of another user", ".lock", 0, "Open: opening file store: "},
		{"a record of another user", "k.record", 0, `Load: loading record "k": `},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "state")
			save(t, open(t, dir), "k", "x", "")
			give(t, dir)
			if err := os.Chmod(filepath.Join(dir, tt.spoil), tt.mode); err != nil {
				t.Fatal(err)
			}
			out := asNobody(t, dir)
			if tt.want == "" {
				if !strings.Contains(out, "PASS") {
					t.Errorf("got %s, want success", out)
				}
				return
			}
			const mend = "let this user read and write there, or name another folder"
			if !strings.Contains(out, tt.want+dir) || !strings.Contains(out, mend) {
				t.Errorf("got %s, want %q with %q", out, tt.want+dir, mend)
			}
		})
	}
}

// give makes the folder nobody's, if this is root, and opens the way to it.
func give(t *testing.T, dir string) {
	t.Helper()
	if os.Geteuid() != 0 {
		return
	}
	for _, name := range append(names(t, dir), ".") {
		if err := os.Chown(filepath.Join(dir, name), nobody, nobody); err != nil {
			t.Fatal(err)
		}
	}
	above := filepath.Dir(dir)
	for _, d := range []string{above, filepath.Dir(above)} {
		if err := os.Chmod(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
}

func asNobody(t *testing.T, dir string) string {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), exe, "-test.run=^TestAsNobody$", "-test.v")
	cmd.Env = append(os.Environ(), nobodyEnv+"="+dir)
	out, _ := cmd.CombinedOutput() // what it says is the result
	return string(out)
}

func TestAPipeInTheWayIsRefused(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mkfifo(filepath.Join(dir, "k.record"), 0o600); err != nil {
		t.Skip("this file system has no pipes:", err)
	}
	_, _, err := open(t, dir).Load(t.Context(), "k")
	if err == nil || !strings.Contains(err.Error(), "is no record of prowatch") {
		t.Errorf("Load: got error %v, want that it is no record", err)
	}
}
