package emulator_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"prowatch/emulator"
)

// BenchmarkLoopback is the same signed request over the loopback interface to
// the emulator, which verifies, counts, answers and logs it, and to a handler
// that only reads it and writes as many bytes: what net/http itself takes.
// Compare the two of one run.
func BenchmarkLoopback(b *testing.B) {
	hello := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(bytes.Repeat([]byte("x"), 240))
	})
	for _, bb := range []struct {
		name string
		h    http.Handler
		v1   bool
	}{
		{"hello", hello, false},
		{"TC3", emulator.New(&emulator.Options{Rate: -1}), false},
		{"HmacSHA1", emulator.New(&emulator.Options{Rate: -1}), true},
	} {
		b.Run(bb.name, func(b *testing.B) {
			s := httptest.NewServer(bb.h)
			defer s.Close()
			loop(b, s.URL, bb.v1)
		})
	}
}

// loop sends one signed request after another from as many clients as there
// are cores.
func loop(b *testing.B, base string, v1 bool) {
	a := ask{host: strings.TrimPrefix(base, "http://"), at: time.Now(), body: "{}"}
	r := a.tc3()
	body := "{}"
	if v1 {
		a.body, body = "", ""
		a.method = http.MethodGet
		r = a.v1(nil)
	}
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			q, _ := http.NewRequest(r.Method, base+r.URL.RequestURI(), strings.NewReader(body))
			q.Header = r.Header
			rsp, err := client.Do(q)
			if err != nil {
				b.Error(err)
				return
			}
			got, _ := io.ReadAll(rsp.Body)
			_ = rsp.Body.Close()
			if bytes.Contains(got, []byte(`"Error"`)) {
				b.Errorf("answer = %s", got)
				return
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "req/s")
}

// BenchmarkRefusal is a request whose signature no slip explains, which is the
// dearest there is: all of them are tried.
func BenchmarkRefusal(b *testing.B) {
	e := atNoon(emulator.Options{Rate: -1})
	r := ask{key: "nobody's"}.tc3()
	for b.Loop() {
		e.ServeHTTP(discard{}, r)
	}
}
