package sourcetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"prowatch/watch"
)

// soon is how long a Read may take to notice that ctx ended. It is far above
// what a healthy source needs and far below any time-out of its own.
const soon = 2 * time.Second

func testCancelled(t *testing.T, open opener) {
	ctx, cancel := context.WithCancel(t.Context())
	asked := make(chan struct{}, 9)
	src := open(t, func(w http.ResponseWriter, r *http.Request) {
		hang(r, func() { asked <- struct{}{} })
	})
	go func() {
		<-asked
		cancel()
	}()
	began := time.Now()
	_, err := src.Read(ctx)
	if took := time.Since(began); took > soon {
		t.Errorf("Read took %v, want less than %v", took, soon)
	}
	failure(t, err)
}

func testDeadline(t *testing.T, open opener) {
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	src := open(t, func(w http.ResponseWriter, r *http.Request) {
		hang(r, func() {
			fmt.Fprint(w, good("r")[:40])
			_ = http.NewResponseController(w).Flush()
		})
	})
	began := time.Now()
	_, err := src.Read(ctx)
	if took := time.Since(began); took > soon {
		t.Errorf("Read took %v, want less than %v", took, soon)
	}
	if f := failure(t, err); f.Class != watch.Unavailable {
		t.Errorf("class: got %q, want %q", f.Class, watch.Unavailable)
	}
}

// hang does begin and then leaves the client waiting until it goes away. The
// body is read first: a server that has not done so does not notice.
func hang(r *http.Request, begin func()) {
	_, _ = io.Copy(io.Discard, r.Body)
	begin()
	<-r.Context().Done()
}

func testEnded(t *testing.T, open opener) {
	var asked atomic.Int32
	src := open(t, func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		fmt.Fprint(w, good("r"))
	})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := src.Read(ctx)
	failure(t, err)
	if got := asked.Load(); got != 0 {
		t.Errorf("requests: got %d, want 0", got)
	}
}

// testConcurrent needs the race detector to say all it can.
func testConcurrent(t *testing.T, open opener) {
	const readers = 8
	var asked atomic.Int32
	src := open(t, func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, good(fmt.Sprint("req-", asked.Add(1))))
	})
	var (
		wg   sync.WaitGroup
		mu   sync.Mutex
		seen = map[string]bool{}
	)
	for range readers {
		wg.Go(func() {
			got, err := src.Read(t.Context())
			if err != nil {
				t.Errorf("Read: %v", err)
			}
			mu.Lock()
			defer mu.Unlock()
			seen[got.RequestID] = true
		})
	}
	wg.Wait()
	if len(seen) != readers {
		t.Errorf("different answers: got %d, want %d, one for each reader", len(seen), readers)
	}
}

// testForgives fails more often in a row than the breaker of a client library
// lets pass; the SDK's opens at 5.
func testForgives(t *testing.T, open opener) {
	for _, bad := range []struct {
		status int
		body   string
	}{
		{200, fault("AuthFailure.SignatureFailure", "m", "r")},
		{200, fault("InternalError", "m", "r")},
		{503, "<html>busy</html>"},
	} {
		var well atomic.Bool
		src := open(t, func(w http.ResponseWriter, r *http.Request) {
			if well.Load() {
				fmt.Fprint(w, good("r"))
				return
			}
			w.WriteHeader(bad.status)
			fmt.Fprint(w, bad.body)
		})
		for range 6 {
			_, err := src.Read(t.Context())
			failure(t, err)
		}
		well.Store(true)
		if got, err := src.Read(t.Context()); err != nil || got.Status != watch.Normal {
			t.Errorf("Read after %.40q: got %+v, %v, want Normal", bad.body, got, err)
		}
	}
}

// testSecrets answers with everything that it was sent and more.
func testSecrets(t *testing.T, open opener) {
	loud := secretKey + " " + token + " " + strings.Repeat("x", 30) + secretKey
	escaped := strings.NewReplacer("/", `\/`, "=", `\u003d`).Replace(token)
	spelled := ""
	for _, c := range token {
		spelled += fmt.Sprintf(`\u%04x`, c)
	}
	for _, tt := range []struct {
		name string
		body string
	}{
		{"spelled out in an error", `{"Response":{"Error":{"Code":"X","Message":"` + spelled + `"},"RequestId":"` + spelled + `"}}`},
		{"escaped in an error", `{"Response":{"Error":{"Code":"X","Message":"` + escaped + `"}}}`},
		{"escaped in a field", `{"Response":{"BuyStatus":"` + escaped + `"}}`},
		{"in an error", fault("AuthFailure."+token, loud, secretKey)},
		{"in an old envelope", fmt.Sprintf(`{"code":1,"message":%q,"codeDesc":%q}`, loud, token)},
		{"in a field", fmt.Sprintf(`{"Response":{"BuyStatus":%q,"RequestId":%q}}`, loud, token)},
		{"at the cut of a long field", fmt.Sprintf(`{"Response":{"BuyStatus":"%s%s"}}`, strings.Repeat("y", 65), secretKey)},
		{"in a page", "<html>" + loud},
		{"at the cut of a page", strings.Repeat("z", 70) + secretKey},
		{"in what is no text", "\x00\x1b[31m" + loud + "\xff"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			src := open(t, func(w http.ResponseWriter, r *http.Request) {
				fmt.Fprint(w, tt.body)
			})
			r, err := src.Read(t.Context())
			holdsNoSecret(t, err, fmt.Sprintf("%+v %+v", r, src))
		})
	}
	t.Run("without an answer", func(t *testing.T) {
		src := open(t, func(w http.ResponseWriter, r *http.Request) { panic(http.ErrAbortHandler) })
		_, err := src.Read(t.Context())
		holdsNoSecret(t, err, "")
	})
}

// holdsNoSecret looks for 8 bytes in a row of a secret, half a one included,
// in err, all that it wraps, and more.
func holdsNoSecret(t *testing.T, err error, more string) {
	t.Helper()
	f := failure(t, err)
	told, _ := json.Marshal(f)
	all := fmt.Sprintf("%s %#v %s %s", told, *f, f, more)
	for e := err; e != nil; e = errors.Unwrap(e) {
		all += " " + e.Error()
	}
	for _, secret := range []string{secretKey, token} {
		for i := range len(secret) - 8 {
			if part := secret[i : i+8]; strings.Contains(all, part) {
				t.Fatalf("found %q, a part of a secret, in %s", part, all)
			}
		}
	}
}
