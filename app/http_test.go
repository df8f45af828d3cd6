package app

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/zap"

	"prowatch/emulator"
	"prowatch/events"
	"prowatch/handlers"
)

// httpFunction returns a function of two accounts that has run once.
func httpFunction(t *testing.T, http string) handlers.Invoker {
	t.Helper()
	srv := httptest.NewServer(emulator.New(&emulator.Options{Rate: -1}))
	t.Cleanup(srv.Close)
	const account = "{id: %s, secret_id: AKIDEMULATOR, secret_key: emulator-secret, endpoint: \"%s\"}"
	document := fmt.Sprintf("accounts: ["+account+", "+account+"]\nchannels: {out: {type: stdout}}\nhttp: %s\n", "acme-prod", srv.URL, "other", srv.URL, http)
	f := Function(zap.NewNop(), Options{
		LookupEnv: func(name string) (string, bool) { return document, name == "PROWATCH_CONFIG" },
		ReadFile:  os.ReadFile, Stores: Stores{"file": File}, State: "file:" + t.TempDir(), Stdout: new(strings.Builder),
	})
	if _, err := f.Invoke(t.Context(), []byte(`{"action":"check"}`)); err != nil {
		t.Fatal(err)
	}
	return f
}

// reply is what a gateway gets for a request.
type reply struct {
	StatusCode        int
	Headers           map[string]any
	MultiValueHeaders map[string][]string
	Body              string
}

func (r *reply) header(name string) string {
	if v := r.MultiValueHeaders[name]; len(v) > 0 {
		return v[0]
	}
	text, _ := r.Headers[name].(string)
	return text
}

// ask invokes the function with the event, after change.
func ask(t *testing.T, f handlers.Invoker, event []byte, change func(map[string]any)) reply {
	t.Helper()
	var e map[string]any
	if err := json.Unmarshal(event, &e); err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(e)
	}
	event, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := f.Invoke(context.WithoutCancel(t.Context()), event)
	var r reply
	if err != nil || json.Unmarshal(answer, &r) != nil {
		t.Fatalf("got %s, %v", answer, err)
	}
	return r
}

// withToken adds a bearer token to an event.
func withToken(token string) func(map[string]any) {
	return func(e map[string]any) {
		if headers, ok := e["headers"].(map[string]any); ok {
			delete(headers, "authorization")
			headers["Authorization"] = "Bearer " + token
		}
		if headers, ok := e["multiValueHeaders"].(map[string]any); ok {
			headers["Authorization"] = []string{"Bearer " + token}
		}
	}
}

// TestTheSamplesOfRequestsAreAnsweredByTheAPI sends each sample without a token,
// with one, and to a function that has none configured.
func TestTheSamplesOfRequestsAreAnsweredByTheAPI(t *testing.T) {
	f := httpFunction(t, "{tokens: [{token: t0ken, scope: operate}]}")
	closed := httpFunction(t, "{}")
	want := map[string]struct {
		bare, with int
		body       string
	}{
		"scf-function-url":      {200, 200, `"status":"ok"`},
		"scf-function-url-post": {401, 400, `is no parameter of this path, which takes none`},
		"scf-api-gateway":       {200, 200, `"status":"ok"`},
		"scf-api-gateway-post":  {401, 400, `this takes no body`},
		"aws-rest-api":          {401, 200, `"id":"acme-prod"`},
		"aws-rest-api-post":     {401, 400, `is no parameter of this path, which takes account`},
		"aws-rest-api-domain":   {401, 200, `"id":"acme-prod"`},
		"aws-http-api":          {401, 200, `"id":"other"`},
		"aws-http-api-stage":    {401, 400, `\"all\" is no parameter of this path, which takes account, since, limit, cursor`},
		"aws-http-api-v1":       {200, 200, `"status":"ok"`},
		"aws-function-url":      {200, 200, `"status":"ok"`},
		"aws-function-url-post": {401, 400, `is no parameter of this path, which takes none`},
		"aws-alb":               {200, 200, `"status":"ok"`},
		"aws-alb-multi":         {401, 404, `no account \"acme test\" is configured`},
	}
	files, err := filepath.Glob("../events/samples/*.json")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, file := range files {
		event, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		decoded, _ := events.Decode(event)
		request, ok := decoded.(*events.Request)
		if !ok {
			continue
		}
		n++
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		bare, with, none := ask(t, f, event, nil), ask(t, f, event, withToken("t0ken")), ask(t, closed, event, withToken("t0ken"))
		if bare.StatusCode != want[name].bare || with.StatusCode != want[name].with || !strings.Contains(with.Body, want[name].body) {
			t.Errorf("%s: got %+v\nand with a token %+v", name, bare, with)
		}
		if open := request.Path == "/healthz"; open != (none.StatusCode == 200) || !open && none.StatusCode != 403 {
			t.Errorf("%s: got %+v where no token is configured", name, none)
		}
		if with.header("X-Content-Type-Options") != "nosniff" || with.header("X-Request-Id") == "" {
			t.Errorf("%s: got the headers %v %v", name, with.Headers, with.MultiValueHeaders)
		}
	}
	if n != len(want) {
		t.Errorf("got %d samples of requests, want %d", n, len(want))
	}
}

