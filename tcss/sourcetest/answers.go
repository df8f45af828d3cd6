package sourcetest

import (
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"

	"prowatch/watch"
)

func testAnswer(t *testing.T, open opener) {
	want := watch.Reading{
		Edition: watch.Edition{
			Status: watch.Normal, StartTime: "2024-05-19 17:06:40", EndTime: "2024-11-19 17:06:40",
			ResourceID: "tcss-1", CoresCnt: 3, MaxPostPayCoresCnt: 5000,
		},
		RequestID: "req-1",
	}
	got, err := open(t, answer(http.StatusOK, good("req-1"))).Read(t.Context())
	if err != nil || got != want {
		t.Errorf("Read()\n got %+v, %v\nwant %+v", got, err, want)
	}
}

func testAsksOnce(t *testing.T, open opener) {
	var asked atomic.Int32
	src := open(t, func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		fmt.Fprint(w, good("req-1"))
	})
	if _, err := src.Read(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := asked.Load(); got != 1 {
		t.Errorf("requests: got %d, want 1", got)
	}
}

func testAsksAnew(t *testing.T, open opener) {
	var asked atomic.Int32
	src := open(t, func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, good(fmt.Sprint("req-", asked.Add(1))))
	})
	for _, want := range []string{"req-1", "req-2"} {
		if got, err := src.Read(t.Context()); err != nil || got.RequestID != want {
			t.Errorf("request id: got %q, %v, want %q", got.RequestID, err, want)
		}
	}
}

// faults are answers that give no reading, and their class.
func faults() []faultCase {
	return []faultCase{
		{"an unknown key", 200, fault("AuthFailure.SecretIdNotFound", "m", "r"), watch.Denied},
		{"a missing permission", 200, fault("UnauthorizedOperation", "m", "r"), watch.Denied},
		{"a missing service role", 200, fault("InternalError.ErrRoleNotExist", "m", "r"), watch.Denied},
		{"too many requests", 200, fault("RequestLimitExceeded", "m", "r"), watch.Throttled},
		{"too many requests of the account", 200, fault("RequestLimitExceeded.UinLimitExceeded", "m", "r"), watch.Throttled},
		{"a wrong parameter", 200, fault("InvalidParameter.ParsingError", "m", "r"), watch.Rejected},
		{"an unknown version", 200, fault("NoSuchVersion", "m", "r"), watch.Rejected},
		{"a database that is down", 200, fault("InternalError.MainDBFail", "m", "r"), watch.Unavailable},
		{"a code nobody knows", 200, fault("Whatever.New", "m", "r"), watch.Unavailable},
		{"an error at another status", 403, fault("AuthFailure.SignatureFailure", "m", "r"), watch.Denied},
		{"an old envelope", 200, `{"code":4100,"message":"m","codeDesc":"AuthFailure"}`, watch.Denied},
		{"a status nobody knows", 200, `{"Response":{"BuyStatus":"Frozen"}}`, watch.Unreadable},
		{"a count that is text", 200, `{"Response":{"BuyStatus":"Normal","CoresCnt":"5"}}`, watch.Unreadable},
		{"a negative count", 200, `{"Response":{"BuyStatus":"Normal","CoresCnt":-1}}`, watch.Unreadable},
		{"a time that is none", 200, `{"Response":{"BuyStatus":"Normal","EndTime":"next year"}}`, watch.Unreadable},
		{"an empty Response", 200, `{"Response":{}}`, watch.Unreadable},
		{"a Response that is a list", 200, `{"Response":[]}`, watch.Unreadable},
		{"a good answer at 503", 503, good("r"), watch.Unavailable},
		{"a page at 503", 503, "<html>busy</html>", watch.Unavailable},
		{"a page at 200", 200, "<html>log in</html>", watch.Unavailable},
		{"an empty object", 200, `{}`, watch.Unavailable},
		{"a null Response", 200, `{"Response":null}`, watch.Unavailable},
		{"a cut answer", 200, good("r")[:60], watch.Unavailable},
		{"nothing", 200, "", watch.Unavailable},
	}
}

type faultCase struct {
	name   string
	status int
	body   string
	want   watch.Class
}

func testClasses(t *testing.T, open opener) {
	for _, tt := range faults() {
		t.Run(tt.name, func(t *testing.T) {
			r, err := open(t, answer(tt.status, tt.body)).Read(t.Context())
			f := failure(t, err)
			if f.Class != tt.want {
				t.Errorf("class: got %q (%v), want %q", f.Class, f, tt.want)
			}
			if r != (watch.Reading{}) {
				t.Errorf("reading beside the failure: got %+v, want none", r)
			}
		})
	}
}

func testFailureFields(t *testing.T, open opener) {
	body := fault("UnauthorizedOperation", "you are not authorized", "req-7")
	want := watch.Failure{
		Class: watch.Denied, Code: "UnauthorizedOperation",
		Message: "you are not authorized", RequestID: "req-7",
	}
	_, err := open(t, answer(http.StatusOK, body)).Read(t.Context())
	if got := *failure(t, err); got != want {
		t.Errorf("failure\n got %+v\nwant %+v", got, want)
	}
}

// failure returns err as the failure it must be.
func failure(t *testing.T, err error) *watch.Failure {
	t.Helper()
	var f *watch.Failure
	if !errors.As(err, &f) || f == nil {
		t.Fatalf("error: got %v (%T), want a *watch.Failure", err, err)
	}
	return f
}
