package emulator_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"prowatch/emulator"
)

// admin sends one admin request from this machine and returns the answer.
func admin(t testing.TB, e *emulator.Emulator, method, path, body string) (int, string) {
	t.Helper()
	r := httptest.NewRequest(method, "/_emulator/"+path, strings.NewReader(body))
	r.RemoteAddr, r.Host = "127.0.0.1:40000", "localhost:9900"
	w := httptest.NewRecorder()
	e.ServeHTTP(w, r)
	b, _ := io.ReadAll(w.Body)
	if !json.Valid(b) {
		t.Errorf("%s %s: answer %q is not JSON", method, path, b)
	}
	return w.Code, string(b)
}

// set sends an admin request that must be granted.
func set(t testing.TB, e *emulator.Emulator, method, path, body string) string {
	t.Helper()
	code, b := admin(t, e, method, path, body)
	if code != http.StatusOK {
		t.Fatalf("%s %s: %d %s", method, path, code, b)
	}
	return b
}

const account = "accounts/AKIDEMULATOR/"

func TestPuttingAnEditionMergesAndNullClears(t *testing.T) {
	e := atNoon(emulator.Options{})
	set(t, e, "PUT", account+"edition", `{"BuyStatus":"Isolate","EndTime":null}`)
	got := send(t, e, ask{}.tc3()).Response
	end, there := got["EndTime"]
	if got["BuyStatus"] != "Isolate" || end != nil || !there || got["ResourceId"] != "xx" {
		t.Errorf("Response = %v, want it isolated, EndTime null, and the rest as it was", got)
	}
	if s := set(t, e, "GET", account+"edition", ""); !strings.Contains(s, `"EndTime": null`) {
		t.Errorf("edition = %s, want EndTime null", s)
	}
}

func TestAnEditionHoldsValuesOfTheWrongType(t *testing.T) {
	e := atNoon(emulator.Options{})
	set(t, e, "PUT", account+"edition", `{"CoresCnt":1.0,"IsPurchased":"yes","BuyStatus":["a"],"EndTime":{"x":"<b>"}}`)
	w := httptest.NewRecorder()
	e.ServeHTTP(w, ask{}.tc3())
	for _, want := range []string{`"CoresCnt":1.0,`, `"IsPurchased":"yes"`, `"BuyStatus":["a"]`, `{"x":"<b>"}`} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("body = %s, want %s in it", w.Body, want)
		}
	}
}

func TestReplaceEditionMayLeaveFieldsOut(t *testing.T) {
	e := atNoon(emulator.Options{})
	if err := e.ReplaceEdition(emulator.DefaultSecretID, emulator.Edition{"New": 1}); err != nil {
		t.Fatal(err)
	}
	if got := send(t, e, ask{}.tc3()).Response; len(got) != 2 || got["New"] != 1.0 {
		t.Errorf("Response = %v, want New and RequestId", got)
	}
}

func TestAReturnedEditionIsACopy(t *testing.T) {
	e := atNoon(emulator.Options{})
	ed, _ := e.Edition(emulator.DefaultSecretID)
	ed["BuyStatus"] = "Pending"
	if got := send(t, e, ask{}.tc3()).Response["BuyStatus"]; got != "Normal" {
		t.Errorf("BuyStatus = %v, want it untouched", got)
	}
}

func TestThePurchaseStateFollowsTheEditionUnlessSet(t *testing.T) {
	e := atNoon(emulator.Options{Rate: -1})
	state := func() map[string]any {
		return send(t, e, ask{action: "DescribePurchaseStateInfo"}.tc3()).Response
	}
	for _, tt := range []struct {
		name, edition string
		state         float64
		sub           any
	}{
		{"paid", `{"BuyStatus":"Normal"}`, 3, nil},
		{"isolated", `{"BuyStatus":"Isolate"}`, 4, "ISOLATE"},
		{"never bought", `{"BuyStatus":"Pending","IsPurchased":false}`, 0, nil},
		{"bought once", `{"BuyStatus":"Pending","IsPurchased":true}`, 4, "DESTROED"},
		{"nonsense", `{"BuyStatus":7}`, 1, nil},
	} {
		set(t, e, "PUT", account+"edition", tt.edition)
		if got := state(); got["State"] != tt.state || got["SubState"] != tt.sub {
			t.Errorf("%s: state = %v %v, want %v %v", tt.name, got["State"], got["SubState"], tt.state, tt.sub)
		}
	}
	set(t, e, "PUT", account+"purchase-state", `{"ExpirationTime":"2026-04-01 00:00:00","AutomaticRenewal":1}`)
	if got := state(); got["ExpirationTime"] != "2026-04-01 00:00:00" || got["AutomaticRenewal"] != 1.0 {
		t.Errorf("state = %v, want what was set", got)
	}
	set(t, e, "DELETE", account+"purchase-state", "")
	if got := state(); got["AutomaticRenewal"] != 0.0 {
		t.Errorf("state = %v, want it derived again", got)
	}
}

