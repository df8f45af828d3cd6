package events_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"prowatch/events"
)

// pathOf returns the path and prefix that a request has.
func pathOf(t *testing.T, event string) (path, prefix string) {
	t.Helper()
	e, err := events.Decode([]byte(event))
	r, ok := e.(*events.Request)
	if err != nil || !ok {
		t.Fatalf("Decode(%s): got %v, %v", event, e, err)
	}
	return r.Path, r.Prefix
}

func TestAPathIsDecodedAndClean(t *testing.T) {
	for _, tt := range []struct{ raw, want string }{
		{"/", "/"},
		{"/healthz", "/healthz"},
		{"/api/v1/accounts/", "/api/v1/accounts/"},
		{"healthz", "/healthz"},
		{"//", "/"},
		{"//evil.example/healthz", "/evil.example/healthz"},
		{"/api//v1///accounts", "/api/v1/accounts"},
		{"/./api/./v1/.", "/api/v1"},
		{"/../../metrics", "/metrics"},
		{"/badge/../metrics", "/metrics"},
		{"/badge/..", "/"},
		{"/badge/%2e%2e/metrics", "/metrics"},
		{"/badge/..%2f..%2fmetrics", "/metrics"},
		{"/badge/%2E%2E%2Fmetrics", "/metrics"},
		{"/accounts/a%2Fb", "/accounts/a/b"},
		{"/accounts/a%20b+c", "/accounts/a b+c"},
		{"/accounts/%E7%BB%AD", "/accounts/续"},
		{"/a%252e%252e/b", "/a%2e%2e/b"},
		{"/%zz/..", "/"},
		{"/100%", "/100%"},
		{"/a?b#c", "/a?b#c"},
		{`/..\\..\\a`, `/..\..\a`},
	} {
		for _, event := range []string{
			`{"httpMethod":"GET","path":"%s"}`,
			`{"httpMethod":"GET","path":"%s","requestContext":{"elb":{}}}`,
			`{"httpMethod":"GET","path":"%s","requestContext":{"serviceId":"s"}}`,
			`{"httpMethod":"GET","path":"%s","requestContext":{"resourcePath":"/{proxy+}"}}`,
			`{"rawPath":"%s","requestContext":{"http":{"method":"GET"},"stage":"$default"}}`,
		} {
			event = fmt.Sprintf(event, tt.raw)
			if got, _ := pathOf(t, event); got != tt.want {
				t.Errorf("%s\n got %s\nwant %s", event, got, tt.want)
			}
		}
	}
}

// restEvent and apiEvent are requests to a REST API and to an HTTP API.
func restEvent(resource, proxy, path, public, stage string) map[string]any {
	return map[string]any{"httpMethod": "GET", "resource": resource, "path": path, "pathParameters": map[string]string{"proxy": proxy},
		"requestContext": map[string]any{"resourcePath": resource, "path": public, "stage": stage}}
}

func apiEvent(route, proxy, path, stage, domain string) map[string]any {
	return map[string]any{"version": "2.0", "routeKey": route, "rawPath": path, "pathParameters": map[string]string{"proxy": proxy},
		"requestContext": map[string]any{"domainName": domain, "stage": stage, "http": map[string]string{"method": "GET"}}}
}

func scfEvent(api, path, host string) map[string]any {
	return map[string]any{"httpMethod": "GET", "path": path, "headers": map[string]string{"Host": host},
		"requestContext": map[string]string{"serviceId": "s", "path": api, "stage": "release"}}
}

// A domain of one's own, and two of the clouds'.
const (
	own     = "watch.example.com"
	amazon  = "x.execute-api.us-east-1.amazonaws.com"
	tencent = "s-1.gz.apigw.tencentcs.com"
)

