package app

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestEveryChannelHasItsRow finds a folder that makes a Notifier and that no
// configuration can name.
func TestEveryChannelHasItsRow(t *testing.T) {
	folders, err := filepath.Glob("../notify/*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, file := range folders {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(file, "_test.go") || !bytes.Contains(source, []byte("\nfunc New(c Config, d notify.Deps) (watch.Notifier, error)")) {
			continue
		}
		found++
		if name := filepath.Base(filepath.Dir(file)); channels[name].open == nil {
			t.Errorf("notify/%s has no row in the table of channels", name)
		}
	}
	if found < len(channels) {
		t.Errorf("found %d folders of channels for %d rows: has New another form?", found, len(channels))
	}
}
