// Package conformance holds what is deployed against what the clouds take:
// template.yaml, serverless.yml, and the function in the very zips that they
// name.
//
// Each file is checked by rules of its own, and by planting mistakes that the
// rules must find. AWS's own tools, cfn-lint, aws-sam-translator and an emulator
// of CloudFormation, check template.yaml, too, where the machine has them: they
// come with it or not at all, so that a test which must run needs no such tool.
package conformance

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// root is prowatch's own folder.
const root = "../.."

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(data), "\r\n", "\n")
}

// A mistake is what somebody may do to a file, and what is to be said of it.
type mistake struct {
	old, new string
	want     string // part of a fault
}

// plant returns text with the mistake in it.
func (m mistake) plant(t *testing.T, text string) string {
	t.Helper()
	if n := strings.Count(text, m.old); n != 1 {
		t.Fatalf("the file holds %q %d times, want once", m.old, n)
	}
	return strings.Replace(text, m.old, m.new, 1)
}

// wantFault fails the test unless one of the faults has the text.
func wantFault(t *testing.T, faults []string, want string) {
	t.Helper()
	if !slices.ContainsFunc(faults, func(f string) bool { return strings.Contains(f, want) }) {
		t.Errorf("got the faults %q, want one with %q", faults, want)
	}
}
