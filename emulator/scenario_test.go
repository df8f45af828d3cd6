package emulator_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"prowatch/emulator"
	"prowatch/scenario"
)

// played is an emulator after a licence's last days, with everything that can
// go wrong.
func played(t *testing.T) *emulator.Emulator {
	t.Helper()
	e := atNoon(emulator.Options{Rate: -1})
	describe := func() { e.ServeHTTP(httptest.NewRecorder(), ask{}.tc3()) }
	at := func(now string) { set(t, e, "PUT", "clock", `{"now":"`+now+`","speed":0}`) }
	set(t, e, "PUT", account+"edition", `{"StartTime":"2026-01-01 00:00:00","EndTime":"2026-02-01 00:00:00","CoresCnt":0,"MaxPostPayCoresCnt":500,"ResourceId":null,"IsPurchased":true}`)
	at("2026-01-01T00:00:00+08:00")
	describe()
	e.ServeHTTP(httptest.NewRecorder(), ask{action: "DescribePurchaseStateInfo"}.tc3())
	set(t, e, "PUT", account+"faults", `[{"code":"InternalError.MainDBFail"},{"body":"<html>\"no\"</html>"},{"http":503},{"drop":true},{"cut":true},{"delay":"1h"}]`)
	at("2026-01-02T00:00:00+08:00")
	describe()
	describe()
	describe()
	for range 2 {
		func() {
			defer func() { _ = recover() }() // The connection is closed so.
			describe()
		}()
	}
	gone, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	e.ServeHTTP(httptest.NewRecorder(), ask{}.tc3().WithContext(gone))
	set(t, e, "PUT", account+"edition", `{"BuyStatus":"Isolate","EndTime":null}`)
	at("2026-02-01T00:00:00.5+08:00")
	describe()
	e.ServeHTTP(httptest.NewRecorder(), ask{key: "wrong"}.tc3())
	return e
}

const wantScenario = `title: "what the emulator answered to AKIDEMULATOR"
account: "AKIDEMULATOR"
steps:
  - {at: 2026-01-01T00:00:00+08:00, api: {StartTime: "2026-01-01 00:00:00", EndTime: "2026-02-01 00:00:00", CoresCnt: 0, MaxPostPayCoresCnt: 500, ResourceId: null, BuyStatus: "Normal", IsPurchased: true}}
  - {at: 2026-01-02T00:00:00+08:00, error: {code: "InternalError.MainDBFail", message: "The database operation failed."}}
  - {at: 2026-01-02T00:00:00+08:00, error: {body: "<html>\"no\"</html>"}}
  - {at: 2026-01-02T00:00:00+08:00, error: {network: "status 503 without a body"}}
  - {at: 2026-01-02T00:00:00+08:00, error: {network: "the connection was closed without an answer"}}
  - {at: 2026-01-02T00:00:00+08:00, error: {network: "the connection was closed in the middle of the answer"}}
  - {at: 2026-01-02T00:00:00+08:00, error: {network: "timeout"}}
  - {at: 2026-02-01T00:00:00.5+08:00, api: {StartTime: "2026-01-01 00:00:00", EndTime: null, CoresCnt: 0, MaxPostPayCoresCnt: 500, ResourceId: null, BuyStatus: "Isolate", IsPurchased: true}}
  - {at: 2026-02-01T00:00:00.5+08:00, error: {code: "AuthFailure.SignatureFailure", message: "The provided credentials could not be validated. Please check your signature is correct."}}
`

