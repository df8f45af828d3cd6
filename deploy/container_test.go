package deploy_test

import (
	"bufio"
	"debug/elf"
	"encoding/json"
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"prowatch/emulator"
)

// binary is built once, as the Containerfile builds it.
var binary struct {
	once sync.Once
	file string
	err  error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if binary.file != "" {
		_ = os.RemoveAll(filepath.Dir(binary.file))
	}
	os.Exit(code)
}

// container returns the binary that the Containerfile's own line builds.
func container(t *testing.T) string {
	t.Helper()
	linuxOnly(t)
	binary.once.Do(func() {
		i := slices.IndexFunc(instructions(t), func(l string) bool { return strings.Contains(l, "go build") })
		line := strings.TrimPrefix(instructions(t)[i], "RUN ")
		dir, err := os.MkdirTemp("", "prowatch")
		if err != nil {
			binary.err = err
			return
		}
		binary.file = filepath.Join(dir, "prowatch")
		cmd := exec.Command("sh", "-ec", strings.ReplaceAll(line, "/out/prowatch", binary.file))
		cmd.Dir, cmd.Env = "..", append(os.Environ(), "VERSION=v9.9.9")
		if out, err := cmd.CombinedOutput(); err != nil {
			binary.err = fmt.Errorf("%s: %w: %s", line, err, out)
		}
	})
	if binary.err != nil {
		t.Fatal(binary.err)
	}
	return binary.file
}

func TestTheContainersBinaryIsStaticAndKnowsItsVersion(t *testing.T) {
	file := container(t)
	f, err := elf.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, p := range f.Progs {
		if p.Type == elf.PT_INTERP {
			t.Error("it wants a dynamic linker, which a container from scratch has not")
		}
	}
	if out := run(t, file, "version"); !strings.HasPrefix(out, "prowatch v9.9.9 ") {
		t.Errorf("it says %q", out)
	}
}

// TestTheContainersContextHasWhatItBuilds looks for files that are compiled in
// and that .dockerignore leaves out.
func TestTheContainersContextHasWhatItBuilds(t *testing.T) {
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", "list", "-deps", "-f", `{{range .EmbedFiles}}{{$.Dir}}/{{.}}{{"\n"}}{{end}}`, "./cmd/prowatch")
	cmd.Dir = ".."
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	ignored := strings.Fields(read(t, "../.dockerignore"))
	for file := range strings.Lines(string(out)) {
		name, ok := strings.CutPrefix(strings.TrimSpace(file), root+"/")
		for _, pattern := range ignored {
			if word := strings.TrimPrefix(pattern, "**/"); ok && (strings.HasPrefix(name, pattern+"/") || word != pattern && strings.Contains("/"+name, "/"+word+"/")) {
				t.Errorf("%s is compiled in, and .dockerignore leaves out %s", name, pattern)
			}
		}
	}
}

func TestTheContainerIsOfNobodyAndOfNothingElse(t *testing.T) {
	all := instructions(t)
	last := slices.IndexFunc(all, func(l string) bool { return l == "FROM scratch" })
	if last < 0 {
		t.Fatal("it is not from scratch")
	}
	for _, want := range []string{"USER 65532:65532", "STOPSIGNAL SIGTERM", `ENTRYPOINT ["/prowatch"]`, `CMD ["serve"]`} {
		if !slices.Contains(all[last:], want) {
			t.Errorf("it lacks %s", want)
		}
	}
	goVersion := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(read(t, "../go.mod"))[1]
	if want := "FROM docker.io/library/golang:" + goVersion + "-"; !strings.HasPrefix(all[0], want) {
		t.Errorf("it begins with %s, want %s…, as in go.mod", all[0], want)
	}
	for _, l := range all[last:] {
		if strings.HasPrefix(l, "RUN ") {
			t.Errorf("%s: there is no shell", l)
		}
	}
}

// served is a serve with an emulator, which logs.
type served struct {
	cmd *exec.Cmd
	mu  sync.Mutex
	log strings.Builder
}

func (s *served) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.Write(p)
}

func (s *served) text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.String()
}

// logs waits for a line of the log.
func (s *served) logs(t *testing.T, want string) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !strings.Contains(s.text(), want); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("no %s in its log: %s", want, s.text())
		}
	}
}

// checked waits for its first check, which must be a good one.
func (s *served) checked(t *testing.T) {
	t.Helper()
	s.logs(t, `"message":"run"`)
	if !strings.Contains(s.text(), `"checked":1,"failed":0`) {
		t.Errorf("its check: %s", s.text())
	}
}

func pid(cmd *exec.Cmd) string { return strconv.Itoa(cmd.Process.Pid) }

// serve starts cmd with a configuration in its environment, and its state in a
// folder.
func serve(t *testing.T, cmd *exec.Cmd, state string) *served {
	t.Helper()
	api := httptest.NewServer(emulator.New(&emulator.Options{Rate: -1}))
	t.Cleanup(api.Close)
	config, err := json.Marshal(map[string]any{
		"accounts": []any{map[string]any{"id": "acme", "secret_id": emulator.DefaultSecretID, "secret_key": emulator.DefaultSecretKey, "endpoint": api.URL}},
		"channels": map[string]any{"out": map[string]any{"type": "stdout"}},
		"state":    "file:" + state, "http": map[string]any{"listen": "127.0.0.1:0"},
	})
	if err != nil {
		t.Fatal(err)
	}
	s := &served{cmd: cmd}
	cmd.Env, cmd.Stderr = []string{"PROWATCH_CONFIG=" + string(config)}, s
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	lines := bufio.NewReader(out)
	if line, err := lines.ReadString('\n'); !strings.HasPrefix(line, "prowatch serves http://") {
		t.Fatalf("it said %q, %v: %s", line, err, s.text())
	}
	go func() { _, _ = io.Copy(io.Discard, lines) }()
	return s
}
