package notifytest

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"prowatch/notify/sink"
	"prowatch/watch"
)

// htmlPage is what a login or block page looks like.
const htmlPage = "<!DOCTYPE html><html><title>Sign in</title><body>errcode 0 ok</body></html>"

func testRefusals(t *testing.T, r *rig) {
	if len(r.Refusals) == 0 {
		t.Fatal("the harness lists no refusals")
	}
	for _, refusal := range r.Refusals {
		t.Run(refusal.Name, func(t *testing.T) {
			r := newRig(t, r.Harness)
			refusal.Fault.Times = 10
			r.sink.Fail(refusal.Fault)
			got := r.send(t, r.channel, Find("expiry-3d"))
			got.Text = ""
			if got != refusal.Want {
				t.Errorf("Send = %+v, want %+v", got, refusal.Want)
			}
		})
	}
}

func testStatuses(t *testing.T, r *rig) {
	for status, want := range map[int]watch.Result{
		301: watch.Permanent, 302: watch.Retry, 307: watch.Retry, 308: watch.Permanent,
		400: watch.Permanent, 401: watch.Permanent, 403: watch.Permanent, 404: watch.Permanent,
		410: watch.Permanent, 413: watch.Permanent, 415: watch.Permanent,
		408: watch.Retry, 429: watch.Retry,
		500: watch.Retry, 502: watch.Retry, 503: watch.Retry, 504: watch.Retry,
	} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			r := newRig(t, r.Harness)
			r.sink.Fail(sink.Fault{Status: status, Body: htmlPage, Times: 10})
			out := r.send(t, r.channel, Find("expiry-3d"))
			if out.Result != want || out.Code != fmt.Sprint(status) {
				t.Errorf("Send = %+v, want %s with code %d", out, want, status)
			}
			if n := len(r.sink.Messages()); n > 0 {
				t.Errorf("%d messages arrived, want none", n)
			}
		})
	}
}

func testRetryAfter(t *testing.T, r *rig) {
	for _, tt := range []struct {
		name   string
		status int
		value  string
		want   time.Duration
	}{
		{"none", 429, "", 0},
		{"seconds", 429, "90", 90 * time.Second},
		{"with 503", 503, "5", 5 * time.Second},
		{"a fraction", 429, "1.5", 1500 * time.Millisecond},
		{"a date", 429, time.Now().Add(time.Hour).UTC().Format(http.TimeFormat), time.Hour},
		{"a date gone by", 429, "Tue, 24 Nov 2015 01:07:00 GMT", 0},
		{"a date in a dead form", 429, "in an hour", 0},
		{"negative", 429, "-5", 0},
		{"absurd", 429, "1e300", 6 * time.Hour},
		{"no number", 429, "NaN", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := http.Header{}
			if tt.value != "" {
				h.Set("Retry-After", tt.value)
			}
			r := newRig(t, r.Harness)
			r.sink.Fail(sink.Fault{Status: tt.status, Header: h})
			out := r.send(t, r.channel, Find("expiry-3d"))
			if off := (out.After - tt.want).Abs(); out.Result != watch.Retry || off > 5*time.Second {
				t.Errorf("Send = %+v, want retry after %v", out, tt.want)
			}
		})
	}
}

func testProof(t *testing.T, r *rig) {
	for _, tt := range []struct {
		name, body string
		want       watch.Result // where the body must prove it
	}{
		{"an empty object", "{}", watch.Unknown},
		{"an object of another kind", `{"status":"ok","success":true}`, watch.Unknown},
		{"nothing", "", watch.Unknown},
		{"a page", htmlPage, watch.Retry},
		{"a word", "accepted", watch.Retry},
		{"an array", "[0]", watch.Retry},
		{"half an object", `{"errcode":0`, watch.Retry},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t, r.Harness)
			r.sink.Fail(sink.Fault{Body: tt.body})
			out := r.send(t, r.channel, Find("expiry-3d"))
			want := tt.want
			switch {
			case r.ProvedByStatus:
				want = watch.Sent
			case r.Queues && tt.body != htmlPage:
				want = watch.Accepted
			}
			if out.Result != want {
				t.Errorf("Send answered HTTP 200 and %q = %+v, want %s", tt.body, out, want)
			}
		})
	}
}

func testRedirect(t *testing.T, r *rig) {
	target := newRig(t, r.Harness)
	for _, status := range []int{301, 302, 303, 307, 308} {
		channel := r.to(t, func(w http.ResponseWriter, q *http.Request) {
			http.Redirect(w, q, target.server.URL+q.URL.RequestURI(), status)
		})
		if out := r.send(t, channel, Find("expiry-3d")); arrived(out) {
			t.Errorf("Send redirected with %d = %+v, want a failure", status, out)
		}
	}
	if n := target.sink.Requests(); n > 0 {
		t.Errorf("%d redirects were followed, want none", n)
	}
}
