package main

import (
	"archive/zip"
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTheCommandLineIsRead(t *testing.T) {
	for _, tt := range []struct{ args, name, arch, out string }{
		{"lambda", "lambda", "arm64", "dist"},
		{"scf", "scf", "amd64", "dist"},
		{"lambda --arch amd64", "lambda", "amd64", "dist"},
		{"lambda --arch x86_64 --out /tmp/d", "lambda", "amd64", "/tmp/d"},
		{"--out=d lambda", "lambda", "arm64", "d"},
	} {
		o, err := parse(strings.Fields(tt.args))
		if err != nil || o.target.name != tt.name || o.arch != tt.arch || o.out != tt.out {
			t.Errorf("%s: got %s, %s, %s, %v", tt.args, o.target.name, o.arch, o.out, err)
		}
	}
}

func TestAMistakeOnTheCommandLineIsTold(t *testing.T) {
	for args, want := range map[string]string{
		"":                        "say for which cloud",
		"azure":                   `there is no cloud "azure"`,
		"scf --arch arm64":        "Go1 is amd64 only",
		"lambda --arch riscv64":   "Lambda has arm64 and amd64",
		"lambda scf":              `"scf" is one word too many`,
		"lambda --ach arm64":      "-ach",
		"lambda --out=":           "--out is empty",
		"lambda --version=a'b":    "--version must be one word",
		"lambda --config":         "needs an argument",
		"--arch amd64 lambda scf": `"scf" is one word too many`,
	} {
		if _, err := parse(strings.Fields(args)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", args, err, want)
		}
	}
}

func TestTheZipHasModesAndNoTime(t *testing.T) {
	archive, err := pack([]file{{"bootstrap", 0o755, []byte("ELF")}, {"prowatch.yaml", 0o644, []byte("{}")}})
	if err != nil {
		t.Fatal(err)
	}
	r, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []struct {
		name string
		mode fs.FileMode
	}{{"bootstrap", 0o755}, {"prowatch.yaml", 0o644}} {
		f := r.File[i]
		const unix = 3 // the system in the header, without which the mode says nothing
		if f.Name != want.name || f.Mode() != want.mode || f.CreatorVersion>>8 != unix || !f.Modified.Equal(made) {
			t.Errorf("got %s, mode %v, system %d, time %v", f.Name, f.Mode(), f.CreatorVersion>>8, f.Modified)
		}
	}
}

func TestWhatLiesBesideTheBinary(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	config, ca, empty, main := write("acme.yaml", "{}"), write("ca.pem", "PEM"), write("empty", ""), write("main", "x")
	o, err := parse([]string{"scf", "--config", config, "--with", ca})
	if err != nil {
		t.Fatal(err)
	}
	files, err := o.companions()
	if err != nil || len(files) != 2 || files[0].name != "prowatch.yaml" || files[1].name != "ca.pem" || files[1].mode != 0o644 {
		t.Errorf("got %v, %v, want prowatch.yaml and ca.pem", files, err)
	}
	for want, args := range map[string][]string{
		"does not exist":             {"scf", "--config", filepath.Join(dir, "no.yaml")},
		"is empty":                   {"scf", "--config", empty},
		"second file named main":     {"scf", "--with", main},
		"second file named ca.pem":   {"scf", "--with", ca, "--with", ca},
		"--config: " + dir:           {"scf", "--config", filepath.Join(dir, "no.yaml")},
		"--with: " + main + " would": {"scf", "--with", main},
	} {
		o, err := parse(args)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := o.companions(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", args, err, want)
		}
	}
}

func TestTheFolderHoldsWhatTheZipHolds(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "dist", "scf")
	files := []file{{"main", 0o755, []byte("one")}, {"prowatch.yaml", 0o644, []byte("{}")}}
	if err := writeFolder(dir, files); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(dir, "main"), 0o600); err != nil { // as a checkout may leave it
		t.Fatal(err)
	}
	files[0].data = []byte("two")
	if err := writeFolder(dir, files[:1]); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(dir, "main"))
	info, statErr := os.Stat(filepath.Join(dir, "main"))
	if string(data) != "two" || err != nil || statErr != nil || os.PathSeparator == '/' && info.Mode() != 0o755 {
		t.Errorf("got %q, %v, %v", data, err, info)
	}
	if _, err := os.Stat(filepath.Join(dir, "prowatch.yaml")); err == nil {
		t.Error("the settings of an earlier build are still there")
	}
	if err := os.WriteFile(filepath.Join(dir, "notes.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := writeFolder(dir, files); err == nil || !strings.Contains(err.Error(), "notes.txt would be deployed, too") {
		t.Errorf("got %v, want notes.txt refused", err)
	}
}
