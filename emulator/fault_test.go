package emulator_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"prowatch/emulator"
)

func TestFaultsAreTakenOneARequestInOrder(t *testing.T) {
	e := atNoon(emulator.Options{Rate: -1})
	set(t, e, "PUT", account+"faults", `[
		{"code":"InternalError.MainDBFail","times":2}, {"pass":true},
		{"http":503,"body":"busy"}, {"body":"<html>"}, {"code":"Custom","message":"mine"}]`)
	var got []string
	for range 8 {
		w := httptest.NewRecorder()
		e.ServeHTTP(w, ask{}.tc3())
		var r reply
		_ = json.Unmarshal(w.Body.Bytes(), &r)
		switch e, _ := r.Response["Error"].(map[string]any); {
		case e != nil:
			got = append(got, e["Code"].(string)+" "+e["Message"].(string))
		case r.Response != nil:
			got = append(got, r.Response["BuyStatus"].(string))
		default:
			got = append(got, w.Result().Status+" "+w.Header().Get("Content-Type")+" "+w.Body.String())
		}
	}
	want := []string{
		"InternalError.MainDBFail The database operation failed.", "InternalError.MainDBFail The database operation failed.",
		"Normal", "503 Service Unavailable text/plain; charset=utf-8 busy",
		"200 OK text/html; charset=utf-8 <html>", "Custom mine", "Normal", "Normal",
	}
	if !slices.Equal(got, want) {
		t.Errorf("\n got %q\nwant %q", got, want)
	}
}

func TestZeroTimesIsForEver(t *testing.T) {
	e := atNoon(emulator.Options{Rate: -1})
	set(t, e, "PUT", account+"faults", `[{"code":"InternalError","times":0},{"pass":true}]`)
	for range 5 {
		if got := send(t, e, ask{}.tc3()); got.err.Code != "InternalError" {
			t.Fatalf("answer = %v, want InternalError", got.err)
		}
	}
	if s := set(t, e, "GET", account+"faults", ""); !strings.Contains(s, `"times": 0`) {
		t.Errorf("faults = %s, want times 0 still", s)
	}
	set(t, e, "DELETE", account+"faults", "")
	if got := send(t, e, ask{}.tc3()); got.err.Code != "" {
		t.Errorf("answer = %v, want none", got.err)
	}
}

func TestARefusedRequestTakesNoFault(t *testing.T) {
	e := atNoon(emulator.Options{Rate: -1})
	_ = e.SetFaults(emulator.DefaultSecretID, emulator.Fault{Code: "InternalError"})
	check(t, e, ask{key: "wrong"}.tc3(), badSignature)
	check(t, e, ask{}.tc3(), "InternalError: An internal error occurred.")
}

func TestACodeAloneHasTheServicesMessageInBothLanguages(t *testing.T) {
	e := atNoon(emulator.Options{Rate: -1})
	for _, tt := range []struct{ code, en, zh string }{
		{"InternalError", "An internal error occurred.", "内部错误。"},
		{"InternalError.ErrRoleNotExist", "The user is unauthorized.", "用户未授权。"},
		{"InternalError.MainDBFail", "The database operation failed.", "操作数据库失败。"},
		{"InvalidParameter.ParsingError", "A parameter parsing error occurred.", "参数解析错误。"},
		{"InternalError.Other", "An internal error occurred.", "内部错误。"},
		{"RequestLimitExceeded", "Your current request times equals to `21` in a second, which exceeds the frequency limit `20` for a second. Please reduce the frequency of calls.", "您当前每秒请求 `21` 次，超过了每秒频率上限 `20`，请稍后重试。"},
	} {
		fault := emulator.Fault{Code: tt.code, Times: 2}
		if err := e.SetFaults(emulator.DefaultSecretID, fault); err != nil {
			t.Fatal(err)
		}
		check(t, e, ask{}.tc3(), tt.code+": "+tt.en)
		check(t, e, ask{language: "zh-CN"}.tc3(), tt.code+": "+tt.zh)
	}
}

func TestNoMessageHasABlankLeftOpen(t *testing.T) {
	e := atNoon(emulator.Options{Rate: -1})
	codes := []string{"AuthFailure.UnauthorizedOperation", "AuthFailure.InvalidAuthorization", "AuthFailure.TokenFailure",
		"InvalidAction", "NoSuchVersion", "MissingParameter", "InvalidParameter", "InvalidParameterValue", "UnknownParameter",
		"UnsupportedProtocol", "RequestSizeLimitExceeded", "RequestLimitExceeded.UinLimitExceeded", "ServiceUnavailable"}
	for _, code := range codes {
		if err := e.SetFaults(emulator.DefaultSecretID, emulator.Fault{Code: code, Times: 2}); err != nil {
			t.Errorf("%s: %v", code, err)
		}
		for _, language := range []string{"en-US", "zh-CN"} {
			got := send(t, e, ask{language: language}.tc3())
			if got.err.Code != code || got.err.Message == "" || strings.ContainsAny(got.err.Message, "{}") {
				t.Errorf("%s: %v", code, got.err)
			}
		}
	}
	_ = e.SetFaults(emulator.DefaultSecretID, emulator.Fault{Code: "AuthFailure.UnauthorizedOperation"})
	got := send(t, e, ask{}.tc3())
	for _, want := range []string{got.Response["RequestId"].(string), "(tcss:DescribeProVersionInfo)"} {
		if !strings.Contains(got.err.Message, want) {
			t.Errorf("message = %q, want %q in it", got.err.Message, want)
		}
	}
}

