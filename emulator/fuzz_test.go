package emulator_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"prowatch/emulator"
)

// FuzzServe sends any bytes as a request. Whatever they are, the emulator does
// not panic, answers the API with an envelope, and gives an edition only to
// bytes that carry a signature, which without the key no one can make.
func FuzzServe(f *testing.F) {
	const key = "a key that is in no corpus"
	for _, r := range []*http.Request{
		ask{}.tc3(), ask{method: "GET"}.tc3(), ask{id: "AKIDother"}.tc3(),
		ask{}.v1(nil), ask{method: "GET"}.v1(nil), ask{method: "GET"}.v1(map[string]string{"Token": "t"}),
		httptest.NewRequest("PUT", "/_emulator/accounts/AKIDEMULATOR/edition", strings.NewReader("{}")),
		httptest.NewRequest("OPTIONS", "*", nil),
	} {
		var b bytes.Buffer
		if err := r.Write(&b); err != nil {
			f.Fatal(err)
		}
		f.Add(b.Bytes())
	}
	e := atNoon(emulator.Options{Accounts: map[string]string{emulator.DefaultSecretID: key}})
	f.Fuzz(func(t *testing.T, wire []byte) {
		r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(wire)))
		if err != nil {
			return // The server would answer 400 by itself.
		}
		e.ForgetRequests()
		w, ok := serveUnlessBroken(e, r)
		if !ok || strings.HasPrefix(r.URL.Path, "/_emulator") {
			return
		}
		var got reply
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != http.StatusOK {
			t.Fatalf("answer = %d %q, want an envelope: %v", w.Code, w.Body, err)
		}
		if got.Response["Error"] == nil {
			t.Errorf("passed unsigned: %q\nanswer %s", wire, w.Body)
		}
		if xs := e.Requests(); len(xs) != 1 || xs[0].Signing.Verified {
			t.Errorf("verified without the key: %q", wire)
		}
	})
}

// serveUnlessBroken serves r and reports false when its body broke off, which
// ends the connection.
func serveUnlessBroken(e *emulator.Emulator, r *http.Request) (w *httptest.ResponseRecorder, ok bool) {
	w = httptest.NewRecorder()
	defer func() {
		if p := recover(); p != nil && p != http.ErrAbortHandler {
			panic(p)
		} else if p != nil {
			ok = false
		}
	}()
	e.ServeHTTP(w, r)
	return w, true
}

// FuzzTamper signs one request and sends another in its place. It passes only
// when what the signature covers is the same in both.
func FuzzTamper(f *testing.F) {
	f.Add("{}", "", "{}", "")
	f.Add("{}", "", "{} ", "")
	f.Add("", "A=b", "", "A=c")
	e := atNoon(emulator.Options{Rate: -1})
	f.Fuzz(func(t *testing.T, body, query, sentBody, sentQuery string) {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			a := ask{method: method, body: body}
			if method == http.MethodGet {
				a.body = "" // Which no signature covers.
			}
			r := a.tc3()
			if method == http.MethodGet {
				r.Header.Set("Authorization", a.authorization(query))
			}
			r.URL.RawQuery = sentQuery
			r.Body = io.NopCloser(strings.NewReader(sentBody))
			e.ForgetRequests()
			e.ServeHTTP(httptest.NewRecorder(), r)
			same := body == sentBody
			if method == http.MethodGet {
				same = query == sentQuery
			}
			x := e.Requests()[0]
			if x.Signing.Verified != same && x.Answer.Code != "RequestSizeLimitExceeded" {
				t.Errorf("%s signed %q %q, sent %q %q: verified %t", method, query, body, sentQuery, sentBody, x.Signing.Verified)
			}
		}
	})
}

// FuzzAdmin sends any request to the admin API and its pages from this
// machine. Whatever it is, they do not panic, and answer with a known status.
func FuzzAdmin(f *testing.F) {
	for _, s := range [][3]string{
		{"PUT", "accounts/AKIDEMULATOR/edition", `{"BuyStatus":"Isolate"}`},
		{"PUT", "accounts/AKIDEMULATOR/faults", `[{"chance":0.5,"seed":3,"cut":true,"times":0}]`},
		{"PUT", "state", `{"format":1,"accounts":{"AKIDEMULATOR":{"edition":{"x":[1]},"timeline":[{"at":"2026-01-01T00:00:00Z","edition":{"BuyStatus":"Pending"}}]}}}`},
		{"PUT", "clock", `{"now":"9999-12-31T23:59:59+23:59","speed":1e6}`},
		{"POST", "explorer", "action=AssumeRole&sign=HmacSHA1&method=GET&wrong=byte&parameters=%7B%22Tags%22%3A%5B1%2Cnull%5D%7D"},
		{"POST", "account/AKIDEMULATOR", "do=faults&faults=%5B%5D&add=%7B%22drop%22%3Atrue%7D"},
		{"POST", "", "do=clock&jump=2540400h"}, {"GET", "log", ""}, {"GET", "scenario", ""},
	} {
		f.Add(s[0], s[1], s[2])
	}
	e := atNoon(emulator.Options{})
	f.Fuzz(func(t *testing.T, method, path, body string) {
		target, err := url.Parse("/_emulator/" + path)
		if err != nil {
			return
		}
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond) // A fault may delay the explorer for an hour.
		defer cancel()
		r := (&http.Request{
			Method: method, URL: target, Host: "localhost", RemoteAddr: "127.0.0.1:1",
			Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}, Body: io.NopCloser(strings.NewReader(body)),
		}).WithContext(ctx)
		w, ok := serveUnlessBroken(e, r)
		if ok && (w.Code < 200 || w.Code > 499) {
			t.Errorf("%s %q %q: status %d", method, path, body, w.Code)
		}
	})
}
