package emulator_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

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
