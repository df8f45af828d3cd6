package main

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"prowatch/emulator"
	"prowatch/function/functiontest"
)

func TestMainWatchesALicence(t *testing.T) {
	e := emulator.New(nil)
	server := httptest.NewServer(e)
	defer server.Close()
	settings := functiontest.Settings(server.URL, emulator.DefaultSecretID, emulator.DefaultSecretKey, t.TempDir())
	isolate := func() {
		if err := e.SetEdition(emulator.DefaultSecretID, emulator.Edition{"BuyStatus": "Isolate"}); err != nil {
			t.Fatal(err)
		}
	}
	in := startMain(t, settings)
	functiontest.RunMain(t, in, nil, isolate)
	lines := 0
	for line := range strings.Lines(in.Process().Stderr()) {
		if strings.HasPrefix(line, "{") && strings.Contains(line, `"_aws":{`) && strings.Contains(line, `"Checked":1,`) {
			lines++
		}
	}
	if lines != 3 {
		t.Errorf("CloudWatch finds %d lines of three runs", lines)
	}
}

func TestMainEndsBeforeItsDeadline(t *testing.T) {
	functiontest.RunDeadline(t, slowAPI(t), func(settings map[string]string) functiontest.Instance {
		return startMain(t, settings)
	})
}

func TestMainAnswersAThousandMixedEventsAndLeaksNothing(t *testing.T) {
	server := httptest.NewServer(emulator.New(&emulator.Options{Rate: -1}))
	defer server.Close()
	settings := functiontest.FleetSettings(server.URL, emulator.DefaultSecretID, emulator.DefaultSecretKey, t.TempDir())
	functiontest.RunMainMixed(t, func(env ...string) functiontest.Instance {
		return functiontest.StartLambda(t, append(env, "PROWATCH_CONFIG="+settings["PROWATCH_CONFIG"])...)
	}, nil)
}

func startMain(t *testing.T, settings map[string]string) functiontest.Instance {
	env := []string{functiontest.MainEnv + "=1"}
	for name, value := range settings {
		env = append(env, name+"="+value)
	}
	return functiontest.StartLambda(t, env...)
}

// slowAPI is the emulator as functiontest steers it.
func slowAPI(t *testing.T) *functiontest.API {
	e := emulator.New(&emulator.Options{Rate: -1})
	server := httptest.NewServer(e)
	t.Cleanup(server.Close)
	return &functiontest.API{
		URL: server.URL,
		Add: func(id string) error { return e.SetAccount(id, functiontest.SecretKey, "") },
		Delay: func(id string, d time.Duration) error {
			if d == 0 {
				return e.SetFaults(id)
			}
			return e.SetFaults(id, emulator.Fault{Delay: d, Times: emulator.Forever})
		},
		Asked: func() (ids []string) {
			for _, x := range e.Requests() {
				ids = append(ids, x.Signing.SecretID)
			}
			e.ForgetRequests()
			return ids
		},
	}
}

func TestMainSaysWhichBuildItIs(t *testing.T) {
	settings := functiontest.Settings(slowAPI(t).URL, emulator.DefaultSecretID, emulator.DefaultSecretKey, t.TempDir())
	functiontest.RunVersion(t, func(env map[string]string) functiontest.Instance { return startMain(t, env) }, settings)
}
