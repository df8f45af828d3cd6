package emulator_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"prowatch/emulator"
)

// BenchmarkBesideHello is the same signed request over the loopback interface
// to the emulator, which verifies, counts, answers and logs it, and to a
// handler that only reads it and writes as many bytes: what net/http itself
// takes. They take turns, a burst each, so that what else the machine does
// falls on all of them. %hello is the share of hello's rate.
func BenchmarkBesideHello(b *testing.B) {
	hello := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(bytes.Repeat([]byte("x"), 240))
	})
	peers := []struct {
		name  string
		burst func()
		took  time.Duration
	}{
		{name: "hello", burst: bursts(b, hello, false)},
		{name: "TC3", burst: bursts(b, emulator.New(&emulator.Options{Rate: -1}), false)},
		{name: "HmacSHA1", burst: bursts(b, emulator.New(&emulator.Options{Rate: -1}), true)},
	}
	n := 0
	for b.Loop() {
		n++
		for i := range peers {
			began := time.Now()
			peers[i].burst()
			peers[i].took += time.Since(began)
		}
	}
	for _, p := range peers {
		b.ReportMetric(float64(n*burst)/p.took.Seconds(), p.name+"-req/s")
		if p.name != "hello" {
			b.ReportMetric(100*peers[0].took.Seconds()/p.took.Seconds(), p.name+"-%hello")
		}
	}
	b.ReportMetric(0, "ns/op") // Of a burst of each, it says nothing.
}

// burst is how many requests are sent in one turn.
const burst = 400

// bursts returns what sends one to h, from as many clients as there are cores.
func bursts(b *testing.B, h http.Handler, v1 bool) func() {
	s := httptest.NewServer(h)
	b.Cleanup(s.Close)
	a := ask{host: strings.TrimPrefix(s.URL, "http://"), at: time.Now(), body: "{}"}
	r := a.tc3()
	if v1 {
		a.body, a.method = "", http.MethodGet
		r = a.v1(nil)
	}
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	one := func() {
		q, _ := http.NewRequest(r.Method, s.URL+r.URL.RequestURI(), strings.NewReader(a.body))
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
		}
	}
	return func() {
		var wg sync.WaitGroup
		cores := runtime.GOMAXPROCS(0)
		for range cores {
			wg.Go(func() {
				for range burst / cores {
					one()
				}
			})
		}
		wg.Wait()
	}
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