func TestWhatHappenedIsAScenario(t *testing.T) {
	e := played(t)
	var b strings.Builder
	if err := e.WriteScenario(&b, emulator.DefaultSecretID); err != nil {
		t.Fatal(err)
	}
	if b.String() != wantScenario {
		t.Errorf("\n got %s\nwant %s", b.String(), wantScenario)
	}
	r := httptest.NewRequest("GET", "/_emulator/scenario", nil)
	r.RemoteAddr, r.Host = "127.0.0.1:40000", "localhost:9900"
	w := httptest.NewRecorder()
	e.ServeHTTP(w, r)
	if w.Body.String() != wantScenario || !strings.HasPrefix(w.Header().Get("Content-Type"), "application/yaml") {
		t.Errorf("by the admin API: %s %s", w.Header(), w.Body)
	}
	_ = e.SetAccount("AKIDmore", "k", "")
	if status, body := admin(t, e, "GET", "scenario", ""); status != 400 || !strings.Contains(body, "?account=AKIDEMULATOR") {
		t.Errorf("with two accounts: %d %s, want to be asked which", status, body)
	}
	if status, _ := admin(t, e, "GET", "scenario?account=AKIDnone", ""); status != 404 {
		t.Errorf("of an account there is not: %d, want 404", status)
	}
}

func TestWhatHappenedCanBePlayed(t *testing.T) {
	e := played(t)
	if err := e.ReplaceEdition(emulator.DefaultSecretID, emulator.Edition{"BuyStatus": []any{"a: b", nil}, "CoresCnt": 1.5, "odd key: #": "\t\"ü\u2028\x7f"}); err != nil {
		t.Fatal(err)
	}
	e.ServeHTTP(httptest.NewRecorder(), ask{}.tc3())
	var b strings.Builder
	if err := e.WriteScenario(&b, emulator.DefaultSecretID); err != nil {
		t.Fatal(err)
	}
	s, err := scenario.Read("emulator.yaml", []byte(b.String()))
	if err != nil {
		t.Fatalf("%v\n%s", err, b.String())
	}
	if len(s.Steps) != 10 {
		t.Errorf("%d steps, want 10", len(s.Steps))
	}
	var got []string
	for _, line := range scenario.Play(s) {
		got = append(got, string(line.Notice.Type))
	}
	if heard := strings.Join(got, " "); !strings.Contains(heard, "baseline.recorded") || !strings.Contains(heard, "status.changed") {
		t.Errorf("heard %q, want the baseline and the change of status", heard)
	}
}

func TestAScenarioOfNothingIsRefused(t *testing.T) {
	e := atNoon(emulator.Options{})
	var b strings.Builder
	if err := e.WriteScenario(&b, emulator.DefaultSecretID); !errors.Is(err, emulator.ErrNothing) || b.Len() > 0 {
		t.Errorf("%v, %q; want ErrNothing and nothing written", err, b.String())
	}
	if status, body := admin(t, e, "GET", "scenario", ""); status != 409 || !strings.Contains(body, "DescribeProVersionInfo first") {
		t.Errorf("by the admin API: %d %s, want how to mend it", status, body)
	}
}

func TestAnEnvelopeOfAFaultsBodyIsAnError(t *testing.T) {
	e := atNoon(emulator.Options{})
	set(t, e, "PUT", "clock", `{"now":"2026-01-02T00:00:00Z","speed":0}`)
	send(t, e, ask{}.tc3())
	set(t, e, "PUT", "clock", `{"now":"2026-01-01T00:00:00Z","speed":0}`)
	set(t, e, "PUT", account+"faults", `[{"body":"{\"Response\":{\"Error\":{\"Code\":\"FailedOperation\",\"Message\":\"no\"},\"RequestId\":\"r\"}}"}]`)
	e.ServeHTTP(httptest.NewRecorder(), ask{}.tc3())
	var b strings.Builder
	if err := e.WriteScenario(&b, emulator.DefaultSecretID); err != nil {
		t.Fatal(err)
	}
	want := "  # The clock was turned back here.\n  - {at: 2026-01-01T00:00:00Z, error: {code: \"FailedOperation\", message: \"no\"}}\n"
	if !strings.HasSuffix(b.String(), want) {
		t.Errorf("\n got %s\nwant %s at its end", b.String(), want)
	}
}
