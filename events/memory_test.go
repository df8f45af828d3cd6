package events_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"prowatch/events"
)

const mebibyte = 1 << 20

// fill repeats body to a mebibyte.
func fill(head, body, tail string) string {
	return head + strings.Repeat(body, mebibyte/len(body)) + tail
}

// manyKeys are a mebibyte of keys, each with the value 1.
func manyKeys() string {
	var keys strings.Builder
	for i := range mebibyte / 12 {
		fmt.Fprintf(&keys, `"%08d":1,`, i)
	}
	return keys.String()
}

// TestMemoryIsOfTheSizeOfTheEvent decodes shapes that grow in memory where
// decoders are careless, a mebibyte each.
func TestMemoryIsOfTheSizeOfTheEvent(t *testing.T) {
	const most = 40 // times the size, garbage included
	keys := manyKeys()
	for _, tt := range []struct{ name, payload string }{
		{"keys", `{` + keys + `"a":1}`},
		{"keys of the request context", `{"httpMethod":"GET","requestContext":{` + keys + `"a":1}}`},
		{"nesting", fill(`{"a":`, `[`, ``)},
		{"records", fill(`{"Records":[`, `{},`, `{}]}`)},
		{"messages", fill(`{"Records":[`, `{"Ckafka":{}},`, `{}]}`)},
		{"headers", fill(`{"httpMethod":"GET","path":"/","headers":{"a":"b"`, `,"a":"b"`, `}}`)},
		{"names of headers", `{"httpMethod":"GET","path":"/","headers":{` + strings.ReplaceAll(keys, ":1", `:""`) + `"a":""}}`},
		{"values of a query", fill(`{"httpMethod":"GET","path":"/","queryString":{"a":[""`, `,""`, `]}}`)},
		{"a raw query", fill(`{"rawPath":"/","requestContext":{"http":{"method":"GET"}},"rawQueryString":"`, `a&`, `"}`)},
		{"cookies", fill(`{"rawPath":"/","requestContext":{"http":{"method":"GET"}},"cookies":["a"`, `,""`, `]}`)},
		{"a path", fill(`{"httpMethod":"GET","path":"`, `/..`, `"}`)},
		{"a path of escapes", fill(`{"httpMethod":"GET","path":"`, `%2f`, `"}`)},
		{"a route", fill(`{"httpMethod":"GET","path":"/","requestContext":{"resourcePath":"/"},"pathParameters":{"a":"b"},"resource":"`, `/{a}`, `"}`)},
		{"a body in base64", fill(`{"httpMethod":"GET","path":"/","isBase64Encoded":true,"body":"`, `AAAA`, `"}`)},
		{"a record", fill(`{"Records":[{"body":"`, `x`, `"}]}`)},
		{"resources", fill(`{"detail-type":"Scheduled Event","source":"aws.events","resources":[`, `"",`, `""]}`)},
		{"accounts", fill(`{"action":"check","accounts":["a"`, `,"a"`, `]}`)},
		{"no accounts", fill(`{"action":"check","accounts":["a"`, `,""`, `]}`)},
		{"a message", fill(`{"Type":"Timer","Message":"{`, ` `, `"}`)},
		{"escapes", fill(`{"Type":"Timer","Message":"`, `\u0000`, `"}`)},
		{"a body", fill(`{"httpMethod":"POST","body":"`, `x`, `"}`)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			payload := []byte(tt.payload)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			events.Decode(payload)
			runtime.ReadMemStats(&after)
			if got := (after.TotalAlloc - before.TotalAlloc) / uint64(len(payload)); got > most {
				t.Errorf("got %d times the event's size, want at most %d", got, most)
			}
		})
	}
}