// TestThePageIsRightBehindEveryGateway looks at links below a stage and a base
// path, at HEAD, and at the way back from a form.
func TestThePageIsRightBehindEveryGateway(t *testing.T) {
	for _, tt := range []struct{ sample, http, path, key, link, post string }{
		{"aws-http-api-stage", "{tokens: [{token: t0ken, scope: operate}]}", "/dev/", "rawPath", "/dev", "/dev/actions/mute"},
		{"aws-function-url", "{tokens: [{token: t0ken, scope: operate}]}", "/", "rawPath", "", "/actions/mute"},
		{"scf-function-url", "{tokens: [{token: t0ken, scope: operate}]}", "/", "path", "", "/actions/mute"},
		{"scf-api-gateway", "{tokens: [{token: t0ken, scope: operate}]}", "/prowatch/", "path", "/release/prowatch", "/prowatch/actions/mute"},
		{"aws-alb", "{public_url: 'https://lb.example.com/watch', tokens: [{token: t0ken, scope: operate}]}", "/watch/", "path", "/watch", "/watch/actions/mute"},
	} {
		f := httpFunction(t, tt.http)
		event, err := os.ReadFile("../events/samples/" + tt.sample + ".json")
		if err != nil {
			t.Fatal(err)
		}
		to := func(method, path, body string) func(map[string]any) {
			return func(e map[string]any) {
				withToken("t0ken")(e)
				e[tt.key], e["body"] = path, body
				e["routeKey"] = "$default" // of version 2: the route of every path
				delete(e, "rawQueryString")
				delete(e, "queryString")
				e["headers"].(map[string]any)["content-type"] = "application/x-www-form-urlencoded"
				if _, ok := e["httpMethod"]; ok {
					e["httpMethod"] = method
					return
				}
				context := e["requestContext"].(map[string]any)
				context["http"].(map[string]any)["method"] = method
			}
		}
		page, head := ask(t, f, event, to("GET", tt.path, "")), ask(t, f, event, to("HEAD", tt.path, ""))
		if page.StatusCode != 200 || !strings.Contains(page.Body, `"`+tt.link+`/accounts/acme-prod"`) {
			t.Errorf("%s: got %+v, want links below %q", tt.sample, page, tt.link)
		}
		if head.StatusCode != 200 || head.Body != "" || head.header("Content-Type") != "text/html; charset=utf-8" {
			t.Errorf("%s: got %+v for HEAD", tt.sample, head)
		}
		back := ask(t, f, event, to("POST", tt.post, "account=acme-prod&for=2h&next=/accounts/acme-prod"))
		want := tt.link + "/accounts/acme-prod?done=muted"
		if back.StatusCode != 303 || back.header("Location") != want || !strings.Contains(back.Body, `<a href="`+want+`">`) {
			t.Errorf("%s: got %+v, want back to %s", tt.sample, back, want)
		}
	}
}

func TestTheSettingsReachTheAPI(t *testing.T) {
	f := httpFunction(t, "{tokens: [{token: t0ken, scope: read}], cors: [https://board.example.com], public_url: 'https://a.example.com'}")
	event, err := os.ReadFile("../events/samples/aws-http-api.json")
	if err != nil {
		t.Fatal(err)
	}
	a := ask(t, f, event, func(e map[string]any) {
		withToken("t0ken")(e)
		e["headers"].(map[string]any)["origin"] = "https://board.example.com"
	})
	if a.StatusCode != 200 || a.header("Access-Control-Allow-Origin") != "https://board.example.com" || a.header("Strict-Transport-Security") == "" {
		t.Errorf("got %+v", a)
	}
}

func TestTheGuideOfHTTPHasConfigurationsThatLoad(t *testing.T) {
	text, err := os.ReadFile("../docs/http.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := fence.FindAllStringSubmatch(strings.ReplaceAll(string(text), "\r\n", "\n"), -1)
	if len(blocks) < 2 {
		t.Errorf("found %d configurations", len(blocks))
	}
	for _, b := range blocks {
		_, err := New(t.Context(), Options{
			LookupEnv: func(name string) (string, bool) {
				if name == "PROWATCH_CONFIG" {
					return oneAccount + "channels: {out: {type: stdout}}\n" + b[1], true
				}
				return "value of " + name, true
			},
			ReadFile: os.ReadFile, Stdout: new(strings.Builder), Use: None,
		})
		if err != nil {
			t.Errorf("%v in\n%s", err, b[1])
		}
	}
}
