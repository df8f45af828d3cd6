package bench

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// BenchmarkStart measures a function from exec to its first request for an
// event, beside the least function there is. Both are built as for Lambda.
func BenchmarkStart(b *testing.B) {
	for _, bb := range []struct{ name, pkg string }{
		{"hello", "prowatch/bench/hello"},
		{"lambda", "prowatch/function/lambda"},
	} {
		b.Run(bb.name, func(b *testing.B) {
			binary := filepath.Join(b.TempDir(), "bootstrap")
			build := exec.CommandContext(b.Context(), "go", "build", "-trimpath", "-tags", "lambda.norpc", "-ldflags", "-s -w", "-o", binary, bb.pkg)
			build.Env = append(os.Environ(), "CGO_ENABLED=0")
			if out, err := build.CombinedOutput(); err != nil {
				b.Fatalf("%v: %s", err, out)
			}
			info, err := os.Stat(binary)
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				start(b, binary)
			}
			b.ReportMetric(float64(info.Size())/1e6, "MB")
		})
	}
}

// start runs the function until it asks for an event.
func start(b *testing.B, binary string) {
	b.Helper()
	asked := make(chan struct{}, 1)
	srv := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		asked <- struct{}{}
		<-r.Context().Done()
	}))
	defer srv.Close()
	cmd := exec.CommandContext(b.Context(), binary)
	cmd.Env = []string{"AWS_LAMBDA_RUNTIME_API=" + strings.TrimPrefix(srv.URL, "http://")}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	select {
	case <-asked:
	case <-time.After(10 * time.Second):
		b.Error("the function asked for no event")
	}
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	srv.CloseClientConnections()
}
