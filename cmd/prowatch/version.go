package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// version is set by a release's build; otherwise the module's is used.
var version = ""

func (p *process) versionVerb() *cobra.Command {
	return verb("version", "Print the version", "Version prints what this binary is: its version, revision and Go.", noArgs,
		func(*cobra.Command, []string) error {
			_, err := fmt.Fprintf(p.stdout, "prowatch %s %s %s/%s\n", versionText(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return err
		})
}

func versionText() string {
	info, ok := debug.ReadBuildInfo()
	if version != "" || !ok {
		return version
	}
	text := info.Main.Version
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			text += " " + s.Value[:min(12, len(s.Value))]
		}
	}
	return text
}

func readFile(name string) ([]byte, error) { return os.ReadFile(name) }
