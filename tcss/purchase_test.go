package tcss

import (
	"net/http"
	"strings"
	"testing"

	"prowatch/watch"
)

// twoActions answers each action and counts the requests by action.
func twoActions(asked map[string]int, proVersion, purchaseState string) transport {
	return func(r *http.Request) (*http.Response, error) {
		action := r.Header.Get("X-TC-Action")
		asked[action]++
		if action == "DescribePurchaseStateInfo" {
			return reply(200, purchaseState)
		}
		return reply(200, proVersion)
	}
}

func TestThePurchaseStateGivesTheEndThatIsAbsent(t *testing.T) {
	for _, tt := range []struct {
		name, response string
		end, renewal   string
	}{
		{"on", `{"ExpirationTime":"2031-02-03 04:05:06","AutomaticRenewal":1}`, "2031-02-03 04:05:06", "on"},
		{"off", `{"ExpirationTime":"2031-02-03 04:05:06","AutomaticRenewal":2}`, "2031-02-03 04:05:06", "off"},
		{"never set", `{"ExpirationTime":"2031-02-03 04:05:06","AutomaticRenewal":0}`, "2031-02-03 04:05:06", "off"},
		{"null", `{"ExpirationTime":null,"AutomaticRenewal":null}`, "", ""},
		{"the zero date", `{"ExpirationTime":"0000-00-00 00:00:00"}`, "", ""},
		{"nothing", `{}`, "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := open(t, Options{ExpirySource: watch.PurchaseState, Transport: twoActions(map[string]int{}, noEnd, `{"Response":`+tt.response+`}`)})
			r, err := c.Read(t.Context())
			if err != nil || r.EndTime != tt.end || r.AutoRenewal != tt.renewal || r.Status != watch.Normal || r.RequestID != "r-1" {
				t.Errorf("Read: got %+v, %v, want the end %q and renewal %q", r, err, tt.end, tt.renewal)
			}
		})
	}
}

func TestThePurchaseStateIsAskedOnlyWhereItMatters(t *testing.T) {
	for _, tt := range []struct {
		name, source, answer string
		want                 int
	}{
		{"by default", "", noEnd, 0},
		{"pro_version", watch.ProVersion, noEnd, 0},
		{"an end is there", watch.PurchaseState, normal, 0},
		{"Pending has no end", watch.PurchaseState, strings.Replace(noEnd, "Normal", "Pending", 1), 0},
		{"Isolate must be told at once", watch.PurchaseState, strings.Replace(noEnd, "Normal", "Isolate", 1), 0},
		{"no end", watch.PurchaseState, noEnd, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			asked := map[string]int{}
			c := open(t, Options{ExpirySource: tt.source, Transport: twoActions(asked, tt.answer, `{"Response":{}}`)})
			if _, err := c.Read(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := asked["DescribePurchaseStateInfo"]; got != tt.want {
				t.Errorf("requests: got %d, want %d", got, tt.want)
			}
		})
	}
}

func TestAFailedPurchaseStateFailsTheWholeCheck(t *testing.T) {
	for _, tt := range []struct {
		name, body string
		class      watch.Class
	}{
		{"denied", refusal("AuthFailure.UnauthorizedOperation"), watch.Denied},
		{"unavailable", "<html>", watch.Unavailable},
		{"a time that is none", `{"Response":{"ExpirationTime":"soon"}}`, watch.Unreadable},
		{"a time that is a number", `{"Response":{"ExpirationTime":1}}`, watch.Unreadable},
		{"a renewal nobody knows", `{"Response":{"AutomaticRenewal":3}}`, watch.Unreadable},
		{"a renewal that is a text", `{"Response":{"AutomaticRenewal":"1"}}`, watch.Unreadable},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := open(t, Options{ExpirySource: watch.PurchaseState, Transport: twoActions(map[string]int{}, noEnd, tt.body)})
			r, err := c.Read(t.Context())
			f := failed(t, err)
			if f.Class != tt.class || !strings.HasPrefix(f.Message, "DescribePurchaseStateInfo: ") || r != (watch.Reading{}) {
				t.Errorf("Read: got %+v, %v, want class %s", r, f, tt.class)
			}
		})
	}
}

func TestAPurchaseStateMustBeAnObject(t *testing.T) {
	var e watch.Edition
	if f := decodePurchaseState([]byte(`[]`), &e); f == nil || f.Class != watch.Unreadable || e != (watch.Edition{}) {
		t.Errorf("decodePurchaseState: got %v, %+v", f, e)
	}
}
