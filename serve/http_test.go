package serve

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"
)

// TestARunThatIsAskedForHasItsTime asks a server whose times are short for what
// takes longer.
func TestARunThatIsAskedForHasItsTime(t *testing.T) {
	const short, long = 50 * time.Millisecond, 400 * time.Millisecond
	ended := make(chan error, 2)
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		select {
		case <-time.After(long):
		case <-r.Context().Done():
		}
		ended <- r.Context().Err()
		_, _ = io.WriteString(w, "done")
	})
	srv := httptest.NewUnstartedServer(nil)
	srv.Config = newServer(zap.NewNop(), func() http.Handler { return h })
	srv.Config.ReadTimeout, srv.Config.WriteTimeout = short, short
	srv.Start()
	defer srv.Close()
	for _, tt := range []struct {
		method string
		has    bool
	}{{http.MethodPost, true}, {http.MethodDelete, true}, {http.MethodGet, false}} {
		req, err := http.NewRequestWithContext(t.Context(), tt.method, srv.URL, strings.NewReader(`{"for":"2h"}`))
		if err != nil {
			t.Fatal(err)
		}
		answer := ""
		if resp, err := http.DefaultClient.Do(req); err == nil {
			body, _ := io.ReadAll(resp.Body)
			resp.Body.Close()
			answer = string(body)
		}
		if err := <-ended; err != nil || (answer == "done") != tt.has {
			t.Errorf("%s: its context ended with %v, and it was answered %q; want it to have its time: %t", tt.method, err, answer, tt.has)
		}
	}
}
