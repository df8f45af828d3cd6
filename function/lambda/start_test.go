package main

import (
	"context"
	"os"
	"strings"
	"testing"

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

// runWith returns a run whose report has functiontest.Counts.
func runWith(setting string) handlers.Run {
	return func(ctx context.Context, accounts []string) (*watch.Report, error) {
		if err := functiontest.Act(ctx, accounts, setting, os.Getenv(functiontest.CredentialEnv), os.Getpid()); err != nil {
			return nil, err
		}
		return &watch.Report{Pending: 2, Accounts: []watch.AccountReport{
			{Account: "good"},
			{Account: "denied", Failure: &watch.Failure{Class: watch.Denied}},
			{Account: "late", Skipped: true},
		}}, nil
	}
}

const setting = functiontest.SettingEnv + "=dynamodb:prowatch"

func TestLambda(t *testing.T) {
	functiontest.Run(t, func(t *testing.T) functiontest.Instance {
		return functiontest.StartLambda(t, setting)
	})
}

// TestSCFsPortIsNotTaken bites without the build tag lambda.norpc, as tests are
// built.
func TestSCFsPortIsNotTaken(t *testing.T) {
	api := functiontest.StartLambda(t, setting, "_LAMBDA_SERVER_PORT=0")
	if got := api.Invoke(t, functiontest.Call("good")); got.Payload != functiontest.Counts {
		t.Errorf("got %+v, want %s", got, functiontest.Counts)
	}
}

func TestOutsideOfLambdaItNamesProwatch(t *testing.T) {
	for _, env := range [][]string{{setting}, {setting, "_LAMBDA_SERVER_PORT=0"}} {
		p := functiontest.Start(t, env...)
		code, said := p.Exit(t), p.Stderr()
		if code != 64 || strings.Count(said, "\n") != 1 || !strings.Contains(said, `run "prowatch check"`) {
			t.Errorf("with %q got exit %d and %q, want 64 and a line that names prowatch", env, code, said)
		}
	}
}
