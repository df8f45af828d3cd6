package events_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"prowatch/events"
)

var answers = []struct {
	name string
	to   events.Request
}{
	{"REST", events.Request{Source: events.AWSREST}},
	{"HTTP", events.Request{Source: events.AWSHTTP}},
	{"URL", events.Request{Source: events.AWSURL}},
	{"ALB", events.Request{Source: events.AWSALB}},
	{"ALB, multi-value", events.Request{Source: events.AWSALB, MultiValue: true}},
	{"SCF gateway", events.Request{Source: events.SCFGateway}},
	{"SCF URL", events.Request{Source: events.SCFURL}},
}

func TestAnAnswerHasItsPlatformsShape(t *testing.T) {
	page := events.Response{Status: 200, Body: []byte("<p>续</p>\n"), Header: http.Header{
		"Content-Type": {"text/html"}, "Set-Cookie": {"a=1; Expires=Thu, 01 Jan 2026", "b=2"}, "Vary": {"Accept", "Cookie"},
		"Content-Length": {"9"}, "Connection": {"close"}, "Transfer-Encoding": {"chunked"}}}
	const v2 = `{"statusCode":200,"headers":{"Content-Type":"text/html","Vary":"Accept, Cookie"},"cookies":["a=1; Expires=Thu, 01 Jan 2026","b=2"],"body":"<p>续</p>\n","isBase64Encoded":false}`
	const scf = `{"statusCode":200,"headers":{"Content-Type":"text/html","Set-Cookie":["a=1; Expires=Thu, 01 Jan 2026","b=2"],"Vary":"Accept, Cookie"},"body":"<p>续</p>\n","isBase64Encoded":false}`
	const multi = `"multiValueHeaders":{"Content-Type":["text/html"],"Set-Cookie":["a=1; Expires=Thu, 01 Jan 2026","b=2"],"Vary":["Accept","Cookie"]},"body":"<p>续</p>\n","isBase64Encoded":false}`
	want := map[string]string{
		"REST":             `{"statusCode":200,` + multi,
		"HTTP":             v2,
		"URL":              v2,
		"ALB":              `{"statusCode":200,"statusDescription":"200 OK","headers":{"Content-Type":"text/html","Set-Cookie":"a=1; Expires=Thu, 01 Jan 2026","Vary":"Accept, Cookie","set-Cookie":"b=2"},"body":"<p>续</p>\n","isBase64Encoded":false}`,
		"ALB, multi-value": `{"statusCode":200,"statusDescription":"200 OK",` + multi,
		"SCF gateway":      scf,
		"SCF URL":          scf,
	}
	for _, tt := range answers {
		t.Run(tt.name, func(t *testing.T) { wantAnswer(t, &tt.to, &page, want[tt.name]) })
	}
}

func TestAnAnswerWithNothingInItIsWhole(t *testing.T) {
	want := map[string]string{
		"REST":             `{"statusCode":404,"multiValueHeaders":{},"body":"","isBase64Encoded":false}`,
		"HTTP":             `{"statusCode":404,"headers":{},"body":"","isBase64Encoded":false}`,
		"URL":              `{"statusCode":404,"headers":{},"body":"","isBase64Encoded":false}`,
		"ALB":              `{"statusCode":404,"statusDescription":"404 Not Found","headers":{},"body":"","isBase64Encoded":false}`,
		"ALB, multi-value": `{"statusCode":404,"statusDescription":"404 Not Found","multiValueHeaders":{},"body":"","isBase64Encoded":false}`,
		"SCF gateway":      `{"statusCode":404,"headers":{},"body":"","isBase64Encoded":false}`,
		"SCF URL":          `{"statusCode":404,"headers":{},"body":"","isBase64Encoded":false}`,
	}
	for _, tt := range answers {
		t.Run(tt.name, func(t *testing.T) { wantAnswer(t, &tt.to, &events.Response{Status: 404}, want[tt.name]) })
	}
}

