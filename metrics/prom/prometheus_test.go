package prom_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"prowatch/metrics/metricstest"
	"prowatch/metrics/prom"
)

// server is a Prometheus that scrapes the targets every second.
type server struct {
	url string
	log *os.File
}

// start starts one with the alert rules.
func start(t *testing.T, targets map[string]string) *server {
	t.Helper()
	prometheus := need(t, "prometheus")
	dir := t.TempDir()
	var config strings.Builder
	config.WriteString("global: {scrape_interval: 1s, evaluation_interval: 1s}\nrule_files: [alerts.yaml]\nscrape_configs:\n")
	for job, address := range targets {
		fmt.Fprintf(&config, "  - {job_name: %s, scrape_timeout: 1s, authorization: {credentials: token}, static_configs: [{targets: [%q]}]}\n", job, address)
	}
	rules, err := os.ReadFile("../../deploy/prometheus/alerts.yaml")
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "alerts.yaml"), rules)
	write(t, filepath.Join(dir, "prometheus.yml"), []byte(config.String()))
	s := &server{url: "http://" + freeAddress(t)}
	if s.log, err = os.Create(filepath.Join(dir, "log")); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(prometheus, "--config.file="+filepath.Join(dir, "prometheus.yml"), "--storage.tsdb.path="+filepath.Join(dir, "data"),
		"--web.listen-address="+strings.TrimPrefix(s.url, "http://"), "--log.format=json")
	cmd.Stdout, cmd.Stderr, cmd.Dir = s.log, s.log, dir
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
		_ = s.log.Close()
	})
	return s
}

func write(t *testing.T, name string, data []byte) {
	t.Helper()
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// query returns the value of an expression, "" while it has none.
func (s *server) query(ctx context.Context, expr string) string {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+"/api/v1/query?query="+url.QueryEscape(expr), nil)
	if err != nil {
		return ""
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return ""
	}
	defer resp.Body.Close()
	var answer struct {
		Data struct{ Result []struct{ Value [2]any } }
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil || len(answer.Data.Result) != 1 {
		return ""
	}
	text, _ := answer.Data.Result[0].Value[1].(string)
	return text
}

// TestPrometheusScrapesBothWriters has Debian's Prometheus scrape them behind a
// bearer token, and looks at what it took and what it says in its log.
func TestPrometheusScrapesBothWriters(t *testing.T) {
	need(t, "prometheus")
	m := metricstest.Full()
	targets := map[string]string{}
	for job, h := range map[string]http.Handler{"prowatch": prom.Handler(m), "function": m} {
		srv := httptest.NewServer(bearer(h))
		t.Cleanup(srv.Close)
		targets[job] = strings.TrimPrefix(srv.URL, "http://")
	}
	s := start(t, targets)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for _, job := range []string{"prowatch", "function"} {
		for expr, want := range map[string]string{
			`up{job="%s"}`: "1",
			`prowatch_account_left_seconds{job="%s",account="acme"}`:              "3628800",
			`prowatch_account_status{job="%s",account="lapsed",status="Isolate"}`: "1",
			`prowatch_check_failures_total{job="%s",class="denied"}`:              "1",
			`prowatch_check_duration_seconds_bucket{job="%s",le="0.25"}`:          "2",
			`prowatch_deliveries_total{job="%s",channel="pager",outcome="retry"}`: "1",
			`count({job="%s",__name__=~"prowatch_.*"}) > bool 90`:                 "1",
		} {
			s.want(ctx, t, fmt.Sprintf(expr, job), want)
		}
	}
	s.want(ctx, t, `count(ALERTS{alertname="TCSSProLapsed",account="lapsed",alertstate="firing"})`, "1")
	s.want(ctx, t, `count(go_goroutines{job="prowatch"})`, "1")
	s.noComplaint(t)
}

// want waits until an expression has the value.
func (s *server) want(ctx context.Context, t *testing.T, expr, want string) {
	t.Helper()
	got := s.query(ctx, expr)
	for got != want && ctx.Err() == nil {
		time.Sleep(100 * time.Millisecond)
		got = s.query(ctx, expr)
	}
	if got != want {
		t.Errorf("%s is %q, want %s", expr, got, want)
	}
}

// noComplaint fails for each line of the log that is a warning or worse.
func (s *server) noComplaint(t *testing.T) {
	t.Helper()
	text, err := os.ReadFile(s.log.Name())
	if err != nil || len(text) == 0 {
		t.Fatalf("Prometheus has no log: %v", err)
	}
	for line := range strings.Lines(string(text)) {
		var record struct{ Level string }
		if err := json.Unmarshal([]byte(line), &record); err != nil || record.Level == "warn" || record.Level == "error" {
			t.Errorf("Prometheus says %s", line)
		}
	}
}

// bearer lets those through that have the token.
func bearer(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer token" {
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = io.WriteString(w, "no token")
			return
		}
		h.ServeHTTP(w, r)
	})
}
