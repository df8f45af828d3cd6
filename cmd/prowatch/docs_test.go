package main

import (
	"bytes"
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestTheGuidesCommandsExist finds the verb and the flags of every command of
// the guides.
func TestTheGuidesCommandsExist(t *testing.T) {
	command := regexp.MustCompile("(?m)(?:^ *|sudo |bin/|exec prowatch /|CMD |`)prowatch ([a-z][^`#|&;\n\\\\]*)")
	for guide, least := range map[string]int{"deploy-machine.md": 8, "channels.md": 5} {
		text, err := os.ReadFile("../../docs/" + guide)
		if err != nil {
			t.Fatal(err)
		}
		found := command.FindAllStringSubmatch(string(text), -1)
		if len(found) < least {
			t.Errorf("%s: %d commands, want %d", guide, len(found), least)
		}
		for _, m := range found {
			var out bytes.Buffer
			p := process{stdout: &out, stderr: &out}
			root := p.root()
			args := strings.Fields(m[1])
			cmd, rest, err := root.Find(args)
			if err == nil {
				err = cmd.ParseFlags(rest)
			}
			if err != nil || cmd == root {
				t.Errorf("%s: prowatch %s: %v", guide, m[1], err)
			}
		}
	}
}
