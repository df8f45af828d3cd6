package app

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	"go.uber.org/zap"

	"prowatch/emulator"
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
	Cookies           []string
	Body              string
}

// cookies are those that the reply sets, as a browser sends them.
func (r *reply) cookies() string {
	all := slices.Concat(r.Cookies, r.MultiValueHeaders["Set-Cookie"])
	for name, value := range r.Headers {
		if !strings.EqualFold(name, "Set-Cookie") {
			continue
		}
		switch v := value.(type) {
		case string:
			all = append(all, v)
		case []any: // SCF takes a list
			for _, one := range v {
				all = append(all, one.(string))
			}
		}
	}
	var pairs []string
	for _, line := range all {
		if pair, rest, _ := strings.Cut(line, ";"); !strings.Contains(rest, "Max-Age=0") {
			pairs = append(pairs, pair)
		}
	}
	return strings.Join(pairs, "; ")
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

// setHeader sets a header of an event, a name in small letters.
func setHeader(e map[string]any, name, value string) {
	for _, key := range []string{"headers", "multiValueHeaders"} {
		headers, ok := e[key].(map[string]any)
		if !ok {
			continue
		}
		maps.DeleteFunc(headers, func(n string, _ any) bool { return strings.EqualFold(n, name) })
		if headers[name] = value; key == "multiValueHeaders" {
			headers[name] = []string{value}
		}
	}
}

// withToken adds a bearer token to an event.
func withToken(token string) func(map[string]any) {
	return func(e map[string]any) { setHeader(e, "authorization", "Bearer "+token) }
}

// to makes an event one of the method and path, with a form as its body.
func to(method, key, path, form string) func(map[string]any) {
	return func(e map[string]any) {
		e[key], e["body"] = path, form
		e["routeKey"] = "$default" // of version 2: the route of every path
		delete(e, "rawQueryString")
		delete(e, "queryString")
		delete(e, "cookies")
		setHeader(e, "content-type", "application/x-www-form-urlencoded")
		context := e["requestContext"]
		if _, ok := e["resource"]; ok { // of a REST API
			e["resource"], e["pathParameters"] = "/{proxy+}", map[string]any{"proxy": strings.TrimPrefix(path, "/")}
			context.(map[string]any)["path"] = path
		}
		if _, ok := e["httpMethod"]; ok {
			e["httpMethod"] = method
			return
		}
		context.(map[string]any)["http"].(map[string]any)["method"] = method
	}
}
