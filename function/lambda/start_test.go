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
	if got := api.Invoke(t, functiontest.Call("good")); !strings.Contains(got.Payload, `"checked":1,`) {
		t.Errorf("got %+v, want one account checked", got)
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