// mappings are stages and base paths. The paths of REST APIs are those that were seen for each kind of mapping,
// https://github.com/localstack/localstack/pull/12296; those of HTTP APIs,
// https://github.com/CodeGenieApp/serverless-express/issues/465.
var mappings = []struct {
	name         string
	event        map[string]any
	path, prefix string
}{
	{"REST, its own domain", restEvent("/{proxy+}", "healthz", "/healthz", "/prod/healthz", "prod"), "/healthz", "/prod"},
	{"REST, a path that begins as the stage", restEvent("/{proxy+}", "prod/x", "/prod/x", "/prod/prod/x", "prod"), "/prod/x", "/prod"},
	{"REST, the root", restEvent("/", "", "/", "/prod/", "prod"), "/", "/prod"},
	{"REST, the root without a slash", restEvent("/", "", "/", "/prod", "prod"), "/", "/prod"},
	{"REST, a mapping with base path and stage", restEvent("/{proxy+}", "healthz", "/watch/healthz", "/watch/healthz", "prod"), "/healthz", "/watch"},
	{"REST, a mapping with a base path alone", restEvent("/{proxy+}", "healthz", "/watch/prod/healthz", "/watch/prod/healthz", "prod"), "/healthz", "/watch/prod"},
	{"REST, a mapping without either", restEvent("/{proxy+}", "healthz", "/prod/healthz", "/prod/healthz", "prod"), "/healthz", "/prod"},
	{"REST, a mapping to the root", restEvent("/", "", "/watch", "/watch", "prod"), "/", "/watch"},
	{"REST, a base path as the own", restEvent("/{proxy+}", "api/v1/x", "/api/api/v1/x", "/api/api/v1/x", "prod"), "/api/v1/x", "/api"},
	{"REST, a resource with a path of its own", restEvent("/api/{proxy+}", "v1/x", "/api/v1/x", "/prod/api/v1/x", "prod"), "/api/v1/x", "/prod"},
	{"REST, an encoded parameter", restEvent("/{proxy+}", "a%20b", "/watch/a%20b", "/watch/a%20b", "prod"), "/a b", "/watch"},
	{"REST, a decoded parameter", restEvent("/{proxy+}", "a b", "/watch/a%20b", "/watch/a%20b", "prod"), "/a b", "/watch"},
	{"REST, a slash at the end", restEvent("/{proxy+}", "badge", "/watch/badge/", "/watch/badge/", "prod"), "/badge/", "/watch"},
	{"REST, a climb out of the base path", restEvent("/{proxy+}", "../metrics", "/watch/../metrics", "/watch/../metrics", "prod"), "/metrics", ""},
	{"REST, a parameter that is not the path's", restEvent("/{proxy+}", "b", "/a", "/prod/a", "prod"), "/a", "/prod"},
	{"REST, the same, and a path that begins as the stage", restEvent("/{proxy+}", "b", "/prod/a", "/prod/prod/a", "prod"), "/prod/a", "/prod"},

	{"HTTP, no stage", apiEvent("$default", "", "/healthz", "$default", amazon), "/healthz", ""},
	{"HTTP, no stage, and a path that begins as its name", apiEvent("$default", "", "/$default/x", "$default", amazon), "/$default/x", ""},
	{"HTTP, a stage", apiEvent("$default", "", "/dev/healthz", "dev", amazon), "/healthz", "/dev"},
	{"HTTP, a stage and a route", apiEvent("GET /{proxy+}", "healthz", "/dev/healthz", "dev", amazon), "/healthz", "/dev"},
	{"HTTP, the root of a stage", apiEvent("$default", "", "/dev", "dev", amazon), "/", "/dev"},
	{"HTTP, a path that begins as the stage", apiEvent("$default", "", "/dev/dev/x", "dev", amazon), "/dev/x", "/dev"},
	{"HTTP, a path that begins with the stage's letters", apiEvent("$default", "", "/device", "dev", amazon), "/device", ""},
	{"HTTP, a domain of its own hides the stage", apiEvent("$default", "", "/dev/healthz", "dev", own), "/healthz", ""},
	{"HTTP, a domain of its own with its key", apiEvent("ANY /{proxy+}", "healthz", "/watch/healthz", "dev", own), "/healthz", ""},
	{"HTTP, a climb out of the stage", apiEvent("$default", "", "/dev/../metrics", "dev", amazon), "/metrics", ""},

	{"SCF, the API's path", scfEvent("/prowatch", "/prowatch/healthz", tencent), "/healthz", "/release/prowatch"},
	{"SCF, the API's path itself", scfEvent("/prowatch", "/prowatch", tencent), "/", "/release/prowatch"},
	{"SCF, an API at the root", scfEvent("/", "/healthz", tencent), "/healthz", "/release"},
	{"SCF, an API with a parameter", scfEvent("/prowatch/{id}", "/prowatch/healthz", tencent), "/healthz", "/release/prowatch"},
	{"SCF, another path that begins so", scfEvent("/pro", "/prowatch", tencent), "/prowatch", "/release"},
	{"SCF, a domain of one's own", scfEvent("/prowatch", "/prowatch/healthz", own), "/healthz", ""},
}

func TestStagesAndBasePathsAreNotInThePath(t *testing.T) {
	for _, tt := range mappings {
		t.Run(tt.name, func(t *testing.T) {
			event, err := json.Marshal(tt.event)
			if err != nil {
				t.Fatal(err)
			}
			if path, prefix := pathOf(t, string(event)); path != tt.path || prefix != tt.prefix {
				t.Errorf("%s\n got path %q, prefix %q\nwant path %q, prefix %q", event, path, prefix, tt.path, tt.prefix)
			}
		})
	}
}
