// Command build makes what the deploy files name: the function of one cloud as
// a zip, and beside it the folder with the same files.
//
//	go run ./build lambda --config prowatch.yaml     # template.yaml: dist/lambda.zip
//	go run ./build scf --config prowatch.yaml        # serverless.yml: dist/scf
//
// It needs Go and nothing else, on any system. The same sources, Go and flags
// make the same bytes, wherever they lie.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
)

const usage = `usage: go run ./build lambda|scf [flags]

  lambda  AWS Lambda, provided.al2023: dist/lambda.zip with bootstrap
  scf     Tencent SCF, Go1: dist/scf with main, and dist/scf.zip

flags:
  --arch arm64|amd64  the processor: arm64 for lambda unless told, amd64 for scf
  --config FILE       settings to put beside the binary, as prowatch.yaml
  --with FILE         another file to put beside it, such as a ca_file (repeatable)
  --out DIR           where to write (dist)
  --version TEXT      stands in each line of the function's log (devel)
`

// exitUsage is sysexits' EX_USAGE, as the command line has it.
const exitUsage = 64

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	switch o, err := parse(os.Args[1:]); {
	case errors.Is(err, flag.ErrHelp):
		fmt.Print(usage)
	case err != nil:
		fmt.Fprintf(os.Stderr, "build: %v\n\n%s", err, usage)
		os.Exit(exitUsage)
	default:
		if err := build(ctx, o, os.Stdout, os.Stderr); err != nil {
			fmt.Fprintln(os.Stderr, "build:", err)
			os.Exit(1)
		}
	}
}

// options are what one build is to make.
type options struct {
	target  target
	arch    string
	config  string // a file, or ""
	with    []string
	out     string
	version string
}

// parse reads the command line. The target may stand before or after the flags.
func parse(args []string) (options, error) {
	var o options
	var name string
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		name, args = args[0], args[1:]
	}
	f := flag.NewFlagSet("build", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.StringVar(&o.arch, "arch", "", "")
	f.StringVar(&o.config, "config", "", "")
	f.Func("with", "", func(path string) error { o.with = append(o.with, path); return nil })
	f.StringVar(&o.out, "out", "dist", "")
	f.StringVar(&o.version, "version", "devel", "")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	rest := f.Args()
	if name == "" && len(rest) > 0 {
		name, rest = rest[0], rest[1:]
	}
	if len(rest) > 0 {
		return o, fmt.Errorf("%q is one word too many", rest[0])
	}
	return o, o.complete(name)
}

// complete looks up the target and fills in what follows from it.
func (o *options) complete(name string) error {
	t, ok := targets[name]
	switch {
	case name == "":
		return errors.New("say for which cloud: lambda or scf")
	case !ok:
		return fmt.Errorf("there is no cloud %q: say lambda or scf", name)
	}
	o.target = t
	if o.arch == "" {
		o.arch = t.arches[0]
	}
	if o.arch == "x86_64" {
		o.arch = "amd64"
	}
	if err := t.checkArch(o.arch); err != nil {
		return err
	}
	switch {
	case o.out == "":
		return errors.New("--out is empty: name a folder, such as dist")
	case strings.ContainsAny(o.version, " \t\r\n'\""):
		return errors.New("--version must be one word without quotes, such as v1.2.0")
	}
	return nil
}
