package prom_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"prowatch/metrics/metricstest"
	"prowatch/metrics/prom"
)

// need returns the path of a tool. One that is missing skips the test, or fails
// it where PROWATCH_CI is set.
func need(t *testing.T, tool string) string {
	t.Helper()
	path, err := exec.LookPath(tool)
	switch {
	case err == nil:
		return path
	case os.Getenv("PROWATCH_CI") != "":
		t.Fatalf("%s is missing: install Debian's prometheus", tool)
	}
	t.Skipf("%s is missing: install Debian's prometheus", tool)
	return ""
}

// scrape returns what a handler answers.
func scrape(t *testing.T, h http.Handler) []byte {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "GET", "/metrics", nil))
	if w.Code != 200 {
		t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	return w.Body.Bytes()
}

func TestPromtoolHasNoComplaintOfEitherWriter(t *testing.T) {
	promtool := need(t, "promtool")
	m := metricstest.Full()
	own := scrape(t, m)
	theirs := scrape(t, prom.Handler(m))
	for name, text := range map[string][]byte{"the light writer": own, "the client": theirs} {
		cmd := exec.CommandContext(t.Context(), promtool, "check", "metrics")
		cmd.Stdin = bytes.NewReader(text)
		if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
	cmd := exec.CommandContext(t.Context(), promtool, "check", "metrics")
	cmd.Stdin = strings.NewReader("# TYPE prowatch_days gauge\nprowatch_days 1\n")
	if out, err := cmd.CombinedOutput(); err == nil {
		t.Errorf("promtool takes a metric without help and in days: %s", out)
	}
}

func TestPromtoolTriesTheAlerts(t *testing.T) {
	promtool := need(t, "promtool")
	for _, args := range [][]string{{"check", "rules", "alerts.yaml"}, {"test", "rules", "alerts_test.yaml"}} {
		cmd := exec.CommandContext(t.Context(), promtool, args...)
		cmd.Dir = "../../deploy/prometheus"
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("promtool %s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
}

// TestPromtoolReadsTheDashboardsQueries puts each query of the dashboard into a
// rule: what Grafana fills in is filled in here.
func TestPromtoolReadsTheDashboardsQueries(t *testing.T) {
	promtool := need(t, "promtool")
	text, err := os.ReadFile("../../deploy/grafana/prowatch.json")
	if err != nil {
		t.Fatal(err)
	}
	var board struct {
		Panels []struct{ Targets []struct{ Expr string } }
	}
	if err := json.Unmarshal(text, &board); err != nil {
		t.Fatal(err)
	}
	filled := strings.NewReplacer("$__rate_interval", "5m", "$account", ".*")
	var rules []map[string]string
	for _, p := range board.Panels {
		for _, target := range p.Targets {
			rules = append(rules, map[string]string{"record": fmt.Sprintf("query:%d", len(rules)), "expr": filled.Replace(target.Expr)})
		}
	}
	document, err := json.Marshal(map[string]any{"groups": []any{map[string]any{"name": "dashboard", "rules": rules}}})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "rules.yaml") // JSON is YAML
	if err := os.WriteFile(file, document, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), promtool, "check", "rules", file).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
