package metrics_test

import (
	"context"
	"fmt"
	"testing"

	"prowatch/metrics"
	"prowatch/metrics/metricstest"
	"prowatch/watch"
)

// written counts bytes.
type written int

func (w *written) Write(p []byte) (int, error) {
	*w += written(len(p))
	return len(p), nil
}

// BenchmarkScrape writes the figures of many accounts, the state at hand.
func BenchmarkScrape(b *testing.B) {
	for _, accounts := range []int{10, 1000, 10000} {
		b.Run(fmt.Sprint(accounts), func(b *testing.B) {
			o := metricstest.Overview()
			one := o.Accounts[0]
			o.Accounts = nil
			for i := range accounts {
				one.ID = fmt.Sprintf("acme-%05d", i)
				o.Accounts = append(o.Accounts, one)
			}
			m := metrics.New(metrics.Options{Overview: func(context.Context) (*watch.Overview, error) { return o, nil }})
			b.ReportAllocs()
			var size written
			for b.Loop() {
				size = 0
				if err := metrics.WriteText(&size, m.Gather(b.Context())); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(size)/1e3, "kB")
		})
	}
}
