package emulator_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"prowatch/emulator"
)

// BenchmarkServe is a verified request of each kind, without a network.
func BenchmarkServe(b *testing.B) {
	for _, bb := range []struct {
		name string
		r    *http.Request
	}{
		{"TC3", ask{body: "{}"}.tc3()},
		{"HmacSHA1", ask{method: "GET"}.v1(nil)},
	} {
		b.Run(bb.name, func(b *testing.B) {
			e := atNoon(emulator.Options{Rate: -1})
			run(b, e, bb.r, "{}")
			if x := e.Requests()[0]; !x.Signing.Verified || x.Answer.Code != "" {
				b.Fatalf("answer = %+v, want it verified", x.Answer)
			}
		})
	}
}

// BenchmarkHello is what net/http itself takes for as long an answer.
func BenchmarkHello(b *testing.B) {
	hello := bytes.Repeat([]byte("x"), 240)
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = w.Write(hello)
	})
	run(b, h, ask{}.tc3(), "{}")
}

func run(b *testing.B, h http.Handler, r *http.Request, body string) {
	b.ReportAllocs()
	for b.Loop() {
		r.Body = io.NopCloser(bytes.NewReader([]byte(body)))
		h.ServeHTTP(httptest.NewRecorder(), r)
	}
}
