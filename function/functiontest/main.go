package functiontest

import (
	"encoding/json"
	"fmt"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// FiguresEnv names, for a function started with [MainEnv], the address at which
// [ServeFigures] tells what the process holds.
const FiguresEnv = "TEST_FIGURES"

// mainHeap is what a thousand events may leave behind in main: beside what pools
// and buffers keep, the callers whose wrong tokens are counted.
const mainHeap = 2 << 20 // bytes

// mainToken may do everything over HTTP.
const mainToken = "token-of-the-operator-of-main-0123456789"

// ServeFigures tells at address what the process holds; it does nothing where
// address is empty. It returns when it listens.
func ServeFigures(address string) error {
	if address == "" {
		return nil
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	go http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		json.NewEncoder(w).Encode(measure())
	}))
	return nil
}

// FleetSettings are what main needs to watch the accounts that the samples name,
// which are one account of the API, to remember them in dir, and to answer over
// HTTP whoever has the token.
func FleetSettings(endpoint, secretID, secretKey, dir string) map[string]string {
	account := func(id string) string {
		return fmt.Sprintf(`{id: %s, secret_id: %s, secret_key: %s, endpoint: "%s"}`, id, secretID, secretKey, endpoint)
	}
	return map[string]string{"PROWATCH_CONFIG": fmt.Sprintf(
		`{accounts: [%s, %s], channels: {out: {type: stdout}}, routes: [{channels: [out]}], state: "file:%s", http: {signing_key: %s, tokens: [{token: %s, scope: operate}]}}`,
		account("acme-prod"), account("acme-test"), dir, strings.Repeat("k", 32), mainToken)}
}

// The answers of main to the samples: how the payload begins, or an error's type.
var mainSamples = map[string]Answer{
	"direct":                {Payload: `{"accounts":2,"checked":2,"failed":0,`},
	"direct-accounts":       {Payload: `{"accounts":2,"checked":2,"failed":0,`},
	"direct-sweep":          {Payload: `{"accounts":2,"checked":2,"failed":0,`},
	"direct-tell":           {Payload: `{"accounts":0,"checked":0,"failed":0,`},
	"scf-timer":             {Payload: `{"accounts":2,"checked":2,"failed":0,`},
	"scf-timer-tell":        {Payload: `{"accounts":0,"checked":0,"failed":0,`},
	"scf-timer-accounts":    {Payload: `{"accounts":1,"checked":1,"failed":0,`},
	"eventbridge-rule":      {Payload: `{"accounts":2,"checked":2,"failed":0,`},
	"eventbridge-scheduler": {Payload: `{"accounts":2,"checked":2,"failed":0,`},

	"scf-function-url":      {Payload: `{"statusCode":200,`},
	"scf-function-url-post": {Payload: `{"statusCode":4`}, // 401, and 429 when it came too often
	"scf-api-gateway":       {Payload: `{"statusCode":200,`},
	"scf-api-gateway-post":  {Payload: `{"statusCode":401,`},
	"aws-rest-api":          {Payload: `{"statusCode":401,`},
	"aws-rest-api-post":     {Payload: `{"statusCode":401,`},
	"aws-rest-api-domain":   {Payload: `{"statusCode":401,`},
	"aws-http-api":          {Payload: `{"statusCode":401,`},
	"aws-http-api-stage":    {Payload: `{"statusCode":401,`},
	"aws-http-api-v1":       {Payload: `{"statusCode":200,`},
	"aws-function-url":      {Payload: `{"statusCode":200,`},
	"aws-function-url-post": {Payload: `{"statusCode":401,`},
	"aws-alb":               {Payload: `{"statusCode":200,"statusDescription":"200 OK",`},
	"aws-alb-multi":         {Payload: `{"statusCode":401,"statusDescription":"401 Unauthorized",`},

	"aws-sqs":        {Payload: `{"batchItemFailures":[]}`},
	"aws-sqs-batch":  {Payload: `{"batchItemFailures":[{"itemIdentifier":"00000000-0000-4000-8000-000000000002"},`},
	"aws-sqs-sweep":  {Payload: `{"batchItemFailures":[]}`},
	"scf-ckafka":     {Payload: `{"messages":1}`},
	"scf-ckafka-bad": {ErrorType: "BatchError"},

	"aws-websocket":          {ErrorType: "DecodeError"},
	"aws-authorizer-token":   {ErrorType: "DecodeError"},
	"aws-authorizer-request": {ErrorType: "DecodeError"},
	"aws-authorizer-v2":      {ErrorType: "DecodeError"},
	"aws-sns":                {ErrorType: "DecodeError"},
}

