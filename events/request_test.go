package events_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"prowatch/events"
)

func decodeRequest(t *testing.T, event string) *events.Request {
	t.Helper()
	e, err := events.Decode([]byte(event))
	r, ok := e.(*events.Request)
	if err != nil || !ok {
		t.Fatalf("Decode(%s): got %v, %v", event, e, err)
	}
	return r
}

func TestOddQueries(t *testing.T) {
	const (
		scf  = `{"httpMethod":"GET","path":"/","queryString":%s}`
		rest = `{"httpMethod":"GET","path":"/","requestContext":{"resourcePath":"/"},"queryStringParameters":%s}`
		alb  = `{"httpMethod":"GET","path":"/","requestContext":{"elb":{}},"queryStringParameters":%s}`
		v2   = `{"rawPath":"/","requestContext":{"http":{"method":"GET"}},"rawQueryString":%s}`
	)
	for _, tt := range []struct {
		name, event, query string
		want               url.Values
	}{
		{"SCF, missing", scf, `null`, url.Values{}},
		{"SCF, true", scf, `{"a":true}`, url.Values{"a": {""}}},
		{"SCF, false", scf, `{"a":false}`, url.Values{"a": {""}}},
		{"SCF, a list", scf, `{"a":["1","2"],"b":[]}`, url.Values{"a": {"1", "2"}}},
		{"SCF, null", scf, `{"a":null}`, url.Values{}},
		{"SCF, an empty value", scf, `{"a":"","":"b"}`, url.Values{"a": {""}, "": {"b"}}},
		{"SCF, decoded", scf, `{"a":"b&c=d%20+"}`, url.Values{"a": {"b&c=d%20+"}}},
		{"REST, decoded", rest, `{"a b":"c%20d+"}`, url.Values{"a b": {"c%20d+"}}},
		{"ALB, encoded", alb, `{"a%5B%5D":"c%20d+e%2B"}`, url.Values{"a[]": {"c d e+"}}},
		{"ALB, badly encoded", alb, `{"a%":"%zz"}`, url.Values{"a%": {"%zz"}}},
		{"HTTP, encoded", v2, `"a%20b=c%20d+e&a+b=2&x"`, url.Values{"a b": {"c d e", "2"}, "x": {""}}},
		{"HTTP, a part badly encoded", v2, `"a=%zz&b=1;c&d=2"`, url.Values{"d": {"2"}}},
		{"HTTP, missing", v2, `null`, url.Values{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := decodeRequest(t, fmt.Sprintf(tt.event, tt.query)).Query
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestTheSourceIPIsNoWordOfTheCallers(t *testing.T) {
	for _, tt := range []struct{ name, context, headers, want string }{
		{"ALB", `{"elb":{}}`, `{"x-forwarded-for":"203.0.113.7"}`, "203.0.113.7"},
		{"ALB, behind what the caller wrote", `{"elb":{}}`, `{"x-forwarded-for":"10.0.0.1, 203.0.113.7"}`, "203.0.113.7"},
		{"ALB, behind a header of the caller's", `{"elb":{}}`, `{"x-forwarded-for":["10.0.0.1","203.0.113.7"]}`, "203.0.113.7"},
		{"ALB, with the port", `{"elb":{}}`, `{"x-forwarded-for":"203.0.113.7:50123"}`, "203.0.113.7"},
		{"ALB, IPv6 with the port", `{"elb":{}}`, `{"x-forwarded-for":"[2001:DB8::7]:50123"}`, "2001:db8::7"},
		{"ALB, none", `{"elb":{}}`, `{}`, ""},
		{"ALB, no address", `{"elb":{}}`, `{"x-forwarded-for":"203.0.113.7, unknown"}`, ""},
		{"REST", `{"resourcePath":"/","identity":{"sourceIp":"203.0.113.7"}}`, `{"X-Forwarded-For":"10.0.0.1"}`, "203.0.113.7"},
		{"REST, the console's test", `{"resourcePath":"/","identity":{"sourceIp":"test-invoke-source-ip"}}`, `{}`, ""},
		{"SCF", `null`, `{"x-scf-remote-addr":"203.0.113.7","x-forwarded-for":"10.0.0.1"}`, "203.0.113.7"},
		{"SCF, without its header", `null`, `{"x-forwarded-for":"10.0.0.1,203.0.113.7"}`, "203.0.113.7"},
		{"SCF gateway", `{"serviceId":"s","sourceIp":"203.0.113.7"}`, `{"x-forwarded-for":"10.0.0.1"}`, "203.0.113.7"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			event := fmt.Sprintf(`{"httpMethod":"GET","path":"/","requestContext":%s,"headers":%s}`, tt.context, tt.headers)
			if got := decodeRequest(t, event).SourceIP; got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestHeadersAreCanonicalWhateverTheirCase(t *testing.T) {
	r := decodeRequest(t, `{"httpMethod":"GET","path":"/","headers":{"x-a":"1","X-A":["2","3"],"HOST":"h","cookie":null}}`)
	if diff := cmp.Diff(http.Header{"X-A": {"1", "2", "3"}}, r.Header); diff != "" || r.Host != "h" {
		t.Errorf("got host %q, -want +got:\n%s", r.Host, diff)
	}
}

func TestABodyIsWhatTheCallerSent(t *testing.T) {
	for _, tt := range []struct{ fields, want string }{
		{`"body":null`, ""},
		{`"body":""`, ""},
		{`"body":"续费"`, "续费"},
		{`"body":"aGk="`, "aGk="},
		{`"body":"aGk=","isBase64Encoded":true`, "hi"},
		{`"body":"","isBase64Encoded":true`, ""},
		{`"isBase64Encoded":true`, ""},
	} {
		r := decodeRequest(t, `{"httpMethod":"POST","path":"/",`+tt.fields+`}`)
		if string(r.Body) != tt.want {
			t.Errorf("%s: got body %q, want %q", tt.fields, r.Body, tt.want)
		}
	}
}

func TestRefusedRequests(t *testing.T) {
	many := strings.TrimSuffix(strings.Repeat(`"",`, 4097), ",")
	for _, tt := range []struct{ name, event, want string }{
		{"no path", `{"httpMethod":"GET"}`, "an HTTP request (scf.url): it has no path"},
		{"no method", `{"path":"/","requestContext":{"elb":{}}}`, "an HTTP request (aws.alb): its method is none"},
		{"a method that is none", `{"httpMethod":"GET / HTTP/1.1\r\n","path":"/"}`, "its method is none"},
		{"an unknown gateway", `{"httpMethod":"GET","path":"/","requestContext":{"apiId":"a"}}`, `the keys "httpMethod", "path", "requestContext" is not known`},
		{"a context without a method", `{"requestContext":{"a":1}}`, `an event with the keys "requestContext" is not known`},
		{"a body that is no text", `{"httpMethod":"GET","path":"/","body":{}}`, "its body is no text"},
		{"a body that is no base64", `{"httpMethod":"GET","path":"/","body":"*","isBase64Encoded":true}`, "its body is no base64"},
		{"headers that are a list", `{"httpMethod":"GET","path":"/","headers":[]}`, "its headers are no object"},
		{"a header that is a number", `{"httpMethod":"GET","path":"/","headers":{"a":1}}`, "its headers hold what is no text"},
		{"a header that HTTP has not", `{"httpMethod":"GET","path":"/","headers":{"a b":"c"}}`, "its headers hold what HTTP does not allow"},
		{"a header that is two", `{"httpMethod":"GET","path":"/","headers":{"a":"b\r\nc: d"}}`, "its headers hold what HTTP does not allow"},
		{"a query of objects", `{"httpMethod":"GET","path":"/","queryString":{"a":{}}}`, "its queryString hold what is no text"},
		{"too many values", `{"httpMethod":"GET","path":"/","queryString":{"a":[` + many + `]}}`, "or over 4096 values"},
		{"cookies that are no texts", `{"rawPath":"/","cookies":[1],"requestContext":{"http":{"method":"GET"}}}`, "its cookies are no list of texts"},
		{"an empty batch", `{"Records":[]}`, `an event with the keys "Records" is not known`},
		{"records of two queues", `{"Records":[{"eventSource":"aws:sqs","messageId":"a"},{"Ckafka":{}}]}`, `the keys "Records" is not known`},
		{"a record that is none", `{"Records":[{"eventSource":"aws:sqs","messageId":"a"},1]}`, `the keys "Records" is not known`},
		{"a message without an id", `{"Records":[{"eventSource":"aws:sqs","messageId":"a"},{"eventSource":"aws:sqs"}]}`, "a batch (aws.sqs): Records[1] has no messageId"},
		{"too many messages", `{"Records":[` + strings.Repeat(`{"Ckafka":{}},`, 10_000) + `{"Ckafka":{}}]}`, "a batch (scf.ckafka) has over 10000 messages"},
	} {
		t.Run(tt.name, func(t *testing.T) { wantRefused(t, tt.event, tt.want) })
	}
}
