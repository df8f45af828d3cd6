package redis_test

import (
	"crypto/tls"
	"crypto/x509"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"prowatch/store/redis"
	"prowatch/store/storetest/server"
)

func TestTLS(t *testing.T) {
	r := server.StartRedis(t, os.Getenv)
	web := httptest.NewTLSServer(nil)
	defer web.Close()
	l, err := tls.Listen("tcp", "127.0.0.1:0", web.TLS)
	if err != nil {
		t.Fatal(err)
	}
	addr := (&server.Proxy{To: r.Addr}).Serve(t, l)
	roots := x509.NewCertPool()
	roots.AddCert(web.Certificate())

	s := open(t, "rediss://"+addr, &redis.Options{RootCAs: roots})
	save(t, s, "k", "x", "")
	for _, tt := range []struct{ name, state, want string }{
		{"an authority that is unknown", "rediss://" + addr, "ca_file"},
		{"nobody", "rediss://127.0.0.1:1", "speaks TLS"},
	} {
		_, _, err := open(t, tt.state, nil).Load(t.Context(), "k")
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got error %v, want one with %q", tt.name, err, tt.want)
		}
	}
}
