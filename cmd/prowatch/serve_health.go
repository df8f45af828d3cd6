package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"prowatch/app"
)

// healthTime is how long the answer of /healthz may take.
const healthTime = 5 * time.Second

// askHealth asks the instance that listens on this machine. Without an address
// the configuration says where.
func (p *process) askHealth(ctx context.Context, address string) error {
	if address == "" {
		s, err := app.Settings(ctx, p.options(app.None))
		if err != nil {
			return failed(err)
		}
		address = cmp.Or(s.HTTP.Listen, defaultListen)
	}
	url, err := healthURL(address)
	if err != nil {
		return usage(err)
	}
	ctx, cancel := context.WithTimeout(ctx, healthTime)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return usage(err)
	}
	resp, err := (&http.Transport{}).RoundTrip(req) // no proxy, no redirect
	if err != nil {
		return &exitError{exitWarning, fmt.Errorf("asking %s: %w", url, err)}
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return &exitError{exitWarning, fmt.Errorf("%s: %s%s", url, resp.Status, detail(resp.Body))}
	}
	_, err = fmt.Fprintln(p.stdout, "ok")
	return err
}

// healthURL is where this machine asks what listens on the address.
func healthURL(address string) (string, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil || port == "" || port == "0" {
		return "", errors.New("--health needs to know the port: give --listen host:port, or set http.listen")
	}
	if ip, err := netip.ParseAddr(host); host == "" || err == nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, port) + "/healthz", nil
}

// detail is why all is not well, as far as the answer says so in JSON.
func detail(body io.Reader) string {
	var answer struct {
		Reasons []string
		Detail  string
	}
	if json.NewDecoder(io.LimitReader(body, 64<<10)).Decode(&answer) != nil {
		return ""
	}
	if answer.Detail != "" {
		answer.Reasons = append(answer.Reasons, answer.Detail)
	}
	if len(answer.Reasons) == 0 {
		return ""
	}
	return ": " + strings.Join(answer.Reasons, "; ")
}
