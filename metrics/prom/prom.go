// Package prom shows the figures of package metrics through Prometheus' own
// client, beside those of Go's runtime and of the process. It is for serve: a
// function would pay for the client at each cold start.
package prom

import (
	"context"
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"prowatch/metrics"
)

// A Collector is a [prometheus.Collector] of the table.
type Collector struct {
	ctx     context.Context
	metrics *metrics.Metrics
	descs   map[string]*prometheus.Desc
}

// New returns a collector that reads the state until ctx ends.
func New(ctx context.Context, m *metrics.Metrics) *Collector {
	c := &Collector{ctx: ctx, metrics: m, descs: map[string]*prometheus.Desc{}}
	for _, f := range metrics.Families() {
		c.descs[f.Name] = prometheus.NewDesc(f.Name, f.Help, f.Labels, nil)
	}
	return c
}

// Describe implements [prometheus.Collector].
func (c *Collector) Describe(out chan<- *prometheus.Desc) {
	for _, d := range c.descs {
		out <- d
	}
}

// Collect implements [prometheus.Collector].
func (c *Collector) Collect(out chan<- prometheus.Metric) {
	for _, r := range c.metrics.Gather(c.ctx) {
		for _, s := range r.Samples {
			out <- metric(c.descs[r.Name], r.Kind, s)
		}
	}
}

// metric makes one of the client's. It panics where the table has labels that
// the sample has no values for, which the tests of the table rule out.
func metric(d *prometheus.Desc, kind metrics.Kind, s metrics.Sample) prometheus.Metric {
	switch kind {
	case metrics.Histogram:
		counts := make(map[float64]uint64, len(s.Histogram.Bounds))
		for i, bound := range s.Histogram.Bounds {
			counts[bound] = s.Histogram.Counts[i]
		}
		return prometheus.MustNewConstHistogram(d, s.Histogram.Count, s.Histogram.Sum, counts, s.Values...)
	case metrics.Counter:
		return prometheus.MustNewConstMetric(d, prometheus.CounterValue, s.Value, s.Values...)
	}
	return prometheus.MustNewConstMetric(d, prometheus.GaugeValue, s.Value, s.Values...)
}

// Handler answers scrapes, each until it is given up.
func Handler(m *metrics.Metrics) http.Handler {
	process := prometheus.NewRegistry()
	process.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		own := prometheus.NewRegistry()
		own.MustRegister(New(r.Context(), m))
		promhttp.HandlerFor(prometheus.Gatherers{process, own}, promhttp.HandlerOpts{}).ServeHTTP(w, r)
	})
}
