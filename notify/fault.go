package notify

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"syscall"

	"prowatch/watch"
)

// Unanswered judges an attempt that got no whole answer. A message that was
// never written did not arrive; one that was may have.
//
// The text is made of own words: the errors of net/http hold the URL.
func Unanswered(vendor string, err error, written bool) watch.Outcome {
	if written {
		return Outcome(watch.Unknown, "", vendor+": the message was sent but "+brokenOff(err)+": it may have arrived")
	}
	return Outcome(watch.Retry, "", vendor+": not sent: "+unconnected(err))
}

// brokenOff says why there is no answer.
func brokenOff(err error) string {
	if timedOut(err) {
		return "no answer came in time"
	}
	if errors.Is(err, context.Canceled) {
		return "the run ended before an answer came"
	}
	return "the connection broke before the whole answer came"
}

// unconnected says why there is no connection, and the mend where it is ours.
func unconnected(err error) string {
	var (
		dns     *net.DNSError
		op      *net.OpError
		cert    *tls.CertificateVerificationError
		errno   syscall.Errno
		isProxy = errors.As(err, &op) && op.Op == "proxyconnect"
	)
	switch {
	case errors.Is(err, context.Canceled):
		return "the run ended first"
	case isProxy:
		return "the proxy could not be reached: check HTTPS_PROXY"
	case errors.As(err, &dns) && dns.IsNotFound:
		return "the name of the host was not found: check the address and the DNS"
	case errors.As(err, &dns):
		return "the DNS gave no answer"
	case errors.As(err, &cert):
		return "the certificate of the host is not trusted: set ca_file if it is a private one"
	case errors.Is(err, http.ErrSchemeMismatch):
		return "the host speaks no TLS: check the scheme and port of the url"
	case timedOut(err):
		return "no connection was made in time: check the way out to the internet"
	case errors.As(err, &errno):
		return errno.Error()
	}
	return "the connection could not be made"
}

func timedOut(err error) bool {
	var n net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &n) && n.Timeout()
}
