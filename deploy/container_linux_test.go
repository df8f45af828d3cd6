package deploy_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestTheContainersFilesAreEnough runs the binary as nobody in a folder that has
// what the Containerfile puts into its image, and nothing else.
func TestTheContainersFilesAreEnough(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("this needs root, for chroot")
	}
	text, err := os.ReadFile(container(t))
	if err != nil {
		t.Fatal(err)
	}
	root, err := os.MkdirTemp("", "image") // t.TempDir is below a folder that is root's alone
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(root) })
	for _, do := range []func() error{
		func() error { return os.Chmod(root, 0o755) },
		func() error { return os.WriteFile(filepath.Join(root, "prowatch"), text, 0o755) },
		func() error { return os.Mkdir(filepath.Join(root, "state"), 0o755) },
		func() error { return os.Chown(filepath.Join(root, "state"), 65532, 65532) },
	} {
		if err := do(); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("/prowatch", "serve")
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: root, Credential: &syscall.Credential{Uid: 65532, Gid: 65532}}
	s := serve(t, cmd, "/state")
	s.checked(t)
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("it ended with %v: %s", err, s.text())
	}
	if strings.Contains(s.text(), `"level":"ERROR"`) {
		t.Errorf("its log: %s", s.text())
	}
}
