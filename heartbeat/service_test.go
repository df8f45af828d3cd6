package heartbeat

import (
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

// uuid is what healthchecks.io takes as rid: any other is answered with 400.
var uuid = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

const check = "/5bd5a4f6-canary"

// service is a healthchecks.io that takes pings of one check, as its docs say:
// other paths are 404, other methods 405, a rid that is no UUID is 400.
type service struct {
	mu sync.Mutex
	log

	answer func(w http.ResponseWriter, nth int) bool // handles the nth ping, from 1, instead
}

// log is what a service got.
type log struct {
	pings  []string // "start", "success" or "fail"
	bodies []string
	rids   []string
	query  string // of the last, as it came
	path   string
}

// got returns what the service got so far.
func (s *service) got() log {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	what, ok := strings.CutPrefix(r.URL.Path, check)
	names := map[string]string{"": "success", "/": "success", "/start": "start", "/fail": "fail"}
	name, known := names[what]
	rid := r.URL.Query().Get("rid")
	s.query, s.path = r.URL.RawQuery, r.URL.EscapedPath()
	switch {
	case !ok || !known:
		http.NotFound(w, r)
		return
	case r.Method != "POST" && r.Method != "GET" && r.Method != "HEAD":
		http.Error(w, "method", http.StatusMethodNotAllowed)
		return
	case !uuid.MatchString(rid):
		http.Error(w, "invalid url format", http.StatusBadRequest)
		return
	}
	s.pings, s.bodies, s.rids = append(s.pings, name), append(s.bodies, string(body)), append(s.rids, rid)
	if s.answer != nil && s.answer(w, len(s.pings)) {
		return
	}
	_, _ = io.WriteString(w, "OK")
}

// heart returns one that pings the service, with what follows the check's path,
// and a func that returns the faults so far.
func heart(t *testing.T, s *service, rest string) (*Heart, func() []string) {
	t.Helper()
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	var mu sync.Mutex
	var faults []string
	h, err := New(Options{URL: srv.URL + check + rest, Fault: func(err error) {
		mu.Lock()
		defer mu.Unlock()
		faults = append(faults, err.Error())
	}})
	if err != nil {
		t.Fatal(err)
	}
	return h, func() []string {
		mu.Lock()
		defer mu.Unlock()
		for _, f := range faults {
			if strings.Contains(f, "canary") || strings.Contains(f, srv.Listener.Addr().String()) {
				t.Errorf("a fault holds the URL: %s", f)
			}
		}
		return slices.Clone(faults)
	}
}
