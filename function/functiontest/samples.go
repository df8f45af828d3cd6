package functiontest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// sampleDir is where the samples are, from a package of function.
const sampleDir = "../../events/samples"

// The answers of each gateway to a sample, of the site's text.
const (
	restText  = `{"statusCode":200,"multiValueHeaders":{"Content-Type":["text/plain"],"Set-Cookie":["a=1","b=2"],"X-Request-Id":["req-1"]},"body":%q,"isBase64Encoded":false}`
	version2  = `{"statusCode":200,"headers":{"Content-Type":"text/plain","X-Request-Id":"req-1"},"cookies":["a=1","b=2"],"body":%q,"isBase64Encoded":false}`
	albText   = `{"statusCode":200,"statusDescription":"200 OK","headers":{"Content-Type":"text/plain","Set-Cookie":"a=1","X-Request-Id":"req-1","set-Cookie":"b=2"},"body":%q,"isBase64Encoded":false}`
	albMulti  = `{"statusCode":200,"statusDescription":"200 OK","multiValueHeaders":{"Content-Type":["text/plain"],"Set-Cookie":["a=1","b=2"],"X-Request-Id":["req-1"]},"body":%q,"isBase64Encoded":false}`
	scfText   = `{"statusCode":200,"headers":{"Content-Type":"text/plain","Set-Cookie":["a=1","b=2"],"X-Request-Id":"req-1"},"body":%q,"isBase64Encoded":false}`
	restBytes = `{"statusCode":200,"multiValueHeaders":{"Content-Type":["application/octet-stream"],"Set-Cookie":["a=1","b=2"],"X-Request-Id":["req-1"]},"body":"AAH/","isBase64Encoded":true}`
	scfBytes  = `{"statusCode":200,"headers":{"Content-Type":"application/octet-stream","Set-Cookie":["a=1","b=2"],"X-Request-Id":"req-1"},"body":"AAH/","isBase64Encoded":true}`
)

// none, one and two are the counts of runs over that many accounts.
const (
	none = `{"accounts":0,"checked":0,"failed":0,"skipped":0,"notices":0,"sent":0,"pending":2}`
	one  = `{"accounts":1,"checked":1,"failed":0,"skipped":0,"notices":0,"sent":0,"pending":2}`
	two  = `{"accounts":2,"checked":2,"failed":0,"skipped":0,"notices":0,"sent":0,"pending":2}`
)

// samples are the right answers to the samples: a payload, or an error's type
// and a part of its message.
var samples = map[string]Answer{
	"direct":                {Payload: Counts},
	"direct-accounts":       {Payload: two},
	"direct-sweep":          {Payload: two},
	"direct-tell":           {Payload: none},
	"scf-timer":             {Payload: Counts},
	"scf-timer-tell":        {Payload: none},
	"scf-timer-accounts":    {Payload: one},
	"eventbridge-rule":      {Payload: Counts},
	"eventbridge-scheduler": {Payload: Counts},

	"scf-function-url":      says(scfText, "GET /healthz from 203.0.113.7:0: "),
	"scf-function-url-post": says(scfText, `POST /api/v1/accounts/acme-prod/mute?dry=&label=a&label=b+c&limit=10 from 203.0.113.7:0: {"until":"2026-12-01","reason":"续费 <b>"}`),
	"scf-api-gateway":       says(scfText, "GET /healthz?all=&limit=10&since=2026-11-01&since=2026-11-02 from 203.0.113.7:0: "),
	"scf-api-gateway-post":  {Payload: scfBytes},
	"aws-rest-api":          says(restText, "GET /api/v1/accounts from 203.0.113.7:0: "),
	"aws-rest-api-post":     {Payload: restBytes},
	"aws-rest-api-domain":   says(restText, "GET /api/v1/accounts/acme-prod from 203.0.113.7:0: "),
	"aws-http-api":          says(version2, "GET /api/v1/accounts from 203.0.113.7:0: "),
	"aws-http-api-stage":    says(version2, "GET /api/v1/notices?account=acme-prod&account=acme+test&all=&since=2026-11-01T00%3A00%3A00%2B08%3A00 from 203.0.113.7:0: "),
	"aws-http-api-v1":       says(restText, "GET /healthz from 203.0.113.7:0: "),
	"aws-function-url":      says(version2, "GET /healthz from 203.0.113.7:0: "),
	"aws-function-url-post": says(version2, `POST /api/v1/accounts/acme-prod/mute?reason=a+b&reason=c from 203.0.113.7:0: {"for":"1d"}`),
	"aws-alb":               says(albText, "GET /healthz from 203.0.113.7:0: "),
	"aws-alb-multi":         says(albMulti, "GET /api/v1/notices?account=acme-prod&account=acme+test&since=2026-11-01T00%3A00%3A00%2B08%3A00 from 203.0.113.7:0: "),

	"aws-sqs": {Payload: `{"batchItemFailures":[]}`},
	"aws-sqs-batch": {Payload: `{"batchItemFailures":[{"itemIdentifier":"00000000-0000-4000-8000-000000000002"},` +
		`{"itemIdentifier":"00000000-0000-4000-8000-000000000003"}]}`},
	"aws-sqs-sweep":  {Payload: `{"batchItemFailures":[]}`},
	"scf-ckafka":     {Payload: `{"messages":1}`},
	"scf-ckafka-bad": {ErrorType: "BatchError", ErrorMessage: "1 of 2 messages failed; first prowatch-accounts/1/38"},

	"aws-websocket":          {ErrorType: "DecodeError", ErrorMessage: "a WebSocket message of AWS API Gateway is not taken; taken are "},
	"aws-authorizer-token":   {ErrorType: "DecodeError", ErrorMessage: "an authorizer's event is not taken"},
	"aws-authorizer-request": {ErrorType: "DecodeError", ErrorMessage: "an authorizer's event is not taken"},
	"aws-authorizer-v2":      {ErrorType: "DecodeError", ErrorMessage: "an authorizer's event is not taken"},
	"aws-sns":                {ErrorType: "DecodeError", ErrorMessage: `an event with the keys "Records" is not known; taken are `},
}

func says(answer, text string) Answer { return Answer{Payload: fmt.Sprintf(answer, text)} }

// sampleEvents returns the events of the samples by their names.
func sampleEvents(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob(sampleDir + "/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("%s holds no samples (%v)", sampleDir, err)
	}
	all := map[string]string{}
	for _, file := range files {
		event, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all[strings.TrimSuffix(filepath.Base(file), ".json")] = string(event)
	}
	return all
}

func testSamples(t *testing.T, in Instance) {
	all := sampleEvents(t)
	if len(all) != len(samples) {
		t.Errorf("got %d samples, want answers to as many, not %d", len(all), len(samples))
	}
	for name, event := range all {
		want, ok := samples[name]
		if !ok {
			t.Errorf("the sample %s has no answer", name)
			continue
		}
		got := in.Invoke(t, invocation(event))
		if got.Payload != want.Payload || got.ErrorType != want.ErrorType || !strings.Contains(got.ErrorMessage, want.ErrorMessage) {
			t.Errorf("%s\n got %+v\nwant %+v", name, got, want)
		}
	}
}
