package tcss

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"prowatch/emulator"
	"prowatch/watch"
)

// emulate returns an emulator that knows testKey, and a client of it.
func emulate(t *testing.T, o Options) (*emulator.Emulator, *Client) {
	t.Helper()
	e := emulator.New(&emulator.Options{
		Accounts: map[string]string{testKey.SecretID: testKey.SecretKey},
		Tokens:   map[string]string{testKey.SecretID: testKey.Token},
	})
	srv := httptest.NewServer(e)
	t.Cleanup(srv.Close)
	o.Endpoint = srv.URL
	return e, open(t, o)
}

func TestTheEmulatorTakesTheSignature(t *testing.T) {
	e, c := emulate(t, Options{})
	edition := emulator.Edition{
		"BuyStatus": "Isolate", "StartTime": "2026-01-02 03:04:05", "EndTime": "2026-02-03 04:05:06",
		"ResourceId": "tcss-7", "CoresCnt": 3, "MaxPostPayCoresCnt": 5000, "IsPurchased": true,
	}
	if err := e.SetEdition(testKey.SecretID, edition); err != nil {
		t.Fatal(err)
	}
	want := watch.Edition{
		Status: watch.Isolate, StartTime: "2026-01-02 03:04:05", EndTime: "2026-02-03 04:05:06",
		ResourceID: "tcss-7", CoresCnt: 3, MaxPostPayCoresCnt: 5000, IsPurchased: true,
	}
	r, err := c.Read(t.Context())
	if err != nil || r.Edition != want || r.RequestID != e.Requests()[0].Answer.RequestID {
		t.Errorf("Read()\n got %+v, %v\nwant %+v", r, err, want)
	}
}

func TestTheEmulatorTakesTheSignatureUnderAPath(t *testing.T) {
	_, c := emulate(t, Options{})
	c.endpoint.path = "/some/base"
	if _, err := c.Read(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestTheEmulatorRefusesWrongKeys(t *testing.T) {
	for _, tt := range []struct {
		name string
		with func(*Credentials)
		code string
	}{
		{"id", func(c *Credentials) { c.SecretID = "AKIDnobodynobodynobodynobodynobody00" }, "AuthFailure.SecretIdNotFound"},
		{"key", func(c *Credentials) { c.SecretKey = "another" }, "AuthFailure.SignatureFailure"},
		{"token", func(c *Credentials) { c.Token = "another" }, "AuthFailure.TokenFailure"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			key := testKey
			tt.with(&key)
			e, c := emulate(t, Options{Credentials: Static(key)})
			_, err := c.Read(t.Context())
			f := failed(t, err)
			if f.Class != watch.Denied || f.Code != tt.code || f.RequestID == "" {
				t.Errorf("failure: got %+v, want denied, %s", f, tt.code)
			}
			if got := len(e.Requests()); got != 1 {
				t.Errorf("requests: got %d, want 1", got)
			}
		})
	}
}

func TestFaultsOfTheEmulator(t *testing.T) {
	for _, tt := range []struct {
		name  string
		fault emulator.Fault
		class watch.Class
		text  string
	}{
		{"a clock", emulator.Fault{Code: "AuthFailure.SignatureExpire"}, watch.Denied, "expired"},
		{"a permission", emulator.Fault{Code: "AuthFailure.UnauthorizedOperation"}, watch.Denied, "tcss:DescribeProVersionInfo"},
		{"a role", emulator.Fault{Code: "InternalError.ErrRoleNotExist"}, watch.Denied, "ErrRoleNotExist"},
		{"the rate", emulator.Fault{Code: "RequestLimitExceeded"}, watch.Throttled, "20"},
		{"a parser", emulator.Fault{Code: "InvalidParameter.ParsingError"}, watch.Rejected, "InvalidParameter.ParsingError"},
		{"a page", emulator.Fault{HTTP: 503, Body: "<html>busy"}, watch.Unavailable, `HTTP 503, no API answer: "<html>busy"`},
		{"a login page", emulator.Fault{Body: "<html>"}, watch.Unavailable, "HTTP 200, no API answer"},
		{"a dropped connection", emulator.Fault{Drop: true}, watch.Unavailable, "closed the connection"},
		{"a slow answer", emulator.Fault{Delay: time.Minute}, watch.Unavailable, "within 100ms"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e, c := emulate(t, Options{Attempts: 1, Timeout: 100 * time.Millisecond})
			tt.fault.Times = emulator.Forever
			if err := e.SetFaults(testKey.SecretID, tt.fault); err != nil {
				t.Fatal(err)
			}
			_, err := c.Read(t.Context())
			if f := failed(t, err); f.Class != tt.class || !strings.Contains(f.Error(), tt.text) {
				t.Errorf("failure: got %v, want %s: …%s…", f, tt.class, tt.text)
			}
		})
	}
}

func TestAPassingFaultOfTheEmulatorIsNotSeen(t *testing.T) {
	e, c := emulate(t, Options{})
	if err := e.SetFaults(testKey.SecretID, emulator.Fault{HTTP: 502, Body: "<html>"}, emulator.Fault{Drop: true}); err != nil {
		t.Fatal(err)
	}
	if r, err := c.Read(t.Context()); err != nil || r.Status != watch.Normal {
		t.Errorf("Read: got %+v, %v", r, err)
	}
	if got := len(e.Requests()); got != 3 {
		t.Errorf("requests: got %d, want 3", got)
	}
}

func TestThePurchaseStateOfTheEmulator(t *testing.T) {
	e, c := emulate(t, Options{ExpirySource: watch.PurchaseState})
	if err := e.SetEdition(testKey.SecretID, emulator.Edition{"EndTime": nil}); err != nil {
		t.Fatal(err)
	}
	state := emulator.PurchaseState{"ExpirationTime": "2031-02-03 04:05:06", "AutomaticRenewal": 1}
	if err := e.SetPurchaseState(testKey.SecretID, state); err != nil {
		t.Fatal(err)
	}
	r, err := c.Read(t.Context())
	if err != nil || r.EndTime != "2031-02-03 04:05:06" || r.AutoRenewal != "on" {
		t.Errorf("Read: got %+v, %v", r, err)
	}
}

// Two clients of one credential, asked by many at once, never make the
// emulator count too many requests in a second.
func TestTheEmulatorIsNeverAskedTooOften(t *testing.T) {
	e, a := emulate(t, Options{Attempts: 1})
	b := open(t, Options{Attempts: 1, Endpoint: "http://" + a.endpoint.host, Limiters: a.limiters, Transport: &http.Transport{}})
	var wg sync.WaitGroup
	for i := range 30 {
		wg.Go(func() {
			if _, err := []*Client{a, b}[i%2].Read(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got := len(e.Requests()); got != 30 {
		t.Errorf("requests: got %d, want 30", got)
	}
}