// An asked is an HTTP request and the answer that main gives to it.
type asked struct{ method, path, token, want string }

// surfaces are what main shows over HTTP: the page, the metrics and the API.
var surfaces = []asked{
	{"GET", "/", mainToken, "200"},
	{"GET", "/", "", "401"}, // with the form to sign in
	{"GET", "/login", "", "200"},
	{"GET", "/metrics", mainToken, "200"},
	{"GET", "/calendar.ics", mainToken, "200"},
	{"GET", "/badge/acme-prod.svg", mainToken, "200"},
	{"GET", "/openapi.json", mainToken, "200"},
	{"GET", "/api/v1/accounts", mainToken, "200"},
	{"GET", "/api/v1/accounts/acme-test", mainToken, "200"},
	{"GET", "/api/v1/accounts/nobody", mainToken, "404"},
	{"GET", "/api/v1/notices", mainToken, "200"},
	{"POST", "/api/v1/check", mainToken, "200"},
	{"POST", "/api/v1/check?account=acme-prod", mainToken, "200"},
	{"DELETE", "/api/v1/accounts/acme-prod/mute", mainToken, "204"},
	{"GET", "/api/v1/accounts", "a-wrong-token", "4"},
}

// event is the request as a function URL of SCF brings it, of the nth caller.
func (a asked) event(n int) string {
	path, query, _ := strings.Cut(a.path, "?")
	values := map[string]string{}
	if key, value, ok := strings.Cut(query, "="); ok {
		values[key] = value
	}
	headers := map[string]string{"host": "prowatch.example.com", "accept": "text/html", "x-scf-remote-addr": fmt.Sprintf("198.51.%d.%d", n/200%200, n%200)}
	if a.token != "" {
		headers["authorization"] = "Bearer " + a.token
	}
	event, _ := json.Marshal(map[string]any{"httpMethod": a.method, "path": path, "queryString": values, "headers": headers, "body": ""})
	return string(event)
}

// RunMainMixed runs main, in a function that start starts with [MainEnv] and the
// environment it is given, over a thousand events of all kinds, with the HTTP
// API, the metrics and the page behind them. Each has its answer, and nothing is
// left behind. env is what each invocation sets.
func RunMainMixed(t *testing.T, start func(env ...string) Instance, env map[string]string) {
	address := fmt.Sprintf("127.0.0.1:%d", freePort(t))
	in := start(MainEnv+"=1", FiguresEnv+"="+address)
	samples := sampleEvents(t)
	names := slices.Sorted(maps.Keys(samples))
	n := 0
	invoke := func(name, event string, want Answer) {
		call := invocation(event)
		call.RequestID, call.Env = fmt.Sprint("req-", n), env
		n++
		if got := in.Invoke(t, call); !strings.HasPrefix(got.Payload, want.Payload) || got.ErrorType != want.ErrorType {
			t.Fatalf("event %d, %s\n got %+v\nwant %+v", n, name, got, want)
		}
	}
	round := func() {
		for _, name := range names {
			want, ok := mainSamples[name]
			if !ok {
				t.Fatalf("the sample %s has no answer of main", name)
			}
			invoke(name, samples[name], want)
		}
		for i, a := range slices.Repeat(surfaces, 4) {
			if i < len(surfaces) || a.method == http.MethodGet { // what runs waits for the disk
				invoke(a.method+" "+a.path, a.event(n), Answer{Payload: `{"statusCode":` + a.want})
			}
		}
	}
	invoke("direct", samples["direct"], mainSamples["direct"]) // healthz is well after a run
	round()
	round()
	before := figuresAt(t, address)
	for until := n + mixedEvents; n < until; {
		round()
	}
	wantFigures(t, address, before)
}

// wantFigures wants the process to hold no more than before, once connections
// that are being closed are.
func wantFigures(t *testing.T, address string, before figures) {
	t.Helper()
	var after figures
	for until := time.Now().Add(patience / 2); time.Now().Before(until); time.Sleep(100 * time.Millisecond) {
		after = figuresAt(t, address)
		if after.Goroutines <= before.Goroutines && after.Files <= before.Files && after.Heap <= before.Heap+mainHeap {
			return
		}
	}
	t.Errorf("got %+v after the events\nwant as before, %+v", after, before)
}

func figuresAt(t *testing.T, address string) (f figures) {
	t.Helper()
	client := &http.Client{Timeout: patience, Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Get("http://" + address)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(&f); err != nil || f.Goroutines == 0 {
		t.Fatalf("got figures %+v (%v)", f, err)
	}
	return f
}
