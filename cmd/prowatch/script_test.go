package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"prowatch/emulator"
	"prowatch/notify/sink"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"prowatch": main})
}

// TestScripts runs the scripts in testdata/script, which read as the manual.
// Each has an emulator of its own at $API, a chat that takes CloudEvents signed
// with $SECRET at $HOOK, a WeCom group at $WECOM, and a free address, $LISTEN.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:   "testdata/script",
		Setup: setup,
		Cmds:  map[string]func(ts *testscript.TestScript, neg bool, args []string){"api": api, "told": told, "refuse": refuse, "exitcode": exitcode, "empty": empty, "await": await},
	})
}

const hookSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

// stage is what a script plays on.
type stage struct {
	api  string
	hook *sink.Sink
}

func setup(env *testscript.Env) error {
	e := emulator.New(&emulator.Options{Rate: -1})
	s := &stage{hook: sink.NewWebhook(hookSecret, nil)}
	wecom := sink.NewWeCom("k", nil)
	for name, h := range map[string]http.Handler{"API": e, "HOOK": s.hook, "WECOM": wecom} {
		srv := httptest.NewServer(h)
		env.Defer(srv.Close)
		env.Setenv(name, srv.URL)
		if name == "API" {
			s.api = srv.URL
		}
	}
	env.Setenv("ID", emulator.DefaultSecretID)
	env.Setenv("KEY", emulator.DefaultSecretKey)
	env.Setenv("SECRET", hookSecret)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	defer l.Close()
	env.Setenv("LISTEN", l.Addr().String())
	env.Values[stage{}] = s
	return nil
}

// api changes the emulator: "api METHOD PATH [BODY]", below /_emulator/.
func api(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: api METHOD PATH [BODY]")
	}
	s := ts.Value(stage{}).(*stage)
	path := strings.ReplaceAll(args[1], "ACCOUNT", "accounts/"+emulator.DefaultSecretID)
	req, err := http.NewRequest(args[0], s.api+"/_emulator/"+path, strings.NewReader(strings.Join(args[2:], " ")))
	ts.Check(err)
	resp, err := http.DefaultClient.Do(req)
	ts.Check(err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	ts.Check(err)
	if resp.StatusCode/100 != 2 {
		ts.Fatalf("%s: %s", resp.Status, body)
	}
}

// told compares the types of the notices that arrived at $HOOK, each followed
// by its severity, with its arguments.
func told(ts *testscript.TestScript, neg bool, args []string) {
	s := ts.Value(stage{}).(*stage)
	var got []string
	for _, m := range s.hook.Messages() {
		var event struct {
			Type string
			Data struct{ Severity string }
		}
		ts.Check(json.NewDecoder(bytes.NewReader(m.Body)).Decode(&event))
		got = append(got, strings.TrimPrefix(event.Type, "prowatch."), event.Data.Severity)
	}
	if same := strings.Join(got, " ") == strings.Join(args, " "); same == neg {
		ts.Fatalf("told %v, want %v", got, args)
	}
}

// refuse lets the next requests at $HOOK fail: "refuse TIMES STATUS".
func refuse(ts *testscript.TestScript, _ bool, args []string) {
	var f sink.Fault
	if len(args) != 2 {
		ts.Fatalf("usage: refuse TIMES STATUS")
	}
	_, err := fmt.Sscan(strings.Join(args, " "), &f.Times, &f.Status)
	ts.Check(err)
	ts.Value(stage{}).(*stage).hook.Fail(f)
}

// exitcode runs a command and compares its exit code: "exitcode N prowatch …".
func exitcode(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: exitcode N COMMAND [ARG…]")
	}
	err := ts.Exec(args[1], args[2:]...)
	var exit *exec.ExitError
	got := 0
	if errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if fmt.Sprint(got) != args[0] {
		ts.Fatalf("exit code %d, want %s", got, args[0])
	}
}

// await runs a command again and again until it prints what matches: "await
// PATTERN COMMAND [ARG…]".
func await(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: await PATTERN COMMAND [ARG…]")
	}
	want, err := regexp.Compile("(?m)" + args[0])
	ts.Check(err)
	deadline := time.Now().Add(time.Minute)
	for {
		err := ts.Exec(args[1], args[2:]...)
		if out := ts.ReadFile("stdout"); want.MatchString(out) {
			return
		} else if time.Now().After(deadline) {
			ts.Fatalf("%v printed %q, %v; want what matches %q", args[1:], out, err, args[0])
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// empty checks that a folder holds nothing.
func empty(ts *testscript.TestScript, neg bool, args []string) {
	entries, err := os.ReadDir(ts.MkAbs(args[0]))
	ts.Check(err)
	if (len(entries) > 0) != neg {
		ts.Fatalf("%s holds %v", args[0], entries)
	}
}

func TestHelpNamesEveryVerb(t *testing.T) {
	var out bytes.Buffer
	p := process{stdout: &out, stderr: io.Discard, lookupEnv: os.LookupEnv, executable: os.Executable}
	for _, v := range p.verbs() {
		out.Reset()
		p.args = []string{"help", v.Name()}
		if code := p.run(t.Context()); code != exitOK || !strings.Contains(out.String(), v.Long) {
			t.Errorf("help %s: exit code %d, %q", v.Name(), code, out.String())
		}
	}
}
