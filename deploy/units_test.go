// Package deploy_test holds the files of this folder against what reads them:
// systemd's own tools, the compiler, and a folder that is all that a container has.
//
// A tool that is missing skips its tests and says so; with PROWATCH_CI set it
// fails them.
package deploy_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
)

var units = []string{"prowatch.service", "prowatch-check.service", "prowatch-check.timer", "prowatch.socket"}

// tool finds a program.
func tool(t *testing.T, name, install string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		missing(t, name+" in the PATH: "+install)
	}
	return path
}

// missing ends the test for want of something.
func missing(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("PROWATCH_CI") != "" {
		t.Fatal("this needs " + what)
	}
	t.Skip("this needs " + what)
}

func read(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// run runs a tool, which must succeed, and returns what it printed.
func run(t *testing.T, path string, args ...string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), path, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s", filepath.Base(path), args, err, out)
	}
	return string(out)
}

func TestSystemdHasNothingToSayAboutTheUnits(t *testing.T) {
	analyze := tool(t, "systemd-analyze", "apt-get install systemd")
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	var files []string
	for _, name := range units {
		text := strings.ReplaceAll(read(t, name), "/usr/local/bin/prowatch", exe) // verify wants it to be there
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	for line := range strings.Lines(run(t, analyze, append([]string{"verify"}, files...)...)) {
		if strings.Contains(line, dir) || strings.HasPrefix(line, "prowatch") {
			t.Errorf("%s", line)
		}
	}
}

// The exposure goes from 0 to 100; a service without a sandbox has 96. What is
// left is the network, and a clock device that ProtectClock names.
func TestTheServicesAreSandboxed(t *testing.T) {
	analyze := tool(t, "systemd-analyze", "apt-get install systemd")
	for _, name := range units[:2] {
		run(t, analyze, "security", "--no-pager", "--offline=true", "--threshold=15", name)
	}
	box := func(name string) string {
		_, rest, _ := strings.Cut(read(t, name), "# The sandbox:")
		text, _, _ := strings.Cut(rest, "\n\n")
		return strings.TrimSpace(text)
	}
	if a, b := box(units[0]), box(units[1]); a != b || a == "" {
		t.Errorf("the sandboxes differ:\n%s\n\n%s", a, b)
	}
}

func TestTheTimerIsOffTheFullAndTheHalfHour(t *testing.T) {
	analyze := tool(t, "systemd-analyze", "apt-get install systemd")
	calendar := regexp.MustCompile(`(?m)^OnCalendar=(.*)$`).FindStringSubmatch(read(t, "prowatch-check.timer"))
	if out := run(t, analyze, "calendar", calendar[1]); !regexp.MustCompile(`Next elapse: .*:17:00 `).MatchString(out) {
		t.Errorf("%s: %s", calendar[1], out)
	}
}

// TestTheSandboxForbidsNoSystemCallOfACheck traces a serve from its start over a
// check and a reload to its end.
func TestTheSandboxForbidsNoSystemCallOfACheck(t *testing.T) {
	analyze := tool(t, "systemd-analyze", "apt-get install systemd")
	strace := tool(t, "strace", "apt-get install strace")
	if out, err := exec.Command(strace, "-o", os.DevNull, "true").CombinedOutput(); err != nil {
		missing(t, "a machine that lets strace trace: "+string(out))
	}
	trace := filepath.Join(t.TempDir(), "trace")
	s := serve(t, exec.Command(strace, "-f", "-I2", "-o", trace, container(t), "serve"), t.TempDir())
	s.checked(t)
	child := strings.TrimSpace(read(t, "/proc/"+pid(s.cmd)+"/task/"+pid(s.cmd)+"/children"))
	run(t, "/bin/kill", "-HUP", child)
	s.logs(t, `"message":"reloaded"`)
	run(t, "/bin/kill", "-TERM", child)
	if err := s.cmd.Wait(); err != nil {
		t.Errorf("it ended with %v: %s", err, s.text())
	}
	allowed := allowedCalls(t, run(t, analyze, "--no-pager", "syscall-filter"))
	made := regexp.MustCompile(`(?m)^\d+ +([a-z0-9_]+)\(`).FindAllStringSubmatch(read(t, trace), -1)
	if len(made) < 100 {
		t.Fatalf("%d system calls were traced", len(made))
	}
	for _, m := range made {
		if !allowed[m[1]] {
			t.Errorf("the sandbox forbids %s", m[1])
			allowed[m[1]] = true
		}
	}
}

// allowedCalls reads the groups that systemd knows, and returns those of the
// unit's SystemCallFilter lines.
func allowedCalls(t *testing.T, groups string) map[string]bool {
	t.Helper()
	members := map[string][]string{}
	var group string
	for line := range strings.Lines(groups) {
		word := strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "@"):
			group = word
		case strings.HasPrefix(line, "    ") && !strings.HasPrefix(word, "#"):
			members[group] = append(members[group], word)
		}
	}
	calls := map[string]bool{}
	var set func(name string, allow bool)
	set = func(name string, allow bool) {
		if !strings.HasPrefix(name, "@") {
			calls[name] = allow
		}
		for _, m := range members[name] {
			set(m, allow)
		}
	}
	set("@default", true)
	for _, m := range regexp.MustCompile(`(?m)^SystemCallFilter=(~?)(.*)$`).FindAllStringSubmatch(read(t, units[0]), -1) {
		for _, name := range strings.Fields(m[2]) {
			if len(members[name]) == 0 {
				t.Fatalf("systemd knows no group %s", name)
			}
			set(name, m[1] == "")
		}
	}
	set("@default", true)
	return calls
}

// The program ends within 25 seconds; whoever kills must wait for longer.
func TestNobodyKillsBeforeTheEnd(t *testing.T) {
	for name, pattern := range map[string]string{
		"prowatch.service":          `(?m)^TimeoutStopSec=(30|40)$`,
		"kubernetes.yaml":           `(?m)^ *terminationGracePeriodSeconds: 30\b`,
		"../docs/deploy-machine.md": `--stop-timeout 30 `,
	} {
		if !regexp.MustCompile(pattern).MatchString(read(t, name)) {
			t.Errorf("%s lacks %s", name, pattern)
		}
	}
}

func TestEveryCredentialOfTheUnitsIsOneOfTheGuides(t *testing.T) {
	guide := read(t, "../docs/deploy-machine.md")
	for _, name := range units[:2] {
		for _, m := range regexp.MustCompile(`(?m)^LoadCredential=(\w+):(\S+)$`).FindAllStringSubmatch(read(t, name), -1) {
			if m[2] != "/etc/prowatch/secrets/"+m[1] || !strings.Contains(guide, m[1]) {
				t.Errorf("%s: the credential %s is of %s, and the guide must name it", name, m[1], m[2])
			}
		}
	}
}

func linuxOnly(t *testing.T) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("this needs Linux")
	}
}

// lines are the instructions of the Containerfile, comments left out.
func instructions(t *testing.T) []string {
	t.Helper()
	var list []string
	for line := range strings.Lines(read(t, "Containerfile")) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			list = append(list, line)
		}
	}
	return list
}
