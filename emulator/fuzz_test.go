package emulator_test

import (
	"bufio"
	"bytes"
	"encoding/json"
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
		if e.Requests()[len(e.Requests())-1].Signing.Verified {
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
