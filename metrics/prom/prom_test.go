package prom_test

import (
	"bytes"
	"context"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/expfmt"

	"prowatch/metrics"
	"prowatch/metrics/metricstest"
	"prowatch/metrics/prom"
	"prowatch/watch"
)

// TestBothWritersSayTheSame holds the light writer against Prometheus' own, to
// the byte.
func TestBothWritersSayTheSame(t *testing.T) {
	for name, m := range map[string]*metrics.Metrics{
		"a full state":  metricstest.Full(),
		"nothing yet":   metricstest.Of(&watch.Overview{At: metricstest.At}),
		"no state read": metrics.New(metrics.Options{Overview: func(context.Context) (*watch.Overview, error) { return nil, errors.New("away") }}),
	} {
		registry := prometheus.NewPedanticRegistry()
		registry.MustRegister(prom.New(t.Context(), m))
		families, err := registry.Gather()
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		var theirs bytes.Buffer
		for _, f := range families {
			if _, err := expfmt.MetricFamilyToText(&theirs, f); err != nil {
				t.Fatal(err)
			}
		}
		var ours bytes.Buffer
		if err := metrics.WriteText(&ours, m.Gather(t.Context())); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(theirs.String(), ours.String()); diff != "" {
			t.Errorf("%s: theirs and ours differ (-theirs +ours):\n%s", name, diff)
		}
	}
}

func TestServeShowsGoAndTheProcessToo(t *testing.T) {
	w := httptest.NewRecorder()
	prom.Handler(metricstest.Full()).ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "GET", "/metrics", nil))
	for _, name := range []string{"prowatch_accounts 3", "go_goroutines ", "process_start_time_seconds "} {
		if !strings.Contains(w.Body.String(), "\n"+name) {
			t.Errorf("status %d: a scrape lacks %s", w.Code, name)
		}
	}
}
