package conformance

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"prowatch/emulator"
)

// The command line is prowatch against the emulator, and the vendor's tool
// against the cloud. That one is stood in for by one that tells its words.
func TestTheCopiedCommandLineRuns(t *testing.T) {
	_, c := emulator.Start(t, &emulator.Options{
		Accounts: map[string]string{"AKIDtmp": "tmp$key'"}, Tokens: map[string]string{"AKIDtmp": "tok+en/=&"}, Rate: -1,
	})
	tools := t.TempDir()
	if out, err := command(t, nil, need(t, "go"), "build", "-o", filepath.Join(tools, "prowatch"), "prowatch/cmd/prowatch").CombinedOutput(); err != nil {
		t.Fatalf("building prowatch: %v\n%s", err, out)
	}
	if err := os.WriteFile(filepath.Join(tools, "tccli"), []byte("#!/bin/sh\nprintf '[%s]' \"$@\"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	env := []string{
		"TENCENTCLOUD_SECRET_ID=AKIDtmp", "TENCENTCLOUD_SECRET_KEY=tmp$key'", "TENCENTCLOUD_TOKEN=tok+en/=&",
		"PATH=" + tools + string(os.PathListSeparator) + os.Getenv("PATH"),
	}
	page := explorer(t, c.URL, url.Values{"account": {"AKIDtmp"}})
	out, err := run(t, need(t, "sh"), "main.sh", nil, copied(t, page, "shell"), env)
	answer, words, ok := strings.Cut(out, "[")
	if err != nil || !ok || answer == "" || response(t, answer)["BuyStatus"] != "Normal" || !strings.HasPrefix(words, "tcss][DescribeProVersionInfo][--version][2020-11-01]") {
		t.Errorf("%v\n%s", err, out)
	}
	page = explorer(t, c.URL, url.Values{"action": {"AssumeRole"}, "parameters": {hard}, "region": {"ap-singapore"}})
	out, err = run(t, need(t, "sh"), "main.sh", nil, copied(t, page, "shell"), env)
	for _, want := range []string{"[sts][AssumeRole]", "[--region][ap-singapore]", "[--RoleSessionName][a+b=c,d]", `[--Tags][[{"Key":"it's \"$HOME\" \\ %41"`} {
		if err != nil || !strings.Contains(out, want) {
			t.Errorf("%v, want %s in\n%s", err, want, out)
		}
	}
}
