package httpapi_test

import (
	"fmt"
	"net/http/httptest"
	"testing"

	"prowatch/watch"
)

// BenchmarkAccounts answers with 500 accounts that have a history each.
func BenchmarkAccounts(b *testing.B) {
	s := newStage(b, nil)
	source := s.runner.Accounts[1].Source
	for i := range 500 - len(s.runner.Accounts) {
		s.runner.Accounts = append(s.runner.Accounts, watch.Account{ID: fmt.Sprintf("acme-%03d", i), Policy: watch.DefaultPolicy(), Source: source})
	}
	if _, err := s.runner.Run(b.Context()); err != nil {
		b.Fatal(err)
	}
	for _, path := range []string{"/healthz", "/api/v1/accounts", "/api/v1/accounts/acme", "/api/v1/notices", "/"} {
		b.Run(path, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				r := httptest.NewRequest("GET", path, nil)
				r.Header.Set("Authorization", "Bearer "+readToken)
				w := httptest.NewRecorder()
				if s.handler.ServeHTTP(w, r); w.Code != 200 {
					b.Fatal(w.Code, w.Body)
				}
				b.ReportMetric(float64(w.Body.Len()), "bytes")
			}
		})
	}
}
