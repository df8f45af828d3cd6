package main

import (
	"maps"
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
	functiontest.RunMain(t, functiontest.StartSCF(t, functiontest.MainEnv+"=1"), settings, isolate)
}

// TestMainUsesTheRolesCredentialsOfEachInvocation gives no key in the settings:
// SCF's execution role has one, and another one later.
func TestMainUsesTheRolesCredentialsOfEachInvocation(t *testing.T) {
	e := emulator.New(nil)
	server := httptest.NewServer(e)
	defer server.Close()
	settings := functiontest.Settings(server.URL, "", "", t.TempDir())
	delete(settings, "PROWATCH_SECRET_ID")
	delete(settings, "PROWATCH_SECRET_KEY")
	in := functiontest.StartSCF(t, functiontest.MainEnv+"=1")
	for _, role := range []string{"AKIDroleone", "AKIDroletwo"} {
		if err := e.SetAccount(role, "key-"+role, "token-"+role); err != nil {
			t.Fatal(err)
		}
		call := functiontest.Call("x")
		call.Event = `{"action":"check"}`
		call.Env = maps.Clone(settings)
		call.Env["TENCENTCLOUD_SECRETID"], call.Env["TENCENTCLOUD_SECRETKEY"], call.Env["TENCENTCLOUD_SESSIONTOKEN"] = role, "key-"+role, "token-"+role
		got := in.Invoke(t, call)
		if !strings.Contains(got.Payload, `"checked":1,"failed":0`) {
			t.Errorf("with the role %s got %+v", role, got)
		}
	}
	asked := map[string]bool{}
	for _, x := range e.Requests() {
		asked[x.Signing.SecretID] = x.Signing.Verified
	}
	if !asked["AKIDroleone"] || !asked["AKIDroletwo"] {
		t.Errorf("the API was asked by %v, want both roles", asked)
	}
}

func TestMainEndsBeforeItsDeadline(t *testing.T) {
	functiontest.RunDeadline(t, slowAPI(t), func(map[string]string) functiontest.Instance {
		return functiontest.StartSCF(t, functiontest.MainEnv+"=1")
	})
}

func TestMainAnswersAThousandMixedEventsAndLeaksNothing(t *testing.T) {
	server := httptest.NewServer(emulator.New(&emulator.Options{Rate: -1}))
	defer server.Close()
	settings := functiontest.FleetSettings(server.URL, emulator.DefaultSecretID, emulator.DefaultSecretKey, t.TempDir())
	functiontest.RunMainMixed(t, func(env ...string) functiontest.Instance {
		return functiontest.StartSCF(t, env...)
	}, settings)
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
	settings := functiontest.Settings("http://127.0.0.1:1", emulator.DefaultSecretID, emulator.DefaultSecretKey, t.TempDir())
	functiontest.RunVersion(t, func(map[string]string) functiontest.Instance {
		return functiontest.StartSCF(t, functiontest.MainEnv+"=1")
	}, settings)
}
