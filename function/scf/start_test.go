package main

import (
	"context"
	"encoding/json"
	"net"
	"net/rpc"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tencentyun/scf-go-lib/cloudfunction/messages"

	"prowatch/function/functiontest"
	"prowatch/handlers"
	"prowatch/watch"
)

func TestMain(m *testing.M) {
	if os.Getenv(functiontest.MainEnv) != "" {
		main()
	}
	if os.Getenv(functiontest.ChildEnv) != "" {
		in := functiontest.Function(os.Getenv, handlers.NewLogger(os.Stderr), runWith)
		os.Exit(start(in, os.Getenv, os.Stderr))
	}
	os.Exit(m.Run())
}

// runWith returns a run whose report has functiontest.Counts where no account is
// named; of an account that is, the name says how it fares.
func runWith(setting string) handlers.Run {
	return func(ctx context.Context, accounts []string) (*watch.Report, error) {
		if err := functiontest.Act(ctx, accounts, setting, os.Getenv(functiontest.CredentialEnv), os.Getpid()); err != nil {
			return nil, err
		}
		report := &watch.Report{Pending: 2}
		if accounts == nil {
			accounts = []string{"good", "denied", "late"}
		}
		for _, id := range accounts {
			a := watch.AccountReport{Account: id, Skipped: id == "late"}
			if id == "denied" {
				a.Failure = &watch.Failure{Class: watch.Denied}
			}
			report.Accounts = append(report.Accounts, a)
		}
		return report, nil
	}
}

func TestSCF(t *testing.T) {
	functiontest.Run(t, func(t *testing.T) functiontest.Instance {
		return startSCF(t, functiontest.SettingEnv+"=cos://prowatch")
	})
}

// TestTheEnvironmentIsTheInvocations sets nothing when the process starts, as
// SCF does.
func TestTheEnvironmentIsTheInvocations(t *testing.T) {
	s := startSCF(t)
	call := functiontest.Call(functiontest.Tell)
	if got := s.Invoke(t, call); got.ErrorType != "SetupError" || got.ErrorMessage != "setting up: state is not set" {
		t.Fatalf("got %+v without a setting, want a SetupError", got)
	}
	for _, credential := range []string{"AKIDfirst", "AKIDsecond"} {
		call.Env = map[string]string{functiontest.SettingEnv: "cos://prowatch", functiontest.CredentialEnv: credential}
		want := "running: setting cos://prowatch, credential " + credential + ","
		if got := s.Invoke(t, call).ErrorMessage; !strings.HasPrefix(got, want) {
			t.Errorf("got %s\nwant %s…", got, want)
		}
	}
}

func TestADeadlineThatWasNotNamedIsTheTimeLimit(t *testing.T) {
	s := startSCF(t, functiontest.SettingEnv+"=cos://prowatch")
	call := functiontest.Call(functiontest.Tell)
	call.Deadline = time.Time{}
	began := time.Now()
	_, told, _ := strings.Cut(s.Invoke(t, call).ErrorMessage, ", deadline ")
	told, rest, _ := strings.Cut(told, ",")
	deadline, err := time.Parse(time.RFC3339Nano, told)
	if err != nil || !strings.HasPrefix(rest, " ctx <nil>") {
		t.Fatalf("got deadline %q,%s, want one to come (%v)", told, rest, err)
	}
	if left := deadline.Sub(began); left < timeLimit-time.Second || left > timeLimit+10*time.Second {
		t.Errorf("got %v left, want %v, less a moment for the answer", left, timeLimit)
	}
}

func TestOutsideOfSCFItNamesProwatch(t *testing.T) {
	for _, env := range []string{"A=b", "AWS_LAMBDA_RUNTIME_API=127.0.0.1:9"} {
		p := functiontest.Start(t, env)
		code, said := p.Exit(t), p.Stderr()
		if code != 64 || strings.Count(said, "\n") != 1 || !strings.Contains(said, `run "prowatch check"`) {
			t.Errorf("with %s got exit %d and %q, want 64 and a line that names prowatch", env, code, said)
		}
	}
}

// timeLimit is what an invocation says of the function.
const timeLimit = 15 * time.Minute

// scf is SCF's side of the talk.
type scf struct {
	process *functiontest.Process
	client  *rpc.Client
}

func startSCF(t *testing.T, env ...string) *scf {
	t.Helper()
	port := strconv.Itoa(freePort(t))
	s := &scf{process: functiontest.Start(t, append(env, "_LAMBDA_SERVER_PORT="+port)...)}
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		client, err := rpc.Dial("tcp", "127.0.0.1:"+port)
		if err == nil {
			t.Cleanup(func() { client.Close() })
			s.client = client
			return s
		}
	}
	t.Fatal("the function does not listen")
	return nil
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

func (s *scf) Process() *functiontest.Process { return s.process }

func (s *scf) Invoke(t *testing.T, in functiontest.Invocation) functiontest.Answer {
	t.Helper()
	req := &messages.InvokeRequest{
		Payload:       []byte(in.Event),
		RequestId:     in.RequestID,
		TimeLimitInMs: int32(timeLimit.Milliseconds()),
	}
	if !in.Deadline.IsZero() {
		req.Deadline = messages.InvokeRequest_Timestamp{Seconds: in.Deadline.Unix(), Nanos: int64(in.Deadline.Nanosecond())}
	}
	if in.Env != nil {
		env, err := json.Marshal(in.Env)
		if err != nil {
			t.Fatal(err)
		}
		req.Environment = string(env)
	}
	var reply messages.InvokeResponse
	call := s.client.Go("Function.Invoke", req, &reply, nil)
	select {
	case <-call.Done:
	case <-time.After(10 * time.Second):
		t.Fatal("the function gave no answer")
	}
	if call.Error != nil {
		t.Fatal(call.Error)
	}
	a := functiontest.Answer{Payload: string(reply.Payload)}
	if e := reply.Error; e != nil {
		a.ErrorType, a.ErrorMessage = e.Type, e.Message
	}
	return a
}
