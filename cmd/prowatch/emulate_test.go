package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"prowatch/emulator"
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

// TestWhatHappenedIsAScenario checks a life against the emulator, takes what it
// recorded as a scenario file, and plays that.
func TestWhatHappenedIsAScenario(t *testing.T) {
	m := newMachine(t)
	for _, e := range []emulator.Edition{{"BuyStatus": "Normal", "EndTime": "2037-01-01 00:00:00"}, {"BuyStatus": "Isolate"}} {
		if err := m.api.SetEdition(emulator.DefaultSecretID, e); err != nil {
			t.Fatal(err)
		}
		_ = m.check(t).Run() // the second finds a critical problem
	}
	var b bytes.Buffer
	if err := m.api.WriteScenario(&b, emulator.DefaultSecretID); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "life.yaml")
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := exec.CommandContext(t.Context(), m.binary, "simulate", file).CombinedOutput()
	if err != nil || !strings.Contains(string(got), "baseline.recorded") || !strings.Contains(string(got), "Normal → Isolate") {
		t.Errorf("simulate: %v: %s\nof %s", err, got, b.String())
	}
}

// TestTheStateOfTheEmulatorSurvivesIt saves at the end and loads at the start.
func TestTheStateOfTheEmulatorSurvivesIt(t *testing.T) {
	file := filepath.Join(t.TempDir(), "emulator.json")
	for _, do := range []func(url string){
		func(url string) {
			req, err := http.NewRequest(http.MethodPut, url+"/_emulator/accounts/"+emulator.DefaultSecretID+"/edition", strings.NewReader(`{"BuyStatus":"Isolate"}`))
			if err != nil {
				t.Fatal(err)
			}
			resp, err := http.DefaultClient.Do(req)
			if err != nil || resp.StatusCode != http.StatusOK {
				t.Fatalf("%+v, %v", resp, err)
			}
			resp.Body.Close()
		},
		func(url string) {
			if got := get(t, url+"/_emulator/accounts/"+emulator.DefaultSecretID+"/edition"); !strings.Contains(got, `"Isolate"`) {
				t.Errorf("after a restart the edition is %s", got)
			}
		},
	} {
		ctx, stop := context.WithCancel(t.Context())
		out, in := io.Pipe()
		p := process{args: []string{"emulate", "--listen", "127.0.0.1:0", "--state", file}, stdout: in, stderr: io.Discard,
			lookupEnv: func(string) (string, bool) { return "", false }}
		code := make(chan int)
		go func() { code <- p.run(ctx) }()
		line, err := bufio.NewReader(out).ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		do(regexp.MustCompile(`http://127\.0\.0\.1:\d+`).FindString(line))
		stop()
		if got := <-code; got != exitOK {
			t.Errorf("exit code %d, want 0", got)
		}
	}
}
