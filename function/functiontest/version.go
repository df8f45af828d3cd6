package functiontest

import (
	"fmt"
	"strings"
	"testing"
)

// Version is what TestMain sets in the place of the build, where it serves main.
const Version = "v0.0.0-test"

// token opens the HTTP API in [RunVersion].
const token = "canary-0123456789"

// RunVersion asks main, in a function started with [MainEnv] and [Version], what
// the figures and the page say of its build. env is what main needs.
func RunVersion(t *testing.T, start func(env map[string]string) Instance, env map[string]string) {
	env["PROWATCH_HTTP_TOKEN"] = token
	in := start(env)
	for path, want := range map[string]string{"/metrics": `version=\"` + Version + `\"`, "/": "prowatch " + Version} {
		ask := invocation(fmt.Sprintf(`{"rawPath":%q,"headers":{"authorization":"Bearer %s"},"requestContext":{"http":{"method":"GET"}}}`, path, token))
		ask.Env = env
		if got := in.Invoke(t, ask); !strings.Contains(got.Payload, want) {
			t.Errorf("GET %s: got %+v, want %s", path, got, want)
		}
	}
}