func TestADroppedConnectionHasNoAnswer(t *testing.T) {
	e := emulator.New(nil)
	s := httptest.NewServer(e)
	defer s.Close()
	_ = e.SetFaults(emulator.DefaultSecretID, emulator.Fault{Drop: true})
	r := ask{at: time.Now(), host: strings.TrimPrefix(s.URL, "http://")}.tc3()
	_, err := overNetwork(t.Context(), s.URL, r)
	if !errors.Is(err, io.EOF) {
		t.Errorf("error = %v, want EOF", err)
	}
	if xs := e.Requests(); len(xs) != 1 || !xs[0].Answer.Dropped || xs[0].Answer.Fault != "drop" {
		t.Errorf("requests = %+v, want one dropped", xs)
	}
}

func TestADelayComesBeforeTheAnswerAndEndsWithTheRequest(t *testing.T) {
	e := emulator.New(nil)
	s := httptest.NewServer(e)
	defer s.Close()
	host := strings.TrimPrefix(s.URL, "http://")
	_ = e.SetFaults(emulator.DefaultSecretID,
		emulator.Fault{Delay: 30 * time.Millisecond, Code: "InternalError"}, emulator.Fault{Delay: time.Hour})

	began := time.Now()
	body, err := overNetwork(t.Context(), s.URL, ask{at: began, host: host}.tc3())
	if err != nil || !strings.Contains(body, "InternalError") || time.Since(began) < 30*time.Millisecond {
		t.Errorf("answer = %q, %v after %s; want InternalError after 30ms", body, err, time.Since(began))
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	if _, err := overNetwork(ctx, s.URL, ask{at: began, host: host}.tc3()); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error = %v, want the deadline", err)
	}
	// Closing the server waits for its handlers, so an hour would show.
}

// overNetwork sends a request that was made for a handler to a server.
func overNetwork(ctx context.Context, base string, r *http.Request) (string, error) {
	q, err := http.NewRequestWithContext(ctx, r.Method, base+r.URL.RequestURI(), r.Body)
	if err != nil {
		return "", err
	}
	q.Header, q.Host = r.Header, r.Host
	rsp, err := http.DefaultClient.Do(q)
	if err != nil {
		return "", err
	}
	defer rsp.Body.Close()
	b, err := io.ReadAll(rsp.Body)
	return string(b), err
}

func TestAFaultSurvivesItsJSON(t *testing.T) {
	want := []emulator.Fault{
		{Code: "c", Message: "m", Times: 3}, {HTTP: 503, Body: "b"}, {Delay: 2 * time.Second, Times: emulator.Forever},
		{Drop: true}, {Pass: true}, {Body: "<html>"},
	}
	b, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got []emulator.Fault
	if err := json.Unmarshal(b, &got); err != nil || !slices.Equal(got, want) {
		t.Errorf("%s\n got %+v, %v\nwant %+v", b, got, err, want)
	}
}

func TestAChanceIsDrawnFromItsSeed(t *testing.T) {
	strikes := func(seed uint64) (s string) {
		e := atNoon(emulator.Options{Rate: -1})
		if err := e.SetFaults(emulator.DefaultSecretID, emulator.Fault{Code: "InternalError", Chance: 0.25, Seed: seed, Times: emulator.Forever}); err != nil {
			t.Fatal(err)
		}
		for range 400 {
			s += map[bool]string{true: "x", false: "."}[send(t, e, ask{}.tc3()).err.Code != ""]
		}
		return s
	}
	one := strikes(1)
	if n := strings.Count(one, "x"); n < 70 || n > 130 {
		t.Errorf("it struck %d of 400 times, want about 100", n)
	}
	if one != strikes(1) || one == strikes(2) {
		t.Error("want the same seed to strike the same requests, and another to strike others")
	}
}

func TestTheNthRequestIsStruck(t *testing.T) {
	e := atNoon(emulator.Options{Rate: -1})
	set(t, e, "PUT", account+"faults", `[{"code":"InternalError","nth":3,"times":2}]`)
	var got []string
	for range 6 {
		got = append(got, send(t, e, ask{}.tc3()).err.Code)
	}
	if want := []string{"", "", "InternalError", "InternalError", "", ""}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestAFaultOfOneActionLeavesTheOthersAlone(t *testing.T) {
	e := atNoon(emulator.Options{Rate: -1})
	set(t, e, "PUT", account+"faults", `[{"code":"InternalError","action":"DescribePurchaseStateInfo"},{"code":"ServiceUnavailable"}]`)
	check(t, e, ask{}.tc3(), "ServiceUnavailable: Service is unavailable now.")
	check(t, e, ask{action: "DescribePurchaseStateInfo"}.tc3(), "InternalError: An internal error occurred.")
	if got := send(t, e, ask{}.tc3()); got.err.Code != "" {
		t.Errorf("answer = %v, want none of it", got.err)
	}
}

func TestACutAnswerBreaksOffHalfWay(t *testing.T) {
	e := emulator.New(nil)
	s := httptest.NewServer(e)
	defer s.Close()
	_ = e.SetFaults(emulator.DefaultSecretID, emulator.Fault{Cut: true})
	body, err := overNetwork(t.Context(), s.URL, ask{at: time.Now(), host: strings.TrimPrefix(s.URL, "http://")}.tc3())
	if !errors.Is(err, io.ErrUnexpectedEOF) || !strings.HasPrefix(body, `{"Response":{`) {
		t.Errorf("body = %q, %v; want half of it", body, err)
	}
	if xs := e.Requests(); len(xs) != 1 || !xs[0].Answer.Cut {
		t.Errorf("requests = %+v, want one cut", xs)
	}
}
