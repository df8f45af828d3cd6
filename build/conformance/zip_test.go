package conformance

import (
	"archive/zip"
	"bytes"
	"io"
	"io/fs"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"prowatch/emulator"
	"prowatch/function/functiontest"
)

// settings is what lies in the zip as prowatch.yaml: of each deployment only the
// environment differs.
const settings = `accounts:
  - {id: acme, secret_id: "${env:PROWATCH_SECRET_ID}", secret_key: "${env:PROWATCH_SECRET_KEY}", endpoint: "${env:PROWATCH_ENDPOINT}"}
channels: {out: {type: stdout}}
state: "${env:PROWATCH_STATE}"
`

// builds are the folders that this process has built to, by cloud.
var builds struct {
	sync.Mutex
	dirs map[string]string
}

func TestMain(m *testing.M) {
	code := m.Run()
	for _, dir := range builds.dirs {
		os.RemoveAll(dir)
	}
	os.Exit(code)
}

// built returns the folder with what the build made for a cloud, of this
// machine's processor.
func built(t *testing.T, cloud string) string {
	t.Helper()
	if testing.Short() {
		t.Skip("this compiles the function")
	}
	builds.Lock()
	defer builds.Unlock()
	if dir := builds.dirs[cloud]; dir != "" {
		return dir
	}
	dir, err := os.MkdirTemp("", "prowatch-conformance")
	if err != nil {
		t.Fatal(err)
	}
	if builds.dirs == nil {
		builds.dirs = map[string]string{}
	}
	builds.dirs[cloud] = dir
	build(t, root, cloud, dir)
	return dir
}

// build runs the command in a folder of the sources.
func build(t *testing.T, sources, cloud, out string) {
	t.Helper()
	config := filepath.Join(out, "settings.yaml")
	if err := os.WriteFile(config, []byte(settings), 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{"run", "./build", cloud, "--out", out, "--config", config, "--version", "v1.2.3-test"}
	if cloud == "lambda" {
		args = append(args, "--arch", runtime.GOARCH)
	}
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Dir = sources
	said, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, said)
	}
	t.Logf("%s", said)
}

// unpack makes the files of a cloud's zip in a new folder, with their modes.
func unpack(t *testing.T, cloud string) string {
	t.Helper()
	r, err := zip.OpenReader(filepath.Join(built(t, cloud), cloud+".zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	dir := t.TempDir()
	for _, f := range r.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(in)
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, f.Name), data, f.Mode())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// needPlatform skips the test where the binary in the zip cannot run.
func needPlatform(t *testing.T, arches string) {
	t.Helper()
	if runtime.GOOS != "linux" || !strings.Contains(arches, runtime.GOARCH) {
		t.Skip("this runs what is in the zip, and needs linux/" + arches)
	}
}

// lapsing returns an API whose licence isolate lets lapse, and the settings to
// watch it.
func lapsing(t *testing.T) (settings map[string]string, isolate func()) {
	e := emulator.New(nil)
	server := httptest.NewServer(e)
	t.Cleanup(server.Close)
	settings = functiontest.Settings(server.URL, emulator.DefaultSecretID, emulator.DefaultSecretKey, t.TempDir())
	delete(settings, "PROWATCH_CHANNEL_TYPE")
	return settings, func() {
		if err := e.SetEdition(emulator.DefaultSecretID, emulator.Edition{"BuyStatus": "Isolate"}); err != nil {
			t.Fatal(err)
		}
	}
}

// assignments are the settings as a process takes them.
func assignments(settings map[string]string) (env []string) {
	for name, value := range settings {
		env = append(env, name+"="+value)
	}
	return env
}

func TestTheFunctionStartsFromTheZipOfLambda(t *testing.T) {
	needPlatform(t, "amd64 arm64")
	handler := text(newStack(t, read(t, "template.yaml"), nil).resources, "Watcher", "Properties", "Handler")
	env, isolate := lapsing(t)
	in := functiontest.StartLambdaFile(t, filepath.Join(unpack(t, "lambda"), handler), assignments(env)...)
	functiontest.RunMain(t, in, nil, isolate)
	wantVersion(t, in)
}

func TestTheFunctionStartsFromTheZipOfSCF(t *testing.T) {
	needPlatform(t, "amd64")
	yml, _ := fillIn(t, read(t, "serverless.yml"))
	handler := text(parseYAML(t, yml), "inputs", "handler")
	env, isolate := lapsing(t)
	in := functiontest.StartSCFFile(t, filepath.Join(unpack(t, "scf"), handler))
	functiontest.RunMain(t, in, env, isolate)
	wantVersion(t, in)
}

func wantVersion(t *testing.T, in functiontest.Instance) {
	t.Helper()
	if !strings.Contains(in.Process().Stderr(), `"version":"v1.2.3-test"`) {
		t.Error("the log does not say the version that was built")
	}
}

// TestTheFolderOfSCFIsItsZip compares what "scf deploy" uploads with the zip.
func TestTheFolderOfSCFIsItsZip(t *testing.T) {
	folder, unpacked := filepath.Join(built(t, "scf"), "scf"), unpack(t, "scf")
	for _, name := range []string{"main", "prowatch.yaml"} {
		a, errA := os.ReadFile(filepath.Join(folder, name))
		b, errB := os.ReadFile(filepath.Join(unpacked, name))
		if errA != nil || errB != nil || !bytes.Equal(a, b) {
			t.Errorf("%s differs, or is missing: %v, %v", name, errA, errB)
		}
	}
}

// TestTheSameSourcesMakeTheSameZip builds from a copy of the sources, elsewhere
// and without their history.
func TestTheSameSourcesMakeTheSameZip(t *testing.T) {
	first := map[string]string{"lambda": built(t, "lambda"), "scf": built(t, "scf")}
	sources := copySources(t)
	for cloud, dir := range first {
		again := t.TempDir()
		build(t, sources, cloud, again)
		a, errA := os.ReadFile(filepath.Join(dir, cloud+".zip"))
		b, errB := os.ReadFile(filepath.Join(again, cloud+".zip"))
		if errA != nil || errB != nil || !bytes.Equal(a, b) {
			t.Errorf("the zips of %s differ: %d and %d bytes, %v, %v", cloud, len(a), len(b), errA, errB)
		}
	}
}

// copySources copies what is compiled.
func copySources(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	left := map[string]bool{".git": true, ".ci": true, "node_modules": true, "dist": true, "testdata": true, "docs": true}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		switch {
		case err != nil:
			return err
		case d.IsDir() && left[d.Name()]:
			return fs.SkipDir
		case d.IsDir():
			return os.MkdirAll(filepath.Join(dir, name), 0o700)
		case strings.HasSuffix(name, "_test.go") || !d.Type().IsRegular():
			return nil
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(dir, name), data, 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
	return dir
}