func TestBodies(t *testing.T) {
	const head = `{"statusCode":`
	for _, tt := range []struct {
		name, method string
		resp         events.Response
		want         string
	}{
		{"an image", "GET", events.Response{Status: 200, Body: []byte("\x89PNG\xff")}, `200,"headers":{},"body":"iVBOR/8=","isBase64Encoded":true}`},
		{"compressed text", "GET", events.Response{Status: 200, Header: http.Header{"Content-Encoding": {"gzip"}}, Body: []byte("hi")},
			`200,"headers":{"Content-Encoding":"gzip"},"body":"aGk=","isBase64Encoded":true}`},
		{"text with a NUL", "GET", events.Response{Status: 200, Body: []byte("a\x00b")}, `200,"headers":{},"body":"a\u0000b","isBase64Encoded":false}`},
		{"HEAD", "HEAD", events.Response{Status: 200, Body: []byte("hi")}, `200,"headers":{},"body":"","isBase64Encoded":false}`},
		{"204", "GET", events.Response{Status: 204, Body: []byte("hi")}, `204,"headers":{},"body":"","isBase64Encoded":false}`},
		{"304", "GET", events.Response{Status: 304, Body: []byte("hi")}, `304,"headers":{},"body":"","isBase64Encoded":false}`},
		{"a header that would be two", "GET", events.Response{Status: 200, Header: http.Header{"A": {"b\r\nC: d"}, "E f": {"g"}, "h": {"i"}}},
			`200,"headers":{"A":"b  C: d","H":"i"},"body":"","isBase64Encoded":false}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			wantAnswer(t, &events.Request{Source: events.AWSURL, Method: tt.method}, &tt.resp, head+tt.want)
		})
	}
}

func TestEachOfManyCookiesHasItsNameAtALoadBalancer(t *testing.T) {
	const n = 100
	resp := events.Response{Status: 200, Header: http.Header{}}
	for range n {
		resp.Header.Add("Set-Cookie", "a=b")
	}
	b, err := (&events.Request{Source: events.AWSALB}).Answer(&resp)
	if err != nil {
		t.Fatal(err)
	}
	var got struct{ Headers map[string]string }
	if err := json.Unmarshal(b, &got); err != nil || len(got.Headers) != n {
		t.Errorf("got %d headers, want %d (%v)", len(got.Headers), n, err)
	}
	for name := range got.Headers {
		if !strings.EqualFold(name, "Set-Cookie") {
			t.Errorf("got the header %s", name)
		}
	}
}

func TestAnAnswerThatThePlatformRefusesIsAnError(t *testing.T) {
	for _, tt := range []struct {
		name   string
		source string
		status int
		body   string
		large  bool
	}{
		{"text", events.AWSURL, 200, strings.Repeat("a", events.MaxAnswer), true},
		{"text that grows in JSON", events.AWSREST, 200, strings.Repeat("\n", events.MaxAnswer/2+1), true},
		{"base64", events.SCFURL, 200, strings.Repeat("\xff", events.MaxAnswer*3/4+1), true},
		{"a load balancer's", events.AWSALB, 200, strings.Repeat("a", 1_000_001), true},
		{"an informational status", events.AWSURL, 100, "", false},
		{"no status", events.AWSURL, 0, "", false},
		{"a status over 599", events.AWSURL, 600, "", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b, err := (&events.Request{Source: tt.source}).Answer(&events.Response{Status: tt.status, Body: []byte(tt.body)})
			if err == nil || errors.Is(err, events.ErrTooLarge) != tt.large || b != nil {
				t.Errorf("got %d bytes and error %v, want an error, ErrTooLarge %v", len(b), err, tt.large)
			}
		})
	}
	if _, err := (&events.Request{Source: events.AWSURL}).Answer(&events.Response{Status: 200, Body: make([]byte, 900_000)}); err != nil {
		t.Errorf("got error %v for an answer that fits", err)
	}
}

func TestTheAnswerToABatchNamesTheMessagesThatFailed(t *testing.T) {
	for _, tt := range []struct {
		failed []string
		want   string
	}{
		{nil, `{"batchItemFailures":[]}`},
		{[]string{"a", "b"}, `{"batchItemFailures":[{"itemIdentifier":"a"},{"itemIdentifier":"b"}]}`},
	} {
		got, err := (&events.Batch{}).Answer(tt.failed)
		if err != nil || string(got) != tt.want {
			t.Errorf("Answer(%q)\n got %s, %v\nwant %s", tt.failed, got, err, tt.want)
		}
	}
}

func wantAnswer(t *testing.T, to *events.Request, resp *events.Response, want string) {
	t.Helper()
	got, err := to.Answer(resp)
	if err != nil || string(got) != want {
		t.Errorf("got  %s, %v\nwant %s", got, err, want)
	}
}
