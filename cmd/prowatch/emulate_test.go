package main

import (
	"bufio"
	"bytes"
	"net"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

func TestEmulateSaysWhenItIsReadyAndAnswers(t *testing.T) {
	m := newMachine(t)
	cmd := exec.CommandContext(t.Context(), m.binary, "emulate", "--listen", "127.0.0.1:0", "--account", "AKIDmine:my-key")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }()
	line, err := bufio.NewReader(out).ReadString('\n')
	url := regexp.MustCompile(`http://127\.0\.0\.1:\d+`).FindString(line)
	if err != nil || url == "" {
		t.Fatalf("emulate said %q, %v; want its URL", line, err)
	}
	describe := exec.CommandContext(t.Context(), m.binary, "describe")
	describe.Env = append(m.env, "PROWATCH_SECRET_ID=AKIDmine", "PROWATCH_SECRET_KEY=my-key", "PROWATCH_ENDPOINT="+url)
	if got, err := describe.CombinedOutput(); err != nil || !strings.Contains(string(got), `"BuyStatus": "Normal"`) {
		t.Errorf("describe: %v: %s", err, got)
	}
}

func TestEmulateSaysThatItsPortIsInUse(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	var stderr bytes.Buffer
	p := process{args: []string{"emulate", "--listen", l.Addr().String()}, stdout: new(bytes.Buffer), stderr: &stderr,
		lookupEnv: func(string) (string, bool) { return "", false }}
	if code := p.run(t.Context()); code != exitFailed || !strings.Contains(stderr.String(), "is in use") || strings.Count(stderr.String(), "\n") != 1 {
		t.Errorf("exit code %d, %q; want 3 and a line that says the port is in use", code, stderr.String())
	}
}
