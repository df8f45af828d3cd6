package app

import (
	"os"
	"strings"
	"testing"
)

// TestTheConfigurationsOfTheGuideToAccountsAreRight reads each YAML of the guide,
// and makes its parts.
func TestTheConfigurationsOfTheGuideToAccountsAreRight(t *testing.T) {
	text, err := os.ReadFile("../docs/accounts.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := fence.FindAllStringSubmatch(strings.ReplaceAll(string(text), "\r\n", "\n"), -1)
	if len(blocks) < 6 {
		t.Fatalf("the guide has %d configurations", len(blocks))
	}
	for _, b := range blocks {
		o := Options{
			LookupEnv: func(name string) (string, bool) {
				if name == "PROWATCH_CONFIG" {
					return b[1] + "channels: {out: {type: stdout}}\nstate: file:./state\n", true
				}
				return "x", strings.HasSuffix(name, "_ID") || strings.HasSuffix(name, "_KEY")
			},
			ReadFile: func(string) ([]byte, error) { return []byte("x"), nil }, Stdout: new(strings.Builder),
		}
		s, err := Settings(t.Context(), o)
		if err != nil {
			t.Errorf("%v in\n%s", err, b[1])
			continue
		}
		for _, err := range Faults(s, o) {
			t.Errorf("%v in\n%s", err, b[1])
		}
	}
}