func TestAdminErrorsSayWhatWouldMendThem(t *testing.T) {
	e := atNoon(emulator.Options{})
	for _, tt := range []struct {
		name, method, path, body string
		status                   int
		mention                  string
	}{
		{"unknown account", "GET", "accounts/AKIDother/edition", "", 404, "AKIDEMULATOR"},
		{"unknown account to set", "PUT", "accounts/AKIDother/edition", "{}", 404, "AKIDEMULATOR"},
		{"unknown path", "GET", "nothing", "", 404, "accounts/{id}/edition"},
		{"wrong method", "POST", "clock", "", 405, "PUT"},
		{"unknown field", "PUT", account + "edition", `{"Buystatus":"Normal"}`, 400, "BuyStatus"},
		{"an edition of null", "PUT", account + "edition", "null", 400, "BuyStatus"},
		{"no JSON", "PUT", account + "edition", "Normal", 400, "BuyStatus"},
		{"an edition that is too long", "PUT", account + "edition", `{"ResourceId":"` + strings.Repeat("a", 64<<10) + `"}`, 400, "65536"},
		{"empty body", "PUT", account + "edition", "", 400, "empty"},
		{"two values", "PUT", account + "edition", "{} {}", 400, "more"},
		{"unknown purchase field", "PUT", account + "purchase-state", `{"Status":1}`, 400, "State"},
		{"a moment without at", "PUT", account + "timeline", `[{"edition":{"BuyStatus":"Normal"}}]`, 400, "at"},
		{"a moment without edition", "PUT", account + "timeline", `[{"at":"2026-01-01T00:00:00Z"}]`, 400, "edition"},
		{"a moment of another form", "PUT", account + "timeline", `[{"at":"2026-01-01T00:00:00Z","edition":{"a":1}}]`, 400, "BuyStatus"},
		{"a moment with an unknown key", "PUT", account + "timeline", `[{"at":"2026-01-01T00:00:00Z","edition":{"BuyStatus":"Normal"},"x":1}]`, 400, "x"},
		{"a time that is none", "PUT", "clock", `{"now":"noon"}`, 400, "2026-01-31T00:00:00+08:00"},
		{"a clock of nothing", "PUT", "clock", `{}`, 400, "speed"},
		{"a clock that runs backwards", "PUT", "clock", `{"speed":-1}`, 400, "frozen"},
		{"a clock beyond JSON", "PUT", "clock", `{"now":"0001-01-01T00:00:00Z"}`, 400, "1970"},
		{"an unknown clock key", "PUT", "clock", `{"time":"x"}`, 400, "time"},
		{"an edition of a list", "PUT", account + "edition", `[]`, 400, "an object"},
		{"a clock of texts", "PUT", "clock", `{"speed":"fast"}`, 400, "a number"},
		{"a time that is a number", "PUT", "clock", `{"now":5}`, 400, "a time is a text"},
		{"a fault with a text for a number", "PUT", account + "faults", `[{"http":"503"}]`, 400, "a whole number"},
		{"faults that are no list", "PUT", account + "faults", `{"http":503}`, 400, "a list"},
		{"an account with a slash in its id", "PUT", "accounts/a%2fb", `{"secret_key":"k"}`, 400, "letters"},
		{"an account with a query in its id", "PUT", "accounts/a%3fb", `{"secret_key":"k"}`, 400, "letters"},
		{"a fault of nothing", "PUT", account + "faults", `[{}]`, 400, "delay"},
		{"a fault of two things", "PUT", account + "faults", `[{"drop":true,"code":"InternalError"}]`, 400, "code and drop"},
		{"a fault with an unknown key", "PUT", account + "faults", `[{"status":503}]`, 400, "status"},
		{"a code without known message", "PUT", account + "faults", `[{"code":"Custom"}]`, 400, "message"},
		{"a message without code", "PUT", account + "faults", `[{"message":"m","pass":true}]`, 400, "code"},
		{"a status out of range", "PUT", account + "faults", `[{"http":99}]`, 400, "200"},
		{"a delay that is none", "PUT", account + "faults", `[{"delay":"long"}]`, 400, "2s"},
		{"a delay below nothing", "PUT", account + "faults", `[{"delay":"-2s"}]`, 400, "delay"},
		{"a chance over one", "PUT", account + "faults", `[{"drop":true,"chance":1.5}]`, 400, "between 0 and 1"},
		{"a seed without a chance", "PUT", account + "faults", `[{"drop":true,"seed":1}]`, 400, "chance"},
		{"an nth below nothing", "PUT", account + "faults", `[{"drop":true,"nth":-1}]`, 400, "next request"},
		{"a fault of an unknown action", "PUT", account + "faults", `[{"drop":true,"action":"X"}]`, 400, "no action"},
		{"times below nothing", "PUT", account + "faults", `[{"drop":true,"times":-1}]`, 400, "for ever"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			status, body := admin(t, e, tt.method, tt.path, tt.body)
			var got struct{ Error, Mend string }
			if err := json.Unmarshal([]byte(body), &got); err != nil || got.Error == "" || got.Mend == "" {
				t.Errorf("answer = %s, want an error and a mend", body)
			}
			if strings.Contains(body, "JSON of type") || strings.Contains(body, "Go ") || strings.Contains(body, "json:") {
				t.Errorf("answer = %s, want the words of JSON", body)
			}
			if status != tt.status || !strings.Contains(body, tt.mention) {
				t.Errorf("answer = %d %s\nwant %d, mentioning %q", status, body, tt.status, tt.mention)
			}
		})
	}
}

