package email

import (
	"strings"

	"github.com/wneessen/go-mail/smtp"
)

// mechanism is a way to log in.
type mechanism struct {
	name string
	auth func(d *dialog) (smtp.Auth, error)
}

// mechanisms are the ways to log in, the best first. Those with -PLUS are bound
// to the TLS connection; the last two show the password to the server.
var mechanisms = []mechanism{
	{"SCRAM-SHA-256-PLUS", func(d *dialog) (smtp.Auth, error) {
		state, err := d.client.GetTLSConnectionState()
		return smtp.ScramSHA256PlusAuth(d.username, d.password, state), err
	}},
	{"SCRAM-SHA-256", func(d *dialog) (smtp.Auth, error) { return smtp.ScramSHA256Auth(d.username, d.password), nil }},
	{"CRAM-MD5", func(d *dialog) (smtp.Auth, error) { return smtp.CRAMMD5Auth(d.username, d.password), nil }},
	{"PLAIN", func(d *dialog) (smtp.Auth, error) {
		return smtp.PlainAuth("", d.username, d.password, d.host, d.tls == none), nil
	}},
	{"LOGIN", func(d *dialog) (smtp.Auth, error) {
		return smtp.LoginAuth(d.username, d.password, d.host, d.tls == none), nil
	}},
}

// login logs in where a username is set, in the best way that the server has.
func (d *dialog) login() error {
	if d.username == "" {
		return nil
	}
	ok, offered := d.client.Extension("AUTH")
	if !ok {
		return errNoLogin
	}
	names := strings.Fields(strings.ToUpper(offered))
	for _, m := range mechanisms {
		if !contains(names, m.name) || strings.HasSuffix(m.name, "-PLUS") && d.tls == none {
			continue
		}
		auth, err := m.auth(d)
		if err != nil {
			return err
		}
		return d.client.Auth(auth)
	}
	return errNoMechanism
}

func contains(names []string, name string) bool {
	for _, n := range names {
		if n == name {
			return true
		}
	}
	return false
}
