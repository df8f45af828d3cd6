package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

// compile returns the function's binary.
func compile(ctx context.Context, o options, stderr io.Writer) ([]byte, error) {
	tool, err := exec.LookPath("go")
	if err != nil {
		return nil, errors.New("the command go is not in the PATH: https://go.dev/doc/install")
	}
	dir, err := os.MkdirTemp("", "prowatch-build")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	out := filepath.Join(dir, o.target.binary)
	cmd := exec.CommandContext(ctx, tool, o.arguments(out)...)
	cmd.Env = append(os.Environ(), o.environment()...)
	cmd.Stdout, cmd.Stderr = stderr, stderr
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("compiling %s for linux/%s, in the folder of prowatch's go.mod: %w", o.target.pkg, o.arch, err)
	}
	return os.ReadFile(out)
}

// arguments are those of the go command. They take out of the binary where and
// when it was made, and its symbols, a quarter of its size.
func (o options) arguments(out string) []string {
	args := []string{"build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w -buildid= -X main.version=" + o.version}
	if o.target.tags != "" {
		args = append(args, "-tags", o.target.tags)
	}
	return append(args, "-o", out, o.target.pkg)
}

// environment sets what would make another binary of the same sources.
func (o options) environment() []string {
	return []string{"CGO_ENABLED=0", "GOOS=linux", "GOARCH=" + o.arch, "GOAMD64=v1", "GOARM64=v8.0", "GOFLAGS=", "GOEXPERIMENT=", "GOFIPS140=off"}
}
