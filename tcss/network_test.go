package tcss

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"prowatch/watch"
)

// asking returns the failure of one Read of endpoint through tr.
func asking(t *testing.T, endpoint string, tr http.RoundTripper) *watch.Failure {
	t.Helper()
	_, err := open(t, Options{Endpoint: endpoint, Transport: tr, Attempts: 1, Timeout: time.Second}).Read(t.Context())
	f := failed(t, err)
	if f.Class != watch.Unavailable || f.Code != "" {
		t.Errorf("failure: got %+v, want class unavailable without a code", f)
	}
	return f
}

// closedPort returns an address that refuses connections.
func closedPort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// unresolved is a dialer without DNS.
func unresolved(_ context.Context, _, addr string) (net.Conn, error) {
	name, _, _ := net.SplitHostPort(addr)
	return nil, &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Name: name, IsNotFound: true, Err: "no such host"}}
}

func TestNetworkFaultsAreExplained(t *testing.T) {
	plain := serve(t, func(w http.ResponseWriter, r *http.Request) {})
	private := httptest.NewUnstartedServer(http.NotFoundHandler())
	private.Config.ErrorLog = log.New(io.Discard, "", 0)
	private.StartTLS()
	t.Cleanup(private.Close)
	closed := closedPort(t)
	dropped := serve(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	cut := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "999")
		_, _ = io.WriteString(w, normal)
	})
	slow := serve(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	})
	for _, tt := range []struct {
		name, endpoint string
		tr             http.RoundTripper
		want           string
	}{
		{"a name nobody knows", "tcss.example.com", &http.Transport{DialContext: unresolved}, "cannot resolve tcss.example.com: check endpoint, site and DNS"},
		{"a silent name server", "tcss.example.com", &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
			return nil, &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Name: "tcss.example.com", IsTimeout: true, Err: "i/o timeout"}}
		}}, "cannot resolve tcss.example.com: check endpoint, site and DNS"},
		{"a closed port", "http://" + closed, &http.Transport{}, closed + " refused the connection: check endpoint and firewall"},
		{"plain http where https is asked", strings.TrimPrefix(plain, "http://"), &http.Transport{}, "speaks plain http: write the endpoint with http://"},
		{"an unknown authority", private.URL, &http.Transport{}, "is not trusted: x509: certificate signed by unknown authority: set ca_file"},
		{"a dropped connection", dropped, &http.Transport{}, "closed the connection before its answer was whole"},
		{"a cut body", cut, &http.Transport{}, "closed the connection before its answer was whole"},
		{"a silent server", slow, &http.Transport{}, "within 1s: check network and proxy"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if f := asking(t, tt.endpoint, tt.tr); !strings.Contains(f.Message, tt.want) {
				t.Errorf("message: got %q, want …%s…", f.Message, tt.want)
			}
		})
	}
}

const proxyPassword = "ProxyCanary7"

func through(proxy string) *http.Transport {
	return &http.Transport{Proxy: func(*http.Request) (*url.URL, error) { return url.Parse(proxy) }}
}

func TestProxyFaultsAreExplainedWithoutThePassword(t *testing.T) {
	refusing := strings.TrimPrefix(serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusProxyAuthRequired)
	}), "http://")
	echoing := strings.TrimPrefix(serve(t, func(w http.ResponseWriter, r *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		fmt.Fprintf(conn, "HTTP/1.1 407 not %s\r\n\r\n", r.Header.Get("Proxy-Authorization"))
	}), "http://")
	inBase64 := base64.StdEncoding.EncodeToString([]byte("user:" + proxyPassword))
	for _, tt := range []struct {
		name string
		tr   *http.Transport
		want string
	}{
		{"echoing", through("http://user:" + proxyPassword + "@" + echoing), "check the URL of the proxy"},
		{"closed", through("http://user:" + proxyPassword + "@" + closedPort(t)), "cannot reach the proxy"},
		{"refusing", through("http://user:" + proxyPassword + "@" + refusing), "Proxy Authentication Required"},
		{"unreadable", through("http://user:" + proxyPassword + "@bad host"), "check the URL of the proxy"},
		{"unresolved", &http.Transport{Proxy: through("http://user:" + proxyPassword + "@proxy.example.com").Proxy, DialContext: unresolved}, "cannot resolve proxy.example.com: check the proxy"},
		{"told by the transport", &http.Transport{Proxy: func(*http.Request) (*url.URL, error) {
			return nil, errors.New(`invalid proxy address "user:` + proxyPassword + `@h"`)
		}}, "check the URL of the proxy"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := asking(t, "tcss.example.com", tt.tr)
			if !strings.Contains(f.Message, tt.want) || strings.Contains(f.Message, proxyPassword) || strings.Contains(f.Message, inBase64) {
				t.Errorf("message: got %q, want …%s…", f.Message, tt.want)
			}
		})
	}
}
