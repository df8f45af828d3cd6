package httpapi_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

func TestABodyOfAMuteIsReadStrictly(t *testing.T) {
	c := &covering{readDocument(t), map[string]bool{}}
	s := newStage(t, nil)
	o := operation{"POST", "/api/v1/accounts/{id}/mute"}
	for body, want := range map[string]int{
		`{}`:            200,
		`{"for":"90m"}`: 200,
		`{"until":"2026-12-01T09:00:00+08:00","all":true,"reason":"续费"}`: 200,
		`{"for":"2h","until":"2026-12-01T09:00:00+08:00"}`:               400,
		`{"until":"2026-11-01T09:00:00+08:00"}`:                          400,
		`{"until":"tomorrow"}`:                                           400,
		`{"for":"0"}`:                                                    400,
		`{"for":""}`:                                                     400,
		`{"for":"-1h"}`:                                                  400,
		`{"for":2}`:                                                      400,
		`{"for":null}`:                                                   400,
		`{"all":null}`:                                                   400,
		`{"For":"2h"}`:                                                   400,
		`{"reason":"a\nb"}`:                                              400,
		`{"reason":"` + strings.Repeat("x", 201) + `"}`:                  400,
		`{"all":"yes"}`:                                                  400,
		`{"forever":true}`:                                               400,
		`[]`:                                                             400,
		`null`:                                                           400,
		``:                                                               400,
		`{"for":"2h"} {}`:                                                400,
		"{\"reason\":\"\xff\"}":                                          400,
	} {
		c.expect(t, s, o, request{method: "POST", path: "/api/v1/accounts/acme/mute", token: operateToken, body: body,
			header: http.Header{"Content-Type": {"application/json; charset=utf-8"}}}, want)
	}
}

func TestAMuteIsRememberedAndTakenBack(t *testing.T) {
	s := newStage(t, nil)
	jsonBody := http.Header{"Content-Type": {"application/json"}}
	for _, path := range []string{"/api/v1/accounts/acme", "/api/v1/channels/sec"} {
		list := strings.Replace(path, "/sec", "", 1)
		if a := s.do(t, request{method: "POST", path: path + "/mute", token: operateToken, body: `{"for":"2h","reason":"talks"}`, header: jsonBody}); a.StatusCode != 200 {
			t.Fatal(a)
		}
		if a := s.get(t, list); !strings.Contains(a.body, `"until":"2026-11-25T14:02:00Z","reason":"talks"`) {
			t.Errorf("%s: got %v, want the mute", list, a)
		}
		if a := s.do(t, request{method: "DELETE", path: path + "/mute", token: operateToken}); a.StatusCode != 204 {
			t.Fatal(a)
		}
		if a := s.get(t, list); strings.Contains(a.body, `"mute"`) {
			t.Errorf("%s: got %v, want no mute", list, a)
		}
	}
}

func TestAQueryIsReadStrictly(t *testing.T) {
	c := &covering{readDocument(t), map[string]bool{}}
	s := newStage(t, nil)
	for query, want := range map[string]int{
		"accounts?limit=1": 200, "accounts?limit=0": 400, "accounts?limit=1001": 400, "accounts?limit=x": 400, "accounts?limit=": 400, "accounts?limit=1&limit=2": 400,
		"accounts?acount=a": 400, "accounts?cursor=zz": 200,
		"notices?since=2026-11-01T00:00:00%2B08:00": 200, "notices?since=2026-11-01T00:00:00+08:00": 200, "notices?since=yesterday": 400,
		"notices?cursor=zz": 400, "notices?cursor=": 400, "notices?account=acme&account=beta&account=acme": 200,
	} {
		path, _, _ := strings.Cut(query, "?")
		a := c.expect(t, s, operation{"GET", "/api/v1/" + path}, request{method: "GET", path: "/api/v1/" + query, token: readToken}, want)
		if want == 400 && !slices.ContainsFunc([]string{"must be", "no parameter", "given once"}, func(part string) bool { return strings.Contains(a.body, part) }) {
			t.Errorf("%s: got %v, want a mend", query, a)
		}
	}
}
