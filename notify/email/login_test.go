package email_test

import (
	"context"
	"crypto/x509"
	"encoding/base64"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"prowatch/notify"
	"prowatch/notify/email"
	"prowatch/notify/notifytest"
	"prowatch/notify/sink"
	"prowatch/watch"
)

func TestWaysToTheServer(t *testing.T) {
	cert := httptest.NewUnstartedServer(http.NotFoundHandler())
	cert.StartTLS()
	defer cert.Close()
	roots := x509.NewCertPool()
	roots.AddCert(cert.Certificate())
	for _, tt := range []struct {
		name  string
		smtp  sink.SMTPOptions
		tls   string
		login bool
		want  watch.Result
		says  string
	}{
		{"STARTTLS with a login", sink.SMTPOptions{TLS: cert.TLS, Username: username, Password: password}, "starttls", true, watch.Sent, "250"},
		{"TLS from the first byte", sink.SMTPOptions{TLS: cert.TLS, Implicit: true, Username: username, Password: password}, "tls", true, watch.Sent, "250"},
		{"LOGIN only", sink.SMTPOptions{TLS: cert.TLS, Username: username, Password: password, Mechanisms: []string{"LOGIN"}}, "starttls", true, watch.Sent, "250"},
		{"a way to log in that nobody knows", sink.SMTPOptions{TLS: cert.TLS, Username: username, Password: password, Mechanisms: []string{"GSSAPI"}}, "starttls", true, watch.Permanent, "no way to log in"},
		{"in the clear", sink.SMTPOptions{Username: username, Password: password}, "none", true, watch.Sent, "250"},
		{"no login", sink.SMTPOptions{TLS: cert.TLS}, "starttls", false, watch.Sent, "250"},
		{"a server without STARTTLS", sink.SMTPOptions{}, "starttls", false, watch.Permanent, "offers no STARTTLS"},
		{"a server that wants STARTTLS", sink.SMTPOptions{TLS: cert.TLS}, "none", false, watch.Permanent, "tls: starttls"},
		{"a server that wants a login", sink.SMTPOptions{TLS: cert.TLS, Username: username, Password: password}, "starttls", false, watch.Permanent, "set username and password"},
		{"a server without a login", sink.SMTPOptions{TLS: cert.TLS}, "starttls", true, watch.Permanent, "takes no login"},
		{"another password", sink.SMTPOptions{TLS: cert.TLS, Username: username, Password: "another"}, "starttls", true, watch.Permanent, "app password"},
		{"TLS to a server in the clear", sink.SMTPOptions{}, "tls", false, watch.Retry, "465 is tls"},
		{"STARTTLS to a server that is silent till TLS", sink.SMTPOptions{TLS: cert.TLS, Implicit: true}, "starttls", false, watch.Retry, "465 is tls"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := sink.NewSMTP(tt.smtp)
			defer s.Close()
			l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			go s.Serve(l)
			c := config(l.Addr().String())
			c.TLS = tt.tls
			if !tt.login {
				c.Username, c.Password = "", ""
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			out := open(t, c, notify.Deps{Client: trusting(roots)}).Send(ctx, notifytest.Find("expiry-3d"))
			if out.Result != tt.want || !strings.Contains(out.Text, tt.says) || strings.Contains(out.Text, password) {
				t.Errorf("Send = %+v, want %s with %q", out, tt.want, tt.says)
			}
		})
	}
}

// The address is this machine's, but none of those that go-mail lets a password
// go to in the clear by itself.
func TestAPasswordGoesInTheClearWhereThatIsAllowed(t *testing.T) {
	for _, mechanism := range []string{"PLAIN", "LOGIN"} {
		s, n := server(t, sink.SMTPOptions{Username: username, Password: password, Mechanisms: []string{mechanism}}, func(c *email.Config) {
			_, port, _ := net.SplitHostPort(c.SMTP)
			c.SMTP = net.JoinHostPort("::ffff:127.0.0.1", port)
		})
		if out := n.Send(t.Context(), notifytest.Find("expiry-3d")); out.Result != watch.Sent || len(s.Messages()) != 1 {
			t.Errorf("Send with %s = %+v, want sent", mechanism, out)
		}
	}
}

func TestNoFormOfThePasswordIsQuoted(t *testing.T) {
	encode := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	for _, mechanism := range []string{"PLAIN", "LOGIN"} {
		s, n := server(t, sink.SMTPOptions{Username: username, Password: password, Mechanisms: []string{mechanism}}, nil)
		s.Fail(sink.SMTPFault{At: "auth", Reply: "535", Echo: true})
		out := n.Send(t.Context(), notifytest.Find("expiry-3d"))
		if !strings.Contains(out.Text, "***") {
			t.Fatalf("Send with %s = %+v, want what the server threw back", mechanism, out)
		}
		for _, form := range []string{password, encode(password), encode("\x00" + username + "\x00" + password)} {
			if strings.Contains(out.Text, form) {
				t.Errorf("Send with %s = %+v, which holds %q", mechanism, out, form)
			}
		}
	}
}
