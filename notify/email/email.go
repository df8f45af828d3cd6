// Package email tells people by mail, through a server that takes it by SMTP.
//
// The server's 250 at the end of the mail is the proof. It says that the server
// has taken the mail over, which is as much as SMTP can say: what comes back
// later goes to the sender's mailbox. Until the end of the mail nothing has
// arrived; whatever breaks off after it may have.
//
// Where some recipients are refused, the others get the mail. Those refused for
// good are named in the proof. Those refused for now make the outcome
// [watch.Unknown]: the mail is sent once more, to all, with the same Message-ID.
//
// All mails about an account are one thread. A mail has a text and an HTML part
// that say the same, and no picture, so that nothing is fetched to show it.
package email

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/mail"
	"strconv"
	"strings"

	"prowatch/notify"
	"prowatch/watch"
)

// vendor names the far side in outcomes.
const vendor = "SMTP"

// The values of Config.TLS.
const (
	startTLS = "starttls" // in the clear, then TLS or nothing: port 587
	implicit = "tls"      // TLS from the first byte: port 465
	none     = "none"     // in the clear
)

// Traits are what the assembly must know of the channel.
var Traits = notify.Traits{SecretKey: "password"}

// Config is a channel of type email.
type Config struct {
	notify.Wording `yaml:",inline"`

	// SMTP is the server that takes the mail, as host:port.
	SMTP string `yaml:"smtp"`

	// TLS is starttls, tls or none. It defaults to tls with port 465, and to
	// starttls with any other.
	TLS string `yaml:"tls"`

	// AllowPlain lets TLS be none for a server other than this machine.
	AllowPlain bool `yaml:"allow_plain"`

	// Username and Password are for servers that ask for them. The password is a
	// secret.
	Username string `yaml:"username"`
	Password string `yaml:"password"`

	// From is the sender, "ops@example.com" or "prowatch <ops@example.com>".
	From string `yaml:"from"`

	// To are the recipients, who see each other.
	To []string `yaml:"to"`
}

type channel struct {
	host, port string
	tls        string
	roots      *x509.CertPool // nil for the system's
	username   string
	password   string
	from       *mail.Address
	to         []*mail.Address
	voice      notify.Voice
	language   string // for the HTML, "" where it is mixed
}

// New returns the channel. An error names the key of c that is wrong and the
// mend, and holds no secret.
func New(c Config, d notify.Deps) (watch.Notifier, error) {
	ch := &channel{username: c.Username, password: c.Password, roots: roots(d.Client)}
	var err error
	if ch.host, ch.port, err = server(c.SMTP); err != nil {
		return nil, err
	}
	if ch.tls, err = security(c, ch.host, ch.port); err != nil {
		return nil, err
	}
	if (c.Username == "") != (c.Password == "") {
		return nil, errors.New("username: goes with password: set both, or neither for a server that asks for none")
	}
	if ch.from, err = mail.ParseAddress(c.From); err != nil {
		return nil, fmt.Errorf("from: %.80q is no address: write ops@example.com or prowatch <ops@example.com>", c.From)
	}
	if len(c.To) == 0 {
		return nil, errors.New("to: is missing: set it to a list of addresses")
	}
	for _, text := range c.To {
		to, err := mail.ParseAddress(text)
		if err != nil {
			return nil, fmt.Errorf("to: %.80q is no address: write each as ops@example.com", text)
		}
		ch.to = append(ch.to, to)
	}
	ch.voice, err = c.Wording.Voice(d)
	ch.language = map[string]string{"": "en", "en": "en", "zh": "zh-CN"}[c.Language]
	return ch, err
}

// server splits host:port.
func server(setting string) (host, port string, err error) {
	host, port, err = net.SplitHostPort(strings.TrimSpace(setting))
	if n, bad := strconv.ParseUint(port, 10, 16); err != nil || host == "" || bad != nil || n == 0 {
		return "", "", fmt.Errorf("smtp: %.80q is no host:port: write the mail server as smtp.example.com:587", setting)
	}
	return host, port, nil
}

// security returns what protects the way to the server.
func security(c Config, host, port string) (string, error) {
	switch c.TLS {
	case "":
		if port == "465" {
			return implicit, nil
		}
		return startTLS, nil
	case startTLS, implicit:
		return c.TLS, nil
	case none:
		if notify.Loopback(host) || c.AllowPlain {
			return none, nil
		}
		return "", errors.New("tls: none would send password and notices in the clear: use starttls or tls, or set allow_plain: true")
	}
	return "", fmt.Errorf("tls: %.20q is not one of starttls, tls, none", c.TLS)
}

// roots returns the certificate authorities that the client trusts.
func roots(c *http.Client) *x509.CertPool {
	if c == nil {
		return nil
	}
	if t, ok := c.Transport.(*http.Transport); ok && t.TLSClientConfig != nil {
		return t.TLSClientConfig.RootCAs
	}
	return nil
}

// Send sends m as one mail to all.
func (c *channel) Send(ctx context.Context, m watch.Message) watch.Outcome {
	raw, err := c.compose(m)
	if err != nil {
		return notify.Outcome(watch.Permanent, "", vendor+": "+err.Error())
	}
	return c.deliver(ctx, raw)
}
