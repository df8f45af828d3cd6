package tcss

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"prowatch/watch"
)

func TestDecodeEnvelope(t *testing.T) {
	for _, tt := range []struct {
		name   string
		status int
		body   string
		want   watch.Failure
	}{
		{"error", 200, refusal("InvalidAction"), watch.Failure{Class: watch.Rejected, Code: "InvalidAction", Message: "because", RequestID: "r-9"}},
		{"error at another status", 500, refusal("InternalError"), watch.Failure{Class: watch.Unavailable, Code: "InternalError", Message: "because", RequestID: "r-9"}},
		{"error without a text", 200, `{"Response":{"Error":{"Code":"NoSuchVersion"}}}`, watch.Failure{Class: watch.Rejected, Code: "NoSuchVersion"}},
		{"error without a code", 200, `{"Response":{"Error":{},"RequestId":"r"}}`, watch.Failure{Class: watch.Unreadable, Message: "the Response holds an Error without a Code", RequestID: "r"}},
		{"error that is a text", 200, `{"Response":{"Error":"no","BuyStatus":"Normal"}}`, watch.Failure{Class: watch.Unreadable, Message: "the Response holds an Error without a Code"}},
		{"response that is a text", 200, `{"Response":"no"}`, watch.Failure{Class: watch.Unreadable, Message: "the Response is no JSON object"}},
		{"good answer at another status", 503, normal, watch.Failure{Class: watch.Unavailable, Message: "HTTP 503, with an answer that names no error"}},
		{"old envelope", 200, `{"code":4100,"message":"no","codeDesc":"AuthFailure"}`, watch.Failure{Class: watch.Denied, Code: "AuthFailure", Message: "no"}},
		{"old envelope without a name", 200, `{"code":4102,"message":"no"}`, watch.Failure{Class: watch.Unavailable, Code: "4102", Message: "no"}},
		{"old envelope beside null", 200, `{"Response":null,"code":4100,"codeDesc":"AuthFailure"}`, watch.Failure{Class: watch.Denied, Code: "AuthFailure"}},
		{"old success", 200, `{"code":0,"message":""}`, watch.Failure{Class: watch.Unavailable, Message: `HTTP 200, no API answer: "{\"code\":0,\"message\":\"\"}"`}},
		{"page", 503, "<html>\n  <b>busy</b>", watch.Failure{Class: watch.Unavailable, Message: `HTTP 503, no API answer: "<html> <b>busy</b>"`}},
		{"nothing", 504, "", watch.Failure{Class: watch.Unavailable, Message: "HTTP 504, no API answer: the body is empty"}},
		{"names in another case", 200, `{"response":{"BuyStatus":"Normal"}}`, watch.Failure{Class: watch.Unavailable, Message: `HTTP 200, no API answer: "{\"response\":{\"BuyStatus\":\"Normal\"}}"`}},
		{"two answers", 200, `{"Response":{}}{}`, watch.Failure{Class: watch.Unavailable, Message: `HTTP 200, no API answer: "{\"Response\":{}}{}"`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			response, f := decodeEnvelope(tt.status, []byte(tt.body))
			if f == nil || *f != tt.want || response != nil {
				t.Errorf("decodeEnvelope:\n got %s, %+v\nwant %+v", response, f, tt.want)
			}
		})
	}
}

// FuzzDecodeEnvelope checks that any body is either an object without an Error
// or one failure that can be shown: of a known class, in short clean lines.
func FuzzDecodeEnvelope(f *testing.F) {
	for _, body := range []string{
		"", "{}", "null", "<html>", normal, refusal("InternalError"), `{"Response":null}`, `{"Response":{}}`,
		`{"Response":{"Error":null}}`, `{"Response":[1e999]}`, `{"code":4100,"codeDesc":"AuthFailure"}`, "\xff\x00\x1b",
	} {
		f.Add(200, []byte(body))
		f.Add(503, []byte(body))
	}
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		response, failure := decodeEnvelope(status, body)
		if (response == nil) == (failure == nil) {
			t.Fatalf("got both or neither of %s and %v", response, failure)
		}
		if failure != nil {
			showable(t, testKey.hide(failure))
			return
		}
		var fields map[string]any
		if status != 200 || json.Unmarshal(response, &fields) != nil || fields == nil || fields["Error"] != nil {
			t.Errorf("status %d, response %s", status, response)
		}
		if _, f := decodeReading(response); f != nil {
			showable(t, f)
		}
		if f := decodePurchaseState(response, new(watch.Edition)); f != nil {
			showable(t, tidy(f))
		}
	})
}

func showable(t *testing.T, f *watch.Failure) {
	t.Helper()
	switch f.Class {
	case watch.Denied, watch.Throttled, watch.Rejected, watch.Unreadable, watch.Unavailable:
	default:
		t.Errorf("class: got %q", f.Class)
	}
	for _, s := range []string{f.Code, f.Message, f.RequestID, Mend(f)} {
		if len(s) > maxMessage || !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl) {
			t.Errorf("text cannot be shown: %q", s)
		}
	}
	if f.Class != watch.Unavailable && f.Code == "" && f.Message == "" {
		t.Errorf("failure says nothing: %+v", f)
	}
}
