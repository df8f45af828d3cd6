package email

import "testing"

func TestThePortSaysHowTLSBegins(t *testing.T) {
	for _, tt := range []struct{ port, setting, want string }{
		{"587", "", startTLS}, {"25", "", startTLS}, {"465", "", implicit},
		{"465", startTLS, startTLS}, {"587", implicit, implicit},
	} {
		got, err := security(Config{TLS: tt.setting}, "smtp.example.com", tt.port)
		if got != tt.want || err != nil {
			t.Errorf("with port %s and tls %q: %q, %v, want %q", tt.port, tt.setting, got, err, tt.want)
		}
	}
}
