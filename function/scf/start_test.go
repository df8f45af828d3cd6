package main

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"prowatch/function/functiontest"
	"prowatch/handlers"
	"prowatch/watch"
)

func TestMain(m *testing.M) {
	if os.Getenv(functiontest.MainEnv) != "" {
		version = functiontest.Version
		if err := functiontest.ServeFigures(os.Getenv(functiontest.FiguresEnv)); err != nil {
			panic(err)
		}
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
		return functiontest.StartSCF(t, functiontest.SettingEnv+"=cos://prowatch")
	})
}

// TestTheEnvironmentIsTheInvocations sets nothing when the process starts, as
// SCF does.
func TestTheEnvironmentIsTheInvocations(t *testing.T) {
	s := functiontest.StartSCF(t)
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
	s := functiontest.StartSCF(t, functiontest.SettingEnv+"=cos://prowatch")
	call := functiontest.Call(functiontest.Tell)
	call.Deadline = time.Time{}
	began := time.Now()
	_, told, _ := strings.Cut(s.Invoke(t, call).ErrorMessage, ", deadline ")
	told, rest, _ := strings.Cut(told, ",")
	deadline, err := time.Parse(time.RFC3339Nano, told)
	if err != nil || !strings.HasPrefix(rest, " ctx <nil>") {
		t.Fatalf("got deadline %q,%s, want one to come (%v)", told, rest, err)
	}
	if left := deadline.Sub(began); left < functiontest.TimeLimit-time.Second || left > functiontest.TimeLimit+10*time.Second {
		t.Errorf("got %v left, want %v, less a moment for the answer", left, functiontest.TimeLimit)
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
