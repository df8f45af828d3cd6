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
	flags := []string{"--listen", "127.0.0.1:0", "--state", filepath.Join(t.TempDir(), "emulator.json")}
	const edition = "/_emulator/accounts/" + emulator.DefaultSecretID + "/edition"
	for _, do := range []func(url string){
		func(url string) { put(t, url+edition, `{"BuyStatus":"Isolate"}`) },
		func(url string) {
			if got := get(t, url+edition); !strings.Contains(got, `"Isolate"`) {
				t.Errorf("after a restart the edition is %s", got)
			}
		},
	} {
		if code, said := emulate(t, do, flags...); code != exitOK {
			t.Errorf("exit code %d, %q; want 0", code, said)
		}
	}
}

// emulate runs the verb until do has returned, and returns its exit code and
// what it wrote on stderr.
func emulate(t *testing.T, do func(url string), flags ...string) (int, string) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var stderr bytes.Buffer
	out, in := io.Pipe()
	p := process{args: append([]string{"emulate"}, flags...), stdout: in, stderr: &stderr,
		lookupEnv: func(string) (string, bool) { return "", false }}
	code := make(chan int, 1)
	go func() { code <- p.run(ctx); in.Close() }()
	line, _ := bufio.NewReader(out).ReadString('\n')
	if url := regexp.MustCompile(`http://127\.0\.0\.1:\d+`).FindString(line); url != "" {
		do(url)
	} else if line != "" {
		t.Errorf("emulate said %q, want a URL that opens", line)
	}
	stop()
	return <-code, stderr.String()
}

// put sends JSON to the admin API.
func put(t *testing.T, url, body string) {
	t.Helper()
	req, err := http.NewRequest(http.MethodPut, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("PUT %s: %s", url, resp.Status)
	}
}

// A state keeps no keys, so an account that was added while it ran is left out
// at the next start, said so, and kept in the file until its key is given.
func TestAnAccountWithoutItsKeyIsKeptInTheState(t *testing.T) {
	file := filepath.Join(t.TempDir(), "emulator.json")
	flags := []string{"--listen", "127.0.0.1:0", "--state", file}
	emulate(t, func(url string) {
		put(t, url+"/_emulator/accounts/new", `{"secret_key":"k"}`)
		put(t, url+"/_emulator/accounts/new/edition", `{"BuyStatus":"Isolate"}`)
	}, flags...)
	code, said := emulate(t, func(url string) {
		if got := get(t, url+"/_emulator/accounts"); strings.Contains(got, `"new"`) {
			t.Errorf("accounts = %s, want none without a key", got)
		}
	}, flags...)
	if code != exitOK || !strings.Contains(said, "--account new:KEY") {
		t.Errorf("exit code %d, %q; want 0 and a word on the key", code, said)
	}
	code, said = emulate(t, func(url string) {
		if got := get(t, url+"/_emulator/accounts/new/edition"); !strings.Contains(got, "Isolate") {
			t.Errorf("with its key: %s, want what was set", got)
		}
	}, append(flags, "--account", "new:k")...)
	if code != exitOK || !strings.Contains(said, emulator.DefaultSecretID) {
		t.Errorf("exit code %d, %q; want 0 and a word on the other account", code, said)
	}
}

func TestFlagsWinOverTheState(t *testing.T) {
	dir := t.TempDir()
	file, timeline := filepath.Join(dir, "emulator.json"), filepath.Join(dir, "timeline.json")
	const one, two = "qcs::cam::uin/1:roleName/one", "qcs::cam::uin/1:roleName/two"
	for name, text := range map[string]string{
		file: `{"format":1,"accounts":{"AKIDEMULATOR":{"edition":{"CoresCnt":7},"timeline":[{"at":"2020-01-01T00:00:00Z","edition":{"BuyStatus":"Pending"}}]}},
			"roles":{"` + one + `":{"account":"AKIDEMULATOR"},"` + two + `":{"account":"AKIDEMULATOR","external_id":"old"}}}`,
		timeline: `[{"at":"2020-01-01T00:00:00Z","edition":{"BuyStatus":"Isolate"}}]`,
	} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	code, said := emulate(t, func(url string) {
		edition := url + "/_emulator/accounts/AKIDEMULATOR/edition"
		if got := get(t, url+"/_emulator/roles"); !strings.Contains(got, one) || !strings.Contains(got, `"new"`) || strings.Contains(got, `"old"`) {
			t.Errorf("roles = %s, want the state's and the flag's over them", got)
		}
		start := get(t, edition)
		for _, want := range []string{`"Isolate"`, `"CoresCnt": 7`, `"ResourceId": "xx"`} {
			if !strings.Contains(start, want) {
				t.Errorf("edition = %s, want %s: the flag's timeline over the state over the example", start, want)
			}
		}
		put(t, edition, `{"BuyStatus":"Normal","CoresCnt":9}`)
		resp, err := http.Post(url+"/_emulator/reset", "", nil)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if got := get(t, edition); got != start {
			t.Errorf("after a reset: %s, want as at the start: %s", got, start)
		}
	}, "--listen", "0.0.0.0:0", "--state", file, "--timeline", timeline, "--role", two+"=AKIDEMULATOR,new")
	if code != exitOK || said != "" {
		t.Errorf("exit code %d, %q; want 0 and nothing said", code, said)
	}
}

func TestEmulateRefusesWhatItCannotMean(t *testing.T) {
	file := filepath.Join(t.TempDir(), "timeline.json")
	if err := os.WriteFile(file, []byte(`[{"at":"2020-01-01T00:00:00Z","edition":{"BuyStatus":"Isolate"},"until":1}]`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		flags   []string
		code    int
		mention string
	}{
		{[]string{"--account", "A:1", "--account", "A:2"}, exitUsage, "names A twice"},
		{[]string{"--timeline", file}, exitFailed, `"until"`},
	} {
		code, said := emulate(t, func(string) {}, append(tt.flags, "--listen", "127.0.0.1:0")...)
		if code != tt.code || !strings.Contains(said, tt.mention) {
			t.Errorf("%v: exit code %d, %q; want %d mentioning %s", tt.flags, code, said, tt.code, tt.mention)
		}
	}
}

func TestOptionsOfEverythingIsAnsweredByTheAPI(t *testing.T) {
	emulate(t, func(url string) {
		conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		_, _ = io.WriteString(conn, "OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
		if got, _ := io.ReadAll(conn); !strings.Contains(string(got), "UnsupportedProtocol") {
			t.Errorf("answer = %q, want the API's envelope", got)
		}
	}, "--listen", "127.0.0.1:0")
}