func TestTheAccountsAreListed(t *testing.T) {
	e := atNoon(emulator.Options{Accounts: map[string]string{"b": "kb", "a": "ka"}, Tokens: map[string]string{"b": "tb"}})
	var got []struct {
		SecretID  string `json:"secret_id"`
		Temporary bool
		Edition   map[string]any
	}
	if err := json.Unmarshal([]byte(set(t, e, "GET", "accounts", "")), &got); err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || got[0].SecretID != "a" || got[0].Temporary || !got[1].Temporary || got[1].Edition["BuyStatus"] != "Normal" {
		t.Errorf("accounts = %+v", got)
	}
}

func TestResetForgetsAllButTheAccounts(t *testing.T) {
	e := atNoon(emulator.Options{})
	_ = e.SetAccount("AKIDmore", "k", "")
	set(t, e, "PUT", account+"edition", `{"BuyStatus":"Isolate"}`)
	set(t, e, "PUT", account+"purchase-state", `{"State":0}`)
	set(t, e, "PUT", account+"timeline", `[{"at":"2026-01-01T00:00:00Z","edition":{"CoresCnt":9}}]`)
	set(t, e, "PUT", account+"faults", `[{"code":"InternalError"}]`)
	set(t, e, "PUT", "clock", `{"now":"2027-01-01T00:00:00Z","speed":0}`)
	send(t, e, ask{key: "wrong"}.tc3())
	set(t, e, "POST", "reset", "")
	if xs := e.Requests(); len(xs) != 0 {
		t.Errorf("requests = %v, want none", xs)
	}
	if got := send(t, e, ask{}.tc3()).Response; got["BuyStatus"] != "Normal" || got["CoresCnt"] != 1.0 {
		t.Errorf("Response = %v, want the documented example", got)
	}
	if c := e.Clock(); !c.Now.Equal(noon) || c.Speed != 1 {
		t.Errorf("clock = %v, want the machine's", c)
	}
	if ids := e.Accounts(); !slices.Equal(ids, []string{"AKIDEMULATOR", "AKIDmore"}) {
		t.Errorf("accounts = %v, want both", ids)
	}
}
