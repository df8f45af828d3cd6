package email

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"strings"
	"time"

	"github.com/wneessen/go-mail/smtp"

	"prowatch/notify"
	"prowatch/watch"
)

// attemptTimeout bounds one attempt, in case ctx allows more. Servers may look a
// mail over before they take it.
const attemptTimeout = 20 * time.Second

// partingTime is how long the server may take to say goodbye, once it has the
// mail.
const partingTime = time.Second

// maxSaid is how much of what a server says is read, in bytes, with its
// certificates.
const maxSaid = 256 << 10

// deliver makes one attempt.
func (c *channel) deliver(ctx context.Context, raw []byte) watch.Outcome {
	ctx, cancel := context.WithTimeout(ctx, attemptTimeout)
	defer cancel()
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", net.JoinHostPort(c.host, c.port))
	if err != nil {
		return notify.Unanswered(vendor, err, false)
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	d := &dialog{channel: c, ctx: ctx}
	out := d.run(&bounded{conn, maxSaid}, raw)
	if out.Result == watch.Sent || out.Result == watch.Unknown && d.taken {
		_ = conn.SetDeadline(time.Now().Add(partingTime))
		_ = d.client.Quit()
	}
	return out
}

// dialog is one attempt's talk with the server.
type dialog struct {
	*channel
	ctx     context.Context
	client  *smtp.Client
	refused []refusal // recipients
	taken   bool      // the server has the mail
}

// A refusal is the reply to one recipient.
type refusal struct {
	to    string
	reply *textproto.Error
}

// run goes through the stages until one fails.
func (d *dialog) run(conn net.Conn, raw []byte) watch.Outcome {
	for _, s := range []struct {
		stage
		do func() error
	}{
		{greeting, func() error { return d.connect(conn) }},
		{login, d.login},
		{sender, func() error { return d.client.Mail("<" + d.from.Address + ">") }},
		{recipients, d.recipients},
	} {
		if err := s.do(); err != nil {
			return d.judge(s.stage, err)
		}
	}
	w, err := d.client.Data()
	if err != nil {
		return d.judge(content, err)
	}
	if _, err := w.Write(raw); err != nil {
		return d.judge(content, err)
	}
	if err := w.Close(); err != nil {
		return d.judge(end, err)
	}
	d.taken = true
	return d.sent()
}

// connect greets the server, and starts TLS as the settings ask for it.
func (d *dialog) connect(conn net.Conn) (err error) {
	config := &tls.Config{ServerName: d.host, RootCAs: d.roots, MinVersion: tls.VersionTLS12}
	if d.tls == implicit {
		secured := tls.Client(conn, config)
		if err := secured.HandshakeContext(d.ctx); err != nil {
			return err
		}
		conn = secured
	}
	if d.client, err = smtp.NewClient(conn, d.host); err != nil {
		return err
	}
	// A mail that needs no SMTPUTF8 must not ask for it: a server behind this one
	// that lacks it would return the mail.
	d.client.SkipSMTPUTF8(ascii(d.from.Address) && !d.anyRecipient(func(to string) bool { return !ascii(to) }))
	if err := d.client.Hello(helloName(conn)); err != nil {
		return err
	}
	if d.tls != startTLS {
		return nil
	}
	if ok, _ := d.client.Extension("STARTTLS"); !ok {
		return errNoStartTLS
	}
	return d.client.StartTLS(config)
}

// helloName is this machine as an address literal (RFC 5321, 4.1.3): its name in
// a function is nobody's.
func helloName(conn net.Conn) string {
	host, _, _ := net.SplitHostPort(conn.LocalAddr().String())
	if strings.Contains(host, ":") {
		host, _, _ = strings.Cut(host, "%")
		return "[IPv6:" + host + "]"
	}
	return "[" + host + "]"
}

func ascii(s string) bool { return strings.IndexFunc(s, func(r rune) bool { return r > 0x7f }) < 0 }

func (d *dialog) anyRecipient(f func(string) bool) bool {
	for _, to := range d.to {
		if f(to.Address) {
			return true
		}
	}
	return false
}

// recipients names them all, and fails where the server takes none.
func (d *dialog) recipients() error {
	for _, to := range d.to {
		err := d.client.Rcpt("<" + to.Address + ">")
		var reply *textproto.Error
		switch {
		case errors.As(err, &reply):
			d.refused = append(d.refused, refusal{to.Address, reply})
		case err != nil:
			return err
		}
	}
	if len(d.refused) < len(d.to) {
		return nil
	}
	worst := d.refused[0].reply
	for _, r := range d.refused {
		if r.reply.Code/100 == 4 {
			worst = r.reply
		}
	}
	return worst
}

// sent is the outcome of a mail that the server has taken.
func (d *dialog) sent() watch.Outcome {
	if len(d.refused) == 0 {
		return notify.Outcome(watch.Sent, "", vendor+": taken by the mail server, 250")
	}
	text := fmt.Sprintf("%s: taken for %d of %d recipients", vendor, len(d.to)-len(d.refused), len(d.to))
	out := notify.Outcome(watch.Sent, "", "")
	for _, r := range d.refused {
		text += fmt.Sprintf("; %s: %s", r.to, d.quote(r.reply))
		if r.reply.Code/100 == 4 {
			out.Result = watch.Unknown
		}
	}
	return notify.Outcome(out.Result, "", text)
}

// bounded is a connection that says so much and no more.
type bounded struct {
	net.Conn
	left int
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errTooMuch
	}
	n, err := b.Conn.Read(p)
	b.left -= n
	return n, err
}
