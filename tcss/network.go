package tcss

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"syscall"

	"prowatch/watch"
)

// stopped is the failure of a call that ctx ended, or would have ended before
// the rate let it begin.
func (c *Client) stopped(ctx context.Context) *watch.Failure {
	switch ctx.Err() {
	case nil:
		limit := "20 requests a second"
		if c.product.name == tokens.name {
			limit = "600 requests a second of " + c.endpoint.host
		}
		return unavailable("the limit of " + limit + " leaves no room before the deadline")
	case context.Canceled:
		return unavailable(fmt.Sprintf("stopped before %s answered", c.endpoint.host))
	}
	return unavailable(fmt.Sprintf("no answer from %s before the deadline", c.endpoint.host))
}

// explain says in plain words why no answer came, and what to look at. The
// text never holds a URL, which for a proxy can hold a password.
func (c *Client) explain(err error) string {
	host := c.endpoint.host
	if text := explainDial(err, host); text != "" {
		return text
	}
	var timeout net.Error
	switch {
	case errors.Is(err, errTooLong):
		return fmt.Sprintf("%s: %v", host, errTooLong)
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return fmt.Sprintf("no answer from %s within %v: check network and proxy", host, c.timeout)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return fmt.Sprintf("%s closed the connection before its answer was whole", host)
	}
	return fmt.Sprintf("%s gave no answer: %s", host, publicText(err))
}

// explainDial explains what failed before the request was out, "" if it did
// not fail there. What is dialled is the proxy where there is one.
func explainDial(err error, host string) string {
	var (
		plain tls.RecordHeaderError
		dns   *net.DNSError
		op    *net.OpError
		trust *tls.CertificateVerificationError
	)
	proxied := errors.As(err, &op) && op.Op == "proxyconnect"
	switch {
	case errors.As(err, &plain) && string(plain.RecordHeader[:]) == "HTTP/":
		return fmt.Sprintf("%s speaks plain http: write the endpoint with http://, or use its https port", host)
	case errors.As(err, &trust):
		return fmt.Sprintf("the certificate of %s is not trusted: %v: set ca_file if a private authority signed it", host, trust.Err)
	case errors.As(err, &dns):
		if proxied {
			return fmt.Sprintf("cannot resolve %s: check the proxy", dns.Name)
		}
		return fmt.Sprintf("cannot resolve %s: check endpoint, site and DNS", dns.Name)
	case proxied:
		return fmt.Sprintf("cannot reach the proxy: %s", publicText(op.Err))
	case errors.Is(err, syscall.ECONNREFUSED):
		return fmt.Sprintf("%s refused the connection: check endpoint and firewall", host)
	}
	return ""
}

// publicText returns the text of an error that is not known, unless it may
// hold the password of a proxy: in a URL, or as the proxy was sent it. Of a
// proxy that refuses, Go has the status line for an error, which may echo that.
func publicText(err error) string {
	if text := err.Error(); strings.Contains(text, "@") || strings.Contains(text, "Basic ") {
		return "the cause is left out since it may hold a password: check the URL of the proxy"
	}
	return err.Error()
}
